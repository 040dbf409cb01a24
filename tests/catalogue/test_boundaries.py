"""Belief, health, family and the like are refused whatever their disguise; innocent words are not."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xinheng.catalogue.boundaries import Boundaries, load_boundaries
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.headings import headings_of
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import RulebookError

NAMES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("disguises.yaml").read_text("utf-8"))
INNOCENT = NAMES["innocent"]
DISGUISES = {ban: texts for ban, texts in NAMES.items() if ban != "innocent"}


@cache
def boundaries() -> Boundaries:
    return load_boundaries(load_pack("national"))


@pytest.mark.parametrize(("ban", "text"), [(ban, text) for ban, texts in DISGUISES.items() for text in texts])
def test_a_disguise_is_seen_through(ban: str, text: str) -> None:
    hit = boundaries().find(text)
    assert hit is not None
    assert hit.ban.key == ban


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_word_passes(text: str) -> None:
    assert boundaries().find(text) is None


def test_every_boundary_of_the_requirements_has_its_words() -> None:
    assert set(DISGUISES) == {ban.key for ban in boundaries().bans}
    assert all(ban.chinese and ban.latin and ban.initials and ban.basis for ban in boundaries().bans)


def test_no_shipped_field_touches_a_boundary() -> None:
    for contract in load_contracts("demo").values():
        for field in contract.fields:
            assert boundaries().find_in((*headings_of(field), field.description, *field.values)) is None


@given(
    word=st.sampled_from([word for ban in boundaries().bans for word in ban.chinese]),
    before=st.sampled_from(["", "是否", "近三年", "法定代表人", "XX_"]),
    after=st.sampled_from(["", "次数", "情况说明", "（选填）", "_2"]),
    gap=st.sampled_from(["", " ", "　", "*", "\u200b", "-", "_", "/", "\n"]),
)
def test_a_chinese_word_is_found_between_other_words_and_through_gaps(
    word: str, before: str, after: str, gap: str
) -> None:
    assert boundaries().find(before + gap.join(word) + after) is not None


@given(
    word=st.sampled_from(sorted({word for ban in boundaries().bans for word in ban.latin if len(word) >= 6})),
    shape=st.sampled_from([str.lower, str.upper, str.title]),
    gap=st.sampled_from(["", "_", "-", ".", " "]),
    prefix=st.sampled_from(["", "x_", "xk_xdr_", "is_"]),
    wide=st.booleans(),
)
def test_a_long_latin_word_is_found_in_any_case_width_and_spelling(
    word: str, shape: Callable[[str], str], gap: str, prefix: str, wide: bool
) -> None:
    text = prefix + shape(gap.join(word))
    if wide:
        text = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
    assert boundaries().find(text) is not None


@pytest.mark.parametrize(
    ("name", "label", "more"),
    [
        ("health_status", "备注一", ""),
        ("extra", "健康状况", ""),
        ("hunyin", "状态", ""),
        ("status", "状态", "code: SF_CS, aliases: [上访次数]"),
        ("status", "状态", "code: ZONGJIAO"),
        ("status", "状态", "description: 填写家庭成员人数"),
        ("tag", "标签", "aliases: [lifestyleTag]"),
    ],
)
def test_a_field_across_a_boundary_is_refused_wherever_the_word_hides(
    county: Any, name: str, label: str, more: str
) -> None:
    with pytest.raises(RulebookError, match=r"county/catalogue/sample\.yaml 第 19 行.*不得收集"):
        county.read(county.contract + county.extra(name, label, more))


def test_a_contract_whose_title_is_across_a_boundary_is_refused(county: Any) -> None:
    with pytest.raises(RulebookError, match="信访"):
        county.read(county.contract.replace("title: 测试信息", "title: 信访人员名单"))


def test_a_forbidden_field_hidden_in_a_group_is_refused(county: Any) -> None:
    county.write(
        "catalogue/groups/more.yaml",
        "description: 组\nfields:\n  - {name: religion, label: 其他, type: text}\n",
    )
    include = '  - {group: more, item: penalty, provision: "test-law#第一条"}\n'
    with pytest.raises(RulebookError, match="宗教"):
        county.read(county.contract + include)


def test_a_forbidden_value_in_a_code_list_is_refused(county: Any) -> None:
    field = county.extra("outcome", "结果").replace("type: text", "type: enum, list: outcomes")
    assert county.read(county.contract + field).field("outcome").values == ("合格", "不合格")
    county.write(
        "catalogue/lists/outcomes.yaml",
        "key: outcomes\ntitle: 结果\ncitation: 测试\nverified: false\nvalues: [信教, 不信教]\n",
    )
    with pytest.raises(RulebookError, match="信教"):
        county.read()

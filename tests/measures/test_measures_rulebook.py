"""What the packs say of lists, measures and memoranda, and what `rulebook check` refuses."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from tests.measures.packs import DAY, OBJECTS, PLACE, REFERENCE, SUMMARY, edition, measure, rule, write

from xinheng.law.reading import ConsultationFile, ProvisionFile, TextFile
from xinheng.measures import reading
from xinheng.measures.proving import Stated, measure_mistakes, mistakes_in
from xinheng.measures.reading import load_editions, load_lists, load_memoranda
from xinheng.measures.rules import Edition, ListRule, Memorandum, Trigger
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import RulebookError

PROVISION = ProvisionFile(
    article="第一条", title="", summary=SUMMARY, effective_from=date(2020, 1, 1), effective_to=None, citation="示例",
    verified=True, transition=False, local_list_rule=False,
)  # fmt: skip
TEXT = TextFile(
    key="example-law", title="示例条例", document_no="", document_no_verified=True, issuer="示例机关",
    level="local_regulation", effective_from=date(2020, 1, 1), effective_to=None, citation="示例", verified=True,
    reviewed_on=DAY, note="", fictional=True, pack="demo", provisions=(PROVISION,), consultations=(),
)  # fmt: skip
CONSULTATION = ConsultationFile(date(2019, 7, 1), date(2019, 8, 20), "https://credit.example/1", "示例")
MEASURE = """\
key: example
title: 示例清单
issuer: 示例机关
effective_from: 2026-01-01
citation: 示例
verified: true
measures:
  - key: M-1
    class: II
    title: 示例措施
    objects: 示例单位
    object_kind: organisation
    basis: ["example-law#第一条"]
    executing_body: 示例部门
    citation: 示例
    verified: false
"""


def mistakes(
    *, one: Edition | None = None, listed: ListRule | None = None, text: TextFile = TEXT, mou: Memorandum | None = None
) -> str:
    """What the check says of one list, one edition and one text; empty when nothing."""
    lists = {"E1": listed or rule()}
    editions = {"example": one or edition(measure())}
    return "".join(mistakes_in(Stated(lists, editions, {"m": mou} if mou else {}, {text.key: text}, frozenset())))


@pytest.mark.parametrize("pack", ["national", "demo"])
def test_the_packs_that_are_shipped_have_no_mistakes(pack: str) -> None:
    assert measure_mistakes(pack) == []


def test_every_list_of_the_domain_notes_is_there() -> None:
    keys = load_lists("national").keys()
    assert {f"L{number:02}" for number in range(1, 11)} <= keys
    assert sum(key.startswith("L11-") for key in keys) == 12
    assert load_lists("national")["A01"].public is False


def test_nothing_of_the_national_list_is_marked_for_execution_while_its_text_is_not_on_file() -> None:
    for key in ("national-2021", "incentives-2016"):
        one = load_editions("national")[key]
        assert not one.verified
        assert not any(measure.execute for measure in one.measures)


def test_measures_on_persons_are_text_only() -> None:
    on_persons = [
        one for pack in load_editions("demo").values() for one in pack.measures if one.object_kind == "person"
    ]
    assert len(on_persons) >= 9
    assert not any(one.execute or one.triggers for one in on_persons)


def test_every_demo_measure_names_the_departments_that_carry_it_out() -> None:
    for one in load_editions("demo")["demo-2026"].measures:
        assert bool(one.executors) == one.execute


def test_no_memorandum_is_cited_as_a_basis() -> None:
    memoranda = load_memoranda("demo")
    cited = {one for each in load_editions("demo").values() for found in each.measures for one in found.basis}
    assert not {one.partition("#")[0] for one in cited} & memoranda.keys()
    assert memoranda["demo-wages-2018"].ended_on == date(2020, 12, 31)


def test_what_holds_has_no_mistakes() -> None:
    assert mistakes() == ""


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"basis": (), "triggers": ()}, "没有依据"),
        ({"basis": ("gone#第一条",)}, "不在依据目录中"),
        ({"object_kind": "person"}, "标为执行（execute: true），但是：对象是自然人"),
        ({"objects": "列入欠薪名单的单位"}, "不得超出条款所写的对象"),
        ({"triggers": (Trigger("E1", REFERENCE, "失信名单"),)}, "不是 example-law#第一条 登记的原话"),
        ({"triggers": (Trigger("E1", REFERENCE, "政府采购"),)}, "条款没有写到“欠薪名单”"),
        ({"triggers": (Trigger("", "", OBJECTS),)}, "登记的原话"),
        ({"measure_class": "incentive"}, "公平竞争审查"),
        ({"measure_class": "III"}, "自主决定"),
        ({"verified": False}, "尚未与清单原文核对"),
    ],
)
def test_a_measure_that_may_not_be_executed_is_refused_with_its_line(changes: dict[str, object], word: str) -> None:
    found = mistakes(one=edition(measure(**changes)))
    assert word in found
    assert "demo/measures/example.yaml 第 1 行" in found


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (replace(TEXT, verified=False, provisions=(replace(PROVISION, verified=False),)), "尚未核实"),
        (replace(TEXT, level="local_normative"), "层级不够"),
        (replace(TEXT, provisions=(replace(PROVISION, effective_to=date(2025, 12, 31)),)), "没有生效"),
    ],
)
def test_a_measure_whose_basis_does_not_carry_it_is_refused(text: TextFile, word: str) -> None:
    assert word in mistakes(text=text)


def test_a_local_list_needs_a_local_regulation_that_was_consulted_upon() -> None:
    local = rule(level="local")
    assert "没有登记三十日以上的公开征求意见" in mistakes(listed=local)
    assert mistakes(listed=local, text=replace(TEXT, consultations=(CONSULTATION,))) == ""
    short = replace(CONSULTATION, closed_on=date(2019, 7, 20))
    assert "三十日以上" in mistakes(listed=local, text=replace(TEXT, consultations=(short,)))
    lower = replace(TEXT, level="local_normative", consultations=(CONSULTATION,))
    assert "没有地方性法规作依据" in mistakes(listed=local, text=lower)


def test_a_list_that_claims_to_be_verified_needs_a_verified_basis() -> None:
    assert "没有一条依据是已核实的" in mistakes(listed=rule(basis=()))


def test_an_internal_tag_receives_no_records() -> None:
    tag = rule(kind="attention", names=(), record_type="serious_list", record_value="L01", verified=False)
    assert "是内部标签" in mistakes(listed=tag)


def test_an_honour_list_names_no_persons() -> None:
    assert "不得写自然人" in mistakes(listed=rule(kind="honour", named_persons="负责人"))


def test_a_list_without_an_end_states_how_one_leaves_it() -> None:
    assert "须写明移出的条件" in mistakes(listed=rule(ends="removal"))


def test_the_same_measure_twice_at_the_same_time_is_refused() -> None:
    first, second = edition(measure()), edition(measure(edition="later"), key="later")
    stated = Stated({"E1": rule()}, {"example": first, "later": second}, {}, {TEXT.key: TEXT}, frozenset())
    assert "在同一时间的“示例清单”里已有" in "".join(mistakes_in(stated))


def test_a_memorandum_does_not_end_before_it_was_signed() -> None:
    mou = Memorandum(
        key="m", title="备忘录", document_no="", initiator="甲", signatories=(), objects="乙", measures=(),
        basis_text="", feedback="", signed_on=date(2018, 6, 1), ended_on=date(2018, 5, 1), fictional=True,
        citation="示例", verified=True, reviewed_on=DAY, pack="demo", place=PLACE,
    )  # fmt: skip
    assert "终止早于签署" in mistakes(mou=mou)


@pytest.mark.parametrize(
    ("change", "line", "word"),
    [
        (("    title: 示例措施", "    titel: 示例措施"), 8, "缺少“title”"),
        (("    citation: 示例", "    citation: 示例\n    colour: 红"), 16, "不认识的键“colour”"),
        (("    class: II", "    class: IV"), 9, "不能是“IV”"),
        (("    object_kind: organisation", "    object_kind: company"), 12, "不能是“company”"),
        (("effective_from: 2026-01-01\n", ""), 5, "必须写明施行日期"),
        (
            ("    executing_body:", "    triggers: [{list: L01, provision: a, quote: ''}]\n    executing_body:"),
            14,
            "原话",
        ),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], line: int, word: str
) -> None:
    name = f"pack-{line}"
    write(tmp_path, f"{name}/pack.yaml", f"key: {name}\ntitle: 测试\n")
    write(tmp_path, f"{name}/measures/example.yaml", MEASURE.replace(*change))
    monkeypatch.setattr(reading, "load_pack", partial(load_pack, root=tmp_path))
    load_editions.cache_clear()

    with pytest.raises(RulebookError) as caught:
        load_editions(name)

    assert f"{name}/measures/example.yaml 第 {line} 行" in str(caught.value)
    assert word in str(caught.value)

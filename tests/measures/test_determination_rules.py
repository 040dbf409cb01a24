"""What `rulebook check` refuses of a rule by which a department of a place puts subjects on a list."""

from dataclasses import replace

import pytest

from xinheng.law.reading import read_texts
from xinheng.measures.proving import Stated, mistakes_in
from xinheng.measures.reading import load_lists
from xinheng.proceedings.determination_rules import DeterminationRule, load_determination_rules

DEMO = {text.key: text for text in read_texts("demo")}


def determined(**changes: object) -> DeterminationRule:
    """A rule with which nothing is wrong, for the demo county's list L04."""
    return replace(load_determination_rules("demo")["L04"], **changes)  # type: ignore[arg-type]


def mistakes(one: DeterminationRule, **changes: object) -> str:
    listed = replace(load_lists("demo")["L04"], **changes)  # type: ignore[arg-type]
    lists = {listed.key: listed}
    stated = Stated(lists, {}, {}, DEMO, frozenset({("serious_list", "L04")}), {one.list_key: one})
    return "".join(mistakes_in(stated))


def test_the_rules_of_the_packs_hold() -> None:
    assert mistakes(determined()) == ""


@pytest.mark.parametrize("kind", ["attention", "honour", "adverse"])
def test_only_lists_of_serious_dishonesty_are_determined(kind: str) -> None:
    assert "不得认定" in mistakes(determined(), kind=kind)


def test_a_list_that_nobody_registered_is_not_determined() -> None:
    assert "不得认定" in mistakes(determined(list_key="L99"))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"basis": ("demo-credit-regulation#第九百条",)}, "不在依据目录中"),
        ({"months": (60,)}, "超过名单的最长期限 36 个月"),
        ({"persons": ("法定代表人",)}, "没有写明列入个人"),
        ({"kinds": (), "fine_from": 0}, "没有写明哪些处罚"),
        ({"basis": ("samr-44-2021#期限",)}, "有依据尚未核实"),
    ],
)
def test_nothing_goes_beyond_what_the_list_says(changes: dict[str, object], word: str) -> None:
    assert word in mistakes(determined(**changes))


def test_a_rule_is_not_verified_before_its_list() -> None:
    assert "尚未核实" in mistakes(determined(), verified=False)


def test_nobody_is_listed_nationally_by_rules_that_wait_for_the_text() -> None:
    assert not any(one.verified or one.departments for one in load_determination_rules("national").values())

"""The tables of the packs hold what due process asks, and broken tables are told with what is wrong."""

import shutil
from pathlib import Path

import pytest

from xinheng.law.reading import read_texts
from xinheng.proceedings import procedures as reading
from xinheng.proceedings.procedures import load_procedures
from xinheng.proceedings.proving import can_end, procedure_mistakes, reached
from xinheng.proceedings.repair_rules import load_repair_rules
from xinheng.rulebook.loader import PACKS, load_pack
from xinheng.rulebook.reading import RulebookError

STATED = {f"{text.key}#{provision.article}" for text in read_texts("demo") for provision in text.provisions}
TABLES = [one for pack in ("national", "demo") for versions in load_procedures(pack).values() for one in versions]


@pytest.mark.parametrize("pack", ["national", "demo"])
def test_the_tables_of_the_packs_have_no_mistakes(pack):
    place = load_pack(pack).region is not None
    assert procedure_mistakes(pack, STATED, speaks_for_a_place=place) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.rule_set)
def test_every_state_is_reached_and_every_state_can_end(table):
    keys = {state.key for state in table.states}
    assert reached(table) == keys
    assert can_end(table) == keys


def test_unverified_days_are_not_executed():
    table = load_procedures("national")["objection"][0]
    assert all(rule.value_at(table.since) is None for rule in table.deadlines)


def test_every_publicity_regime_has_at_most_one_repair_rule():
    regimes = [regime for rule in load_repair_rules("demo") for regime in rule.regimes]
    assert len(regimes) == len(set(regimes))


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy of the packs in which one text of the objection table is replaced; what the check says of it."""
    root = tmp_path / "packs"
    shutil.copytree(PACKS, root)

    def replace(old: str, new: str, file: str = "national/procedures/objection.yaml") -> list[str]:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        monkeypatch.setattr(reading, "load_pack", lambda name: load_pack(name, root))
        load_procedures.cache_clear()
        try:
            return procedure_mistakes("demo", STATED, speaks_for_a_place=True)
        finally:
            load_procedures.cache_clear()

    return replace


HEARD = "        from: [heard]\n        to: rejected"
REJECT = "        who: [decider]\n        deadline: final_decision\n        two_person: true\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (REJECT, REJECT.replace("        two_person: true\n", ""), "没有要求两人办理"),
        (
            "        from: [heard]\n        to: rejected",
            "        from: [answered]\n        to: rejected",
            "可以不经告知",
        ),
        (
            "        from: [heard]\n        to: rejected",
            "        from: [hearing]\n        to: rejected",
            "可以不听取意见",
        ),
        (
            "        to: heard\n        who: [clock]",
            "        to: nowhere\n        who: [clock]",
            "没有定义的状态 nowhere",
        ),
        ("then: [mark_record]", "then: [mark_the_record]", "后果 mark_the_record 不存在"),
        ("issues: objection_rejected", "issues: objection_lost", "文书 objection_lost 不存在"),
        ("        issues: objection_rejected\n", "", "没有文书"),
        ("needs: [finding, answer]", "needs: [finding, opinion]", "表单项 opinion 不存在"),
        ("deadline: verification\n        needs", "deadline: someday\n        needs", "期限 someday 不存在"),
        ('basis: ["gbf-2025-22#异议"]', 'basis: ["gbf-2025-22#别的"]', "依据 gbf-2025-22#别的 不存在"),
    ],
)
def test_a_broken_table_is_told_in_words(broken, old, new, told):
    mistakes = broken(old, new)
    assert [one for one in mistakes if told in one], mistakes


def test_a_document_that_could_be_issued_with_an_empty_place_is_told(broken):
    file = "national/procedures/determination.yaml"
    mistakes = broken("needs: [ground, facts, article]", "needs: [ground, facts]", file)
    assert len([one for one in mistakes if "文书要写 article" in one]) == 2, mistakes


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("      - event: accept\n", "      - event: accept\n        wholly: true\n", "不认识的键“wholly”"),
        ("      - event: accept\n", "      - event: accept\n        event: accept\n", "键“event”重复"),
        ("        who: [decider]\n        two_person", "        who: [anybody]\n        two_person", "“who”只能是"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_file_and_line(broken, old, new, told):
    with pytest.raises(RulebookError, match=told) as error:
        broken(old, new)
    assert "national/procedures/objection.yaml 第 " in str(error.value)

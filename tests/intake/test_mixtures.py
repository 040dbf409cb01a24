"""Any mixture of rows over several files: each row ends in one way, and every count is the count of what lies there.

What should become of a row is told by a model of twenty lines, which knows keys, contents and nothing else.
"""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow.parquet as pq
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.intake_rows import MILL, MILL_NAME, SHOP, SHOP_NAME, organisation, penalty
from tests.world import World, table

from xinheng.base.identifiers import citizen_number
from xinheng.intake.models import FindingGroup
from xinheng.intake.queries import receipt
from xinheng.ledger.models import Batch, FileKind
from xinheng.ledger.queries import files
from xinheng.register.models import Gate, Record
from xinheng.vault.models import SealedRecord

pytestmark = pytest.mark.django_db


def person(name: str, serial: int) -> dict[str, str]:
    number = citizen_number.complete(f"990001900307{serial:03d}")
    cells = {"行政相对人名称": name, "行政相对人类别": "自然人", "行政相对人代码_1(统一社会信用代码)": ""}
    return cells | {"法定代表人": "", "证件类型": "身份证", "证件号码": number}


def company(name: str, code: str) -> dict[str, str]:
    return {"行政相对人名称": name, "行政相对人代码_1(统一社会信用代码)": code}


SUBJECTS = {
    "registered": company(SHOP_NAME, SHOP),
    "seen for the first time": company(MILL_NAME, MILL),
    "nobody knows": company("云屿县浮云渔具店", "990001000000010"),
    "a person": person("欧阳翡翠", 1),
    "another person": person("上官玛瑙", 2),
}
PERSONS = {"a person", "another person"}
DAYS = {11: "2026/11/16", 22: "2026/11/17", 33: "2026/11/18"}
"""Document numbers, two characters from each other, each of a day of its own: so none looks like another."""
CONTENTS = {"first": {}, "second": {"罚款金额(万元)": "3"}}
WITHDRAWAL = "withdrawal"
FAULTS: dict[str, dict[str, str]] = {
    "nothing said": {"处罚内容": ""},
    "no such day": {"处罚决定日期": "2026/02/30"},
    "no amount": {"罚款金额(万元)": "两万"},
    "no such kind": {"处罚类别": "口头提醒"},
    "wrong in four ways": {"处罚内容": "", "违法事实": "无", "处罚决定日期": "去年", "处罚机关统一社会信用代码": "1"},
    "withdrawn without a reason": {"数据操作": "撤回"},
    "a cell too many": {},
}
BLANK = "blank"
ACTIONS = [*CONTENTS, *CONTENTS, *CONTENTS, WITHDRAWAL, WITHDRAWAL, *FAULTS, BLANK]
ROWS = st.tuples(st.sampled_from(list(SUBJECTS)), st.sampled_from(list(DAYS)), st.sampled_from(ACTIONS))
FILES = st.lists(ROWS, min_size=1, max_size=12).filter(lambda rows: any(action != BLANK for _, _, action in rows))
DELIVERIES = st.lists(FILES, min_size=2, max_size=4)
Row = tuple[str, int, str]
Key = tuple[str, int]


@dataclass
class Model:
    """What is known of each key: the content it has, or that it was withdrawn or came back after that."""

    known: dict[Key, str] = field(default_factory=dict)
    suspect: set[Key] = field(default_factory=set)
    """Keys of organisations that were withdrawn, or came back and wait for a person."""

    def receive(self, rows: list[Row]) -> dict[int, str]:
        """What becomes of each row of one file, by its number in the file; blank rows are none."""
        outcomes, last = {}, {}
        for row_no, (subject, number, action) in enumerate(rows, start=2):
            key = (subject, number)
            if action in FAULTS or (action != BLANK and key in last):
                outcomes[row_no] = "rejected"
            elif action != BLANK:
                last[key] = action
                outcomes[row_no] = self._outcome(key, action)
        taken_back = {rows[row_no - 2][:2] for row_no, outcome in outcomes.items() if outcome == "withdrawn"}
        looked_at = {number for subject, number in self.suspect | taken_back if subject not in PERSONS}
        for row_no, outcome in outcomes.items():
            subject, number, _ = rows[row_no - 2]
            if outcome == "new" and subject not in PERSONS and number in looked_at:
                outcomes[row_no] = "returned"
        for row_no, outcome in outcomes.items():
            self._remember(rows[row_no - 2], outcome)
        return outcomes

    def _outcome(self, key: Key, action: str) -> str:
        before = self.known.get(key)
        if before is None:
            return "rejected" if action == WITHDRAWAL else "new"
        if before == action:
            return "unchanged"
        if action == WITHDRAWAL:
            return "withdrawn"
        return "returned" if key in self.suspect and key[0] not in PERSONS else "amended"

    def _remember(self, row: Row, outcome: str) -> None:
        subject, number, action = row
        if outcome in ("rejected", "unchanged"):
            return
        self.known[subject, number] = action
        if outcome in ("withdrawn", "returned"):
            self.suspect.add((subject, number))


def file_of(number: int, rows: list[Row]) -> str:
    """One file; the column 序号, which nobody reads, makes it unlike any other."""
    cells = []
    for line, (subject, document, action) in enumerate(rows):
        row = {"序号": f"{number}-{line}"} | penalty(document, 处罚决定日期=DAYS[document]) | SUBJECTS[subject]
        if action == WITHDRAWAL:
            row |= {"数据操作": "撤回", "撤回原因": "决定已撤销"}
        row |= CONTENTS.get(action, {}) | FAULTS.get(action, {})
        cells.append(dict.fromkeys(row, "") if action == BLANK else row)
    head, *lines = table(cells).splitlines()
    wide = [line + ",多" if row[2] == "a cell too many" else line for line, row in zip(lines, rows, strict=True)]
    return "\n".join([head, *wide]) + "\n"


def assert_counts_are_the_models(batch: Batch, rows: list[Row], outcomes: dict[int, str], known: set[Key]) -> None:
    counts = Counter(outcomes.values())
    returned_new = sum(
        outcome == "returned" and rows[row_no - 2][:2] not in known for row_no, outcome in outcomes.items()
    )
    amended = counts["amended"] + counts["withdrawn"] + counts["returned"] - returned_new
    assert (batch.accepted, batch.amended, batch.unchanged, batch.withdrawn, batch.rejected) == (
        counts["new"] + returned_new, amended, counts["unchanged"], counts["withdrawn"], counts["rejected"],
    )  # fmt: skip
    assert batch.rows == len(outcomes) == batch.accepted + batch.amended + batch.unchanged + batch.rejected
    sealed = [rows[row_no - 2][0] in PERSONS for row_no, outcome in outcomes.items() if outcome != "rejected"]
    assert batch.sealed_persons == sum(sealed)


def assert_findings_add_up(world: World, batch: Batch, outcomes: dict[int, str]) -> None:
    found = lines_of(world, batch, FileKind.FINDINGS)
    levels = Counter(line["level"] for line in found)
    assert (batch.errors_total, batch.warnings) == (levels["error"], levels["warning"])
    groups = FindingGroup.objects.filter(batch=batch)
    assert {(g.check_id, g.column, g.variant, g.level): g.count for g in groups} == Counter(
        (line["check_id"], line["column_name"], line["variant"], line["level"]) for line in found
    )
    assert sum(group.count for group in receipt(world.scope, batch.number).groups) == len(found)
    assert {line["row_no"] for line in found if line["level"] == "error"} == of(outcomes, "rejected")
    kept = [file.rows for file in files(world.scope, batch.number, home=world.home) if file.path.stem == "rejected"]
    assert sum(kept) == batch.rejected


def assert_each_row_lies_in_one_place(world: World, batch: Batch, rows: list[Row], outcomes: dict[int, str]) -> None:
    of_persons = {row_no for row_no in outcomes if rows[row_no - 2][0] in PERSONS}
    stated = {row_no: outcome for row_no, outcome in outcomes.items() if outcome not in ("rejected", "unchanged")}
    accepted = lines_of(world, batch, FileKind.ACCEPTED)
    assert sorted((line["row_no"], line["statement"]) for line in accepted) == sorted(
        (row_no, outcome) for row_no, outcome in stated.items() if row_no not in of_persons
    )
    unchanged = [line["row_no"] for line in lines_of(world, batch, FileKind.UNCHANGED)]
    assert sorted(unchanged) == sorted(of(outcomes, "unchanged") - of_persons)
    versions = Record.objects.filter(batch_no=batch.number)
    assert sorted(versions.values_list("row_no", "record_no", "version")) == sorted(
        (line["row_no"], line["record_no"], line["version"]) for line in accepted
    )
    sealed = SealedRecord.objects.filter(batch_no=batch.number).values_list("row_no", flat=True)
    assert sorted(sealed) == sorted(stated.keys() & of_persons)


def assert_register_holds_what_is_known(model: Model) -> None:
    current = Record.objects.filter(known_to=None, type="penalty")
    held = {(one.subject_name, one.decision_no): (one.withdrawn, one.gate == Gate.RETURNED) for one in current}
    assert len(held) == len(current)
    assert held == {
        (SUBJECTS[subject]["行政相对人名称"], f"云市监罚〔2026〕{number}号"): (
            content == WITHDRAWAL, content != WITHDRAWAL and (subject, number) in model.suspect,
        )
        for (subject, number), content in model.known.items() if subject not in PERSONS
    }  # fmt: skip
    persons = Counter(withdrawn for (withdrawn,) in SealedRecord.objects.filter(known_to=None).values_list("withdrawn"))
    assert persons == Counter(
        content == WITHDRAWAL for (subject, _), content in model.known.items() if subject in PERSONS
    )


def lines_of(world: World, batch: Batch, kind: FileKind) -> list[dict[str, object]]:
    """The lines of the batch's clear files of one kind."""
    listed = [file for file in files(world.scope, batch.number, home=world.home) if file.kind is kind]
    lines = [line for file in listed for line in pq.read_table(file.path).to_pylist()]
    assert len(lines) == sum(file.rows for file in listed)
    return lines


def of(outcomes: dict[int, str], wanted: str) -> set[int]:
    return {row_no for row_no, outcome in outcomes.items() if outcome == wanted}


@pytest.fixture
def county(world: World) -> World:
    """The county, in which only the shop is registered."""
    world.batch(table([organisation()]), "organisation")
    return world


def deliver_and_compare(county: World, deliveries: list[list[Row]]) -> None:
    model = Model()
    for number, rows in enumerate(deliveries):
        known = set(model.known)
        outcomes = model.receive(rows)
        batch = county.batch(file_of(number, rows), "penalty")
        assert_counts_are_the_models(batch, rows, outcomes, known)
        assert_findings_add_up(county, batch, outcomes)
        assert_each_row_lies_in_one_place(county, batch, rows, outcomes)
    assert_register_holds_what_is_known(model)


@pytest.mark.parametrize("examples", [pytest.param(6, id="few"), pytest.param(30, id="many", marks=pytest.mark.slow)])
def test_every_row_ends_in_one_way_and_lies_in_one_place(county: World, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(deliveries=DELIVERIES)
    def agree(deliveries: list[list[Row]]) -> None:
        # What one example sent is forgotten before the next.
        with transaction.atomic():
            deliver_and_compare(county, deliveries)
            transaction.set_rollback(True)

    agree()

"""The tutorial's file comes back as the tutorial says."""

import csv
import re
from datetime import date

from tests.docs.documents import ROOT

from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.checks.reference import findings
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.headers import match_headers
from xinheng.demo.county import SEED
from xinheng.demo.organisations import Roster
from xinheng.demo.texts import read_departments
from xinheng.intake.queries import words

FOLDER = ROOT / "docs" / "tutorial"
TEXT = (FOLDER / "first-hour.md").read_text(encoding="utf-8")
CONTRACT = load_contracts("demo")["penalty"]
REPEATED = 8
"""The row that repeats another; single rows cannot tell."""


def _rows() -> dict[int, dict[str, str | None]]:
    with (FOLDER / "penalties.csv").open(encoding="utf-8-sig", newline="") as file:
        headers, *lines = csv.reader(file)
    fields = match_headers(tuple(headers), CONTRACT, {}).mapping
    empty: dict[str, str | None] = dict.fromkeys(CONTRACT.names)
    return {
        number: empty | {fields[header]: cell or None for header, cell in zip(headers, line, strict=True)}
        for number, line in enumerate(lines, start=2)
    }


def _context() -> CheckContext:
    codes = (one.code for one in read_departments().values())
    return CheckContext(as_at=date(2026, 11, 22), department_codes=frozenset(codes))


def _told() -> dict[int, tuple[str, str]]:
    table = TEXT.split("## 4.")[1].split("## 5.")[0]
    return {int(row): (check, says) for row, check, says in re.findall(r"^\| (\d+) \| (\w*) ?\| (.+) \|$", table, re.M)}


def test_each_row_fails_the_check_that_the_tutorial_names() -> None:
    context = _context()
    told = _told()

    assert set(told) == set(_rows())
    for number, row in _rows().items():
        found = findings(CONTRACT, row, context)
        if number != REPEATED:
            assert [one.check for one in found] == ([told[number][0]] if told[number][0] else []), number
        for one in found:
            assert words(CONTRACT, one.check, one.column, one.variant)[0] == told[number][1]


def test_the_repeated_row_has_the_key_of_an_earlier_one() -> None:
    rows = _rows()

    assert _told()[REPEATED][0] == "V11"
    assert rows[REPEATED] == rows[2]


def test_the_corrections_of_the_tutorial_leave_nothing_to_correct() -> None:
    context = _context()
    column = {"document": "decision_no", "code": "uscc", "date": "decision_date", "amount": "fine_amount_wan"}
    table = TEXT.split("## 5.")[1].split("## 6.")[0]
    corrections = re.findall(r"^\| (\d+) \| (\w+)(?: number)? `([^`]+)` \|$", table, re.M)

    assert {int(row) for row, _, _ in corrections} == {row for row, (check, _) in _told().items() if check} - {REPEATED}
    for row, what, value in corrections:
        assert not findings(CONTRACT, _rows()[int(row)] | {column[what]: value}, context)


def test_the_firms_of_the_file_live_in_the_demo_county() -> None:
    roster = Roster(count=1000, seed=SEED, as_at=date(2026, 11, 22))
    known = {roster.party(number).code: roster.party(number).name for number in range(1000)}

    assert known["52990001MAG7MH148W"] == "云屿涟棋培训学校"
    assert known["52990001MAFJGANTXQ"] == "云屿莳榭培训学校"

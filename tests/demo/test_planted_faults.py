"""The answer sheet says which rows a fair receipt refuses; the checks (in their plain-Python form) must agree."""

import pytest
from tests.demo.conftest import County
from tests.demo.county_files import answers_of, rows_of

from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.checks.reference import findings
from xinheng.catalogue.contracts import load_contracts
from xinheng.demo.county import DEMO_DAY
from xinheng.demo.texts import read_departments

CONTRACTS = load_contracts("demo")
NOT_DELIVERED = {"env_penalty_notice", "env_subject_list", "registry_detail", "declaration", "commitment", "fulfilment"}
"""Contracts of which the demo county's departments hand in no file."""
BY_AUTHORISATION = {key for key, one in CONTRACTS.items() if one.publicity == "authorised"}
"""Sent for organisations that authorised it, once the county is there."""
TYPES = sorted(set(CONTRACTS) - NOT_DELIVERED - BY_AUTHORISATION)
CODES = frozenset(department.code for department in read_departments().values())
Place = tuple[str, int]
"""File name and row."""


def rows_by_place(county: County, record_type: str) -> dict[Place, dict[str, str]]:
    contract = CONTRACTS[record_type]
    return {
        (file.path.name, number): row
        for file in county.files
        if file.type == record_type
        for number, row in enumerate(rows_of(file.path, contract), start=2)
    }


def planted_in(county: County, record_type: str) -> dict[Place, tuple[str, str, set[str]]]:
    """By place the fault, its outcome, and the checks of which one should see it."""
    return {
        (name, number): (fault, outcome, set(checks))
        for name, account in answers_of(county.folder).items()
        if account["type"] == record_type
        for number, _, fault, outcome, checks in account["planted"]
    }


def levels_by_check(record_type: str, row: dict[str, str]) -> dict[str, str]:
    """The checks that find something in a row, each with its gravest level."""
    levels: dict[str, str] = {}
    for finding in findings(CONTRACTS[record_type], row, CheckContext(DEMO_DAY, CODES)):
        if levels.get(finding.check) != "error":
            levels[finding.check] = finding.level
    return levels


@pytest.mark.parametrize("record_type", TYPES)
def test_the_checks_refuse_exactly_the_rows_of_the_answer_sheet(county: County, record_type: str) -> None:
    rows, planted = rows_by_place(county, record_type), planted_in(county, record_type)
    assert rows
    for place, row in rows.items():
        found = levels_by_check(record_type, row)
        fault, outcome, checks = planted.get(place, ("", "", set()))
        errors = {check for check, level in found.items() if level == "error"}
        if outcome == "rejected" and fault != "repeated_row":
            assert errors & checks, (place, fault, found, row)
        else:
            assert not errors, (place, fault, found, row)
        if outcome == "warned":
            assert checks & set(found), (place, fault, found, row)


def test_a_repeated_row_is_like_one_before_it(county: County) -> None:
    rows, planted = rows_by_place(county, "penalty"), planted_in(county, "penalty")
    repeated = [place for place, (fault, *_) in planted.items() if fault == "repeated_row"]
    assert repeated
    for name, number in repeated:
        assert rows[name, number] in [rows[name, earlier] for earlier in range(2, number)]


@pytest.mark.parametrize("record_type", TYPES)
def test_no_business_key_stands_twice_in_a_file_unless_planted(county: County, record_type: str) -> None:
    contract, planted = CONTRACTS[record_type], planted_in(county, record_type)
    keys: set[tuple[str, ...]] = set()
    for place, row in rows_by_place(county, record_type).items():
        if planted.get(place, ("",))[0] == "repeated_row":
            continue
        subject = row.get(contract.roles.subject_code) or row.get(contract.roles.subject_name, "")
        key = (place[0], *(subject if name == "subject" else row.get(name, "") for name in contract.key_fields))
        assert key not in keys, (place, key)
        keys.add(key)

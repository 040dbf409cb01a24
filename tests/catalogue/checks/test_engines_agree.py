"""The set expressions on DuckDB and the plain reference find the same, in rows as dirty as they come."""

import pytest
from check_worlds import (
    BREACH,
    CONTEXT,
    FULFILMENT,
    LICENCE,
    PENALTY,
    PERSON,
    Row,
    judged,
    only,
)
from tests.dirty_rows import rows
from tests.drawing import drawn

from xinheng.catalogue.checks import CHECKS
from xinheng.catalogue.checks.reference import findings


def assert_agree(key: str, check: str, dirty: list[Row]) -> None:
    for row, (suspect, answer) in zip(dirty, judged(key, check, dirty), strict=True):
        expected = findings(only(key, check), row, CONTEXT)
        assert answer == expected, {name: text for name, text in row.items() if text is not None}
        assert suspect or all(finding.level == "notice" for finding in answer), f"the quick test missed {row}"


EXAMPLES = 200
WITHDRAWAL = PENALTY | {"operation": "撤回", "withdrawal_reason": "决定已撤销"}
ROW_CHECKS = sorted(set(CHECKS) - {"V11", "V12", "V16"})


@pytest.mark.parametrize("check", ROW_CHECKS)
def test_penalties_are_judged_alike(check: str) -> None:
    assert_agree("penalty", check, drawn(rows("penalty", check, PENALTY, PERSON, WITHDRAWAL), EXAMPLES))


def test_findings_on_promises_are_judged_alike() -> None:
    assert_agree("fulfilment", "V01", drawn(rows("fulfilment", "V01", FULFILMENT, BREACH), EXAMPLES))


@pytest.mark.parametrize("check", ["V01", "V02", "V03", "V08"])
def test_licences_are_judged_alike(check: str) -> None:
    assert_agree("licence", check, drawn(rows("licence", check, LICENCE), EXAMPLES))


@pytest.mark.parametrize("check", ["V01", "V02", "V04"])
def test_registrations_of_organisations_are_judged_alike(check: str) -> None:
    assert_agree("organisation", check, drawn(rows("organisation", check, {}), EXAMPLES))


@pytest.mark.parametrize("check", ROW_CHECKS)
def test_a_clean_row_is_neither_suspected_nor_faulted(check: str) -> None:
    assert judged("penalty", check, [PENALTY, PERSON]) == [(False, set()), (False, set())]
    assert judged("licence", check, [LICENCE]) == [(False, set())]

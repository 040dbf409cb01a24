"""V02: length, type, dates that exist."""

import pytest
from check_worlds import PENALTY, found


def of_date(text: str) -> set[tuple[str, str]]:
    return found("penalty", "V02", PENALTY | {"decision_date": text})


@pytest.mark.parametrize(
    "text", ["2026/10/15", "2026-10-15", "2026-10-15 00:00:00", "2026年1月5日", "20261015", "2099/12/31", " 2026.3.1 "]
)
def test_the_usual_spellings_of_a_date_are_read(text: str) -> None:
    assert of_date(text) == set()


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("2026/02/30", "no_such_day"),
        ("20260230", "no_such_day"),
        ("43372", "excel_serial"),
        ("长期", "long_term"),
        ("9999-12-31", "long_term"),
        ("去年", "not_a_date"),
        ("1026/10/15", "not_a_date"),
    ],
)
def test_what_is_no_date_is_told_for_what_it_is(text: str, variant: str) -> None:
    assert of_date(text) == {("decision_date", variant)}


@pytest.mark.parametrize("text", ["0.2", "1,000.50", "１２.５", "0.100000000", "-1"])
def test_the_usual_spellings_of_a_number_are_read(text: str) -> None:
    assert found("penalty", "V02", PENALTY | {"fine_amount_wan": text}) == set()


@pytest.mark.parametrize(
    ("text", "variant"), [("2000元", "unit_in_number"), ("12.1234567", "not_a_number"), ("10,00", "not_a_number")]
)
def test_what_is_no_number_is_told_for_what_it_is(text: str, variant: str) -> None:
    assert found("penalty", "V02", PENALTY | {"fine_amount_wan": text}) == {("fine_amount_wan", variant)}


def test_blanks_around_a_text_do_not_make_it_too_long() -> None:
    assert found("penalty", "V02", PENALTY | {"decision_no": "1" * 128 + "\u3000" * 9}) == set()
    assert found("penalty", "V02", PENALTY | {"decision_no": "1" * 129}) == {("decision_no", "too_long")}


def test_a_count_is_a_whole_number() -> None:
    assert ("act_count", "not_an_integer") in found("case_ledger", "V02", {"act_count": "三"})

"""Organisation codes, registration numbers and citizen numbers."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric

from xinheng.base.errors import Refused
from xinheng.base.identifiers import citizen_number, organisation_code, registration_number
from xinheng.base.identifiers.citizen_number import CitizenNumber

CITIZEN_VECTORS = ["99000119900307001X", "990001200002291238", "990001198512318883"]

days = st.dates(date(1900, 1, 1), date(2026, 11, 21))


@pytest.mark.parametrize("number", CITIZEN_VECTORS)
def test_the_reference_numbers_have_a_right_check_digit_and_no_province(number: str) -> None:
    assert citizen_number.has_valid_check(number)
    assert not citizen_number.is_citizen_number(number)
    assert citizen_number.looks_like_citizen_number(number)


@given(days, st.integers(0, 999), st.sampled_from(["110101", "370102", "820000", "911156"]))
def test_a_number_made_of_province_day_and_check_digit_is_a_citizen_number(
    born: date, sequence: int, area: str
) -> None:
    first_17 = f"{area}{born:%Y%m%d}{sequence:03d}"
    number = first_17 + citizen_number.check_character(first_17)

    assert citizen_number.is_citizen_number(number)
    assert CitizenNumber.parse(f" {number.lower()} ").born == born
    assert ric.compact(number) == number
    assert ric.calc_check_digit(number) == number[-1]


@given(days, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_no_single_changed_digit_goes_unnoticed(born: date, sequence: int, place: int, shift: int) -> None:
    first_17 = f"370102{born:%Y%m%d}{sequence:03d}"
    number = first_17 + citizen_number.check_character(first_17)
    other = str((int(number[place]) + shift) % 10)

    assert not citizen_number.has_valid_check(number[:place] + other + number[place + 1 :])


def test_a_day_that_does_not_exist_makes_no_citizen_number() -> None:
    first_17 = "37010219990229001"

    assert not citizen_number.is_citizen_number(first_17 + citizen_number.check_character(first_17))


def test_fifteen_digits_are_completed() -> None:
    number = CitizenNumber.parse("110105491231002")

    assert number.text == "11010519491231002X"
    assert number.born == date(1949, 12, 31)


def test_a_citizen_number_prints_masked_everywhere() -> None:
    number = CitizenNumber.parse("110101199003070134")

    assert f"{number}" == "110***********0134"
    assert "199003" not in repr(number)


def test_a_refusal_never_quotes_the_number() -> None:
    with pytest.raises(Refused) as refusal:
        CitizenNumber.parse("110101199003070135")

    assert "199003" not in str(refusal.value)


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_is_valid_with_its_check_character_only(first_8: str) -> None:
    right = organisation_code.check_character(first_8)

    assert [last for last in "0123456789X" if organisation_code.is_valid(first_8 + last)] == [right]


@given(st.from_regex(r"[0-9]{14}", fullmatch=True), st.integers(0, 13), st.integers(1, 9))
def test_a_registration_number_shows_every_changed_digit(first_14: str, place: int, shift: int) -> None:
    number = first_14 + registration_number.check_digit(first_14)
    other = str((int(number[place]) + shift) % 10)
    changed = number[:place] + other + number[place + 1 :]
    assume(changed != number)

    assert registration_number.is_valid(number)
    assert not registration_number.is_valid(changed)


def test_the_reference_registration_number_is_valid() -> None:
    assert registration_number.is_valid("990001000000010")

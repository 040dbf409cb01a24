"""V04: codes of organisations."""

import pytest
from check_worlds import COMPANY, MARKET, PENALTY, SHOP, found

from xinheng.base.identifiers.credit_code import check_character


def of_code(text: str, category: str = "法人及非法人组织") -> set[tuple[str, str]]:
    return found("penalty", "V04", PENALTY | {"uscc": text, "counterparty_category": category})


def test_width_case_blanks_and_hyphens_do_not_count() -> None:
    assert of_code(f" {COMPANY[:8]}-{COMPANY[8:].lower()}\u3000") == set()


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("12345", "wrong_length"),
        ("无", "word_for_none"),
        ("370181200000012", "legacy_registration_number"),
        ("320681NA000145X", "legacy_registration_number"),
        ("12345678-X", "legacy_organisation_code"),
        ("91350211M0000XUF46", "early_pilot"),
        ("11010119900307001X", "person_number"),
        ("9A99A001MA000001XX", "letters_in_region"),
        ("9199000#MA000001XX", "illegal_character"),
        (COMPANY.replace("0", "O", 1), "look_alike"),
        ("00000000000000000X", "placeholder_not_allowed"),
        ("000000000000000000", "placeholder_not_allowed"),
        (COMPANY[:-1] + ("Y" if COMPANY[-1] != "Y" else "X"), "wrong_check_digit"),
    ],
)
def test_what_is_no_valid_code_is_told_for_what_it_is(text: str, variant: str) -> None:
    assert of_code(text) == {("uscc", variant)}


def test_a_code_whose_organisation_part_fails_goes_in_with_a_word() -> None:
    assert of_code(with_odd_part()) == {("uscc", "organisation_part")}


def with_odd_part() -> str:
    """A code with the right last character and a wrong one before it."""
    body = COMPANY[:16] + ("1" if COMPANY[16] != "1" else "2")
    return body + check_character(body)


def test_the_placeholder_is_for_individual_businesses() -> None:
    assert of_code("00000000000000000X", "个体工商户") == {("uscc", "placeholder")}


def test_a_code_in_the_department_register_is_not_doubted() -> None:
    assert found("penalty", "V04", PENALTY | {"penalty_authority_uscc": MARKET}) == set()
    assert found("penalty", "V04", PENALTY | {"penalty_authority_uscc": SHOP[:-1]}) != set()

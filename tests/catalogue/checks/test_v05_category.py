"""V05: kind of subject and code agree."""

from check_worlds import COMPANY, PENALTY, SHOP, found


def test_an_individual_business_called_an_organisation_is_told() -> None:
    row = PENALTY | {"uscc": f" {SHOP.lower()}"}
    assert found("penalty", "V05", row) == {("counterparty_category", "individual_business_expected")}


def test_an_organisation_called_an_individual_business_is_told() -> None:
    row = PENALTY | {"uscc": COMPANY, "counterparty_category": "个体工商户"}
    assert found("penalty", "V05", row) == {("counterparty_category", "organisation_expected")}


def test_a_malformed_code_says_nothing_about_the_category() -> None:
    assert found("penalty", "V05", PENALTY | {"uscc": "92"}) == set()

"""V07: offices are in the register."""

from check_worlds import COMPANY, MARKET, PENALTY, found


def test_an_office_outside_the_register_is_refused() -> None:
    row = PENALTY | {"penalty_authority_uscc": COMPANY}
    assert found("penalty", "V07", row) == {("penalty_authority_uscc", "")}


def test_the_code_of_an_office_may_be_written_carelessly() -> None:
    assert found("penalty", "V07", PENALTY | {"data_source_unit_uscc": f" {MARKET.lower()} "}) == set()


def test_a_code_that_is_itself_wrong_is_left_to_v04() -> None:
    assert found("penalty", "V07", PENALTY | {"penalty_authority_uscc": "12345"}) == set()

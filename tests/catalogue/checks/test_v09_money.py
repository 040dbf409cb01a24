"""V09: amounts."""

from check_worlds import PENALTY, found


def test_a_fine_needs_its_amount() -> None:
    assert found("penalty", "V09", PENALTY | {"fine_amount_wan": " "}) == {("fine_amount_wan", "fine_missing")}


def test_a_confiscation_needs_its_amount() -> None:
    row = PENALTY | {"penalty_category": "罚款；没收非法所得"}
    assert found("penalty", "V09", row) == {("confiscated_amount_wan", "confiscation_missing")}


def test_an_amount_is_not_negative() -> None:
    assert found("penalty", "V09", PENALTY | {"fine_amount_wan": "-0.2"}) == {("fine_amount_wan", "too_small")}


def test_a_fine_of_nothing_is_told() -> None:
    assert found("penalty", "V09", PENALTY | {"fine_amount_wan": "0.00"}) == {("fine_amount_wan", "zero")}


def test_yuan_entered_as_wan_is_told() -> None:
    assert found("penalty", "V09", PENALTY | {"fine_amount_wan": "2000"}) == {("fine_amount_wan", "very_large")}
    assert found("penalty", "V09", PENALTY | {"fine_amount_wan": "1000"}) == set()


def test_a_fine_in_the_wording_without_an_amount_is_told() -> None:
    row = PENALTY | {"penalty_category": "警告", "fine_amount_wan": None}
    assert found("penalty", "V09", row) == {("fine_amount_wan", "fine_in_content")}

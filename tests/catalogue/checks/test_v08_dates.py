"""V08: the order of dates."""

from check_worlds import LICENCE, PENALTY, found


def test_a_decision_of_tomorrow_is_refused() -> None:
    assert found("penalty", "V08", PENALTY | {"decision_date": "2026/11/22"}) == {("decision_date", "in_the_future")}
    assert found("penalty", "V08", PENALTY | {"decision_date": "2026年11月21日"}) == set()


def test_a_validity_that_ends_before_it_starts_is_refused() -> None:
    row = LICENCE | {"valid_to": "2026-10-01"}
    assert found("licence", "V08", row) == {("valid_to", "ends_before_start"), ("valid_to", "ends_before_decision")}


def test_a_validity_from_before_the_decision_is_told() -> None:
    row = LICENCE | {"valid_from": "20260901"}
    assert found("licence", "V08", row) == {("valid_from", "starts_before_decision")}


def test_dates_that_cannot_be_read_are_left_to_v02() -> None:
    assert found("licence", "V08", LICENCE | {"valid_to": "长期", "decision_date": "2026/02/30"}) == set()

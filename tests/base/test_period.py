"""Half-open periods of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.errors import WrongUsage
from xinheng.base.period import Period, add_months

days = st.dates(date(2020, 1, 1), date(2020, 3, 1))
periods = st.builds(lambda a, n: Period(a, a + timedelta(days=n)), days, st.integers(0, 40))


def test_the_first_day_is_inside_and_the_end_is_not() -> None:
    period = Period(date(2026, 1, 1), date(2027, 1, 1))

    assert date(2026, 1, 1) in period
    assert date(2026, 12, 31) in period
    assert date(2027, 1, 1) not in period
    assert period == Period.through(date(2026, 1, 1), date(2026, 12, 31))
    assert period.last == date(2026, 12, 31)


def test_without_an_end_every_later_day_is_inside() -> None:
    assert date(2999, 1, 1) in Period(date(2026, 1, 1))
    assert Period(date(2026, 1, 1)).last is None


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(WrongUsage, match="早于"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_an_empty_period_has_no_day() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 1))

    assert period.empty
    assert list(period.days()) == []
    assert period.last is None
    assert not period.overlaps(Period(date(2025, 1, 1)))


@given(periods, periods)
def test_the_intersection_is_the_days_in_both(a: Period, b: Period) -> None:
    both = a.intersection(b)

    assert (set(both.days()) if both else set()) == set(a.days()) & set(b.days())
    assert a.overlaps(b) == b.overlaps(a)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 1, 31), -1, date(2023, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected

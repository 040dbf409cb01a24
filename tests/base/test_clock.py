"""The clock of Shanghai and counting working days."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.clock import (
    SHANGHAI,
    add_working_days,
    calendar,
    format_date,
    has_official_calendar,
    is_working_day,
    now,
    today,
    working_days_between,
)

days = st.dates(date(2002, 1, 1), date(2029, 12, 31))
official_days = st.dates(date(2007, 1, 1), date(2026, 11, 1))


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    assert today(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert today(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert now().tzinfo is SHANGHAI


def test_a_day_is_written_without_leading_zeros() -> None:
    assert format_date(date(2026, 1, 5)) == "2026年1月5日"


def test_seven_working_days_across_the_national_holiday_of_2026() -> None:
    # 1 to 7 October are free; Saturday the 10th is worked in exchange, as was Sunday 20 September.
    assert add_working_days(date(2026, 9, 30), 7).day == date(2026, 10, 15)
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 15)) == (7, False)


def test_the_first_day_does_not_count() -> None:
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 20)) == (0, False)
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 23)) == (1, False)
    assert add_working_days(date(2026, 11, 21), 1).day == date(2026, 11, 23)
    assert add_working_days(date(2026, 11, 21), 0).day == date(2026, 11, 21)
    assert add_working_days(date(2026, 11, 23), -1).day == date(2026, 11, 20)


def test_a_year_without_official_calendar_is_answered_but_marked() -> None:
    answer = add_working_days(date(2026, 12, 30), 5)

    assert answer.provisional
    assert answer.day == date(2027, 1, 6)
    assert working_days_between(date(2026, 12, 30), date(2027, 1, 6)) == (5, True)
    assert add_working_days(date(2026, 12, 28), 2).provisional is False
    assert not has_official_calendar(2027)
    assert not has_official_calendar(2003)


@given(days, st.integers(1, 400))
def test_counting_to_a_deadline_gives_back_its_length(day: date, n: int) -> None:
    deadline = add_working_days(day, n)

    assert working_days_between(day, deadline.day) == (n, deadline.provisional)
    assert working_days_between(day, deadline.day - timedelta(days=1)).days == n - 1


@given(days, st.integers(-200, 200))
def test_a_later_deadline_never_comes_earlier(day: date, n: int) -> None:
    assert add_working_days(day, n).day < add_working_days(day, n + 1).day or n in {-1, 0}
    assert add_working_days(day, n).day <= add_working_days(day + timedelta(days=1), n).day


@given(days, days)
def test_counting_backwards_only_changes_the_sign(a: date, b: date) -> None:
    assert working_days_between(a, b).days == -working_days_between(b, a).days


@given(official_days, st.integers(0, 60))
def test_the_count_equals_looking_at_every_day(a: date, span: int) -> None:
    b = a + timedelta(days=span)
    table = list(calendar(a + timedelta(days=1), b))

    assert working_days_between(a, b) == (sum(worked for _, worked, _ in table), False)


@pytest.mark.realdata
def test_every_day_of_the_published_notices_agrees(real_data: Path) -> None:
    with (real_data / "ref" / "holidays_cn.csv").open(encoding="utf-8", newline="") as file:
        published = {date.fromisoformat(row["日期"]): row["休或班"] == "班" for row in csv.DictReader(file)}

    wrong = {day for day, worked in published.items() if is_working_day(day) != worked}
    day = date(2007, 1, 1)
    while day <= date(2026, 12, 31):
        if day not in published and is_working_day(day) != (day.weekday() < 5):
            wrong.add(day)
        day += timedelta(days=1)

    assert len(published) > 600
    assert wrong == set()

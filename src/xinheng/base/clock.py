"""The only place that reads the clock, and the calendar of working days.

Working days follow the yearly notice of the State Council on public holidays. Where a year's notice is not
known, weekends alone decide and the answer is marked provisional.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays, workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDay:
    """A day found by counting; provisional where a year without official calendar was counted through."""

    day: date
    provisional: bool


class WorkingDayCount(NamedTuple):
    """A number of working days; provisional where a year without official calendar was counted through."""

    days: int
    provisional: bool


def now() -> datetime:
    """The present moment in the time of Shanghai."""
    return datetime.now(SHANGHAI)


def today(at: datetime | None = None) -> date:
    """The day it is in Shanghai at a moment (default: the present one)."""
    return (at or now()).astimezone(SHANGHAI).date()


def format_date(day: date) -> str:
    """A day as it is written in documents: 2026年11月21日."""
    return f"{day.year}年{day.month}月{day.day}日"


def has_official_calendar(year: int) -> bool:
    """Whether the notice on the holidays of a year is known."""
    return _first_year() <= year <= _last_year()


def is_working_day(day: date) -> bool:
    """Whether offices work on a day; ask `has_official_calendar` whether that is certain."""
    return day in workdays or (day.weekday() < SATURDAY and day not in holidays)


def calendar(first: date, last: date) -> Iterator[tuple[date, bool, bool]]:
    """(day, worked, provisional) for every day from `first` to `last`, as a table for set-based counting."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        yield day, is_working_day(day), not has_official_calendar(day.year)


def add_working_days(day: date, n: int) -> WorkingDay:
    """The n-th working day after a day, which itself does not count (自…之日起 n 个工作日).

    n < 0 counts back; n = 0 is the day itself, whether worked or not.
    """
    if n == 0:
        return WorkingDay(day, _provisional(day, day))
    step = 1 if n > 0 else -1
    year, left = day.year, abs(n)
    while True:
        worked = _worked_days(year)
        after = worked[bisect_right(worked, day) :] if step > 0 else worked[: bisect_left(worked, day)][::-1]
        if left <= len(after):
            return WorkingDay(after[left - 1], _provisional(day, after[left - 1]))
        left -= len(after)
        year += step


def working_days_between(a: date, b: date) -> WorkingDayCount:
    """How many working days lie after `a` up to and including `b`; negative when `b` is earlier than `a`.

    It is the counterpart of `add_working_days`: a deadline of n working days from `a` is kept on the day `b`
    when the count is at most n.
    """
    if b < a:
        backwards = working_days_between(b, a)
        return WorkingDayCount(-backwards.days, backwards.provisional)
    days = sum(
        bisect_right(worked, b) - bisect_right(worked, a)
        for worked in (_worked_days(year) for year in range(a.year, b.year + 1))
    )
    return WorkingDayCount(days, _provisional(a, b))


def _provisional(a: date, b: date) -> bool:
    return not (has_official_calendar(a.year) and has_official_calendar(b.year))


@cache
def _worked_days(year: int) -> list[date]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
    return [day for day in days if is_working_day(day)]


@cache
def _first_year() -> int:
    return int(min(holidays).year)


@cache
def _last_year() -> int:
    return int(max(holidays).year)

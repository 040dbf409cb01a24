"""Half-open periods of days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from xinheng.base.errors import WrongUsage


@dataclass(frozen=True, order=True)
class Period:
    """From the day `starts`, up to but not including the day `ends`; without `ends` there is no end yet."""

    starts: date
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends < self.starts:
            raise WrongUsage(f"结束日期 {self.ends} 早于开始日期 {self.starts}。", "请核对两个日期。")

    @classmethod
    def through(cls, first: date, last: date) -> Self:
        """The period whose last day is `last`, as laws and forms write it (自…至…)."""
        return cls(first, last + timedelta(days=1))

    @property
    def last(self) -> date | None:
        """The last day inside; None when there is no end. An empty period has none either."""
        return None if self.ends is None or self.ends == self.starts else self.ends - timedelta(days=1)

    @property
    def empty(self) -> bool:
        return self.ends == self.starts

    def __contains__(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)

    def overlaps(self, other: Self) -> bool:
        """Whether the two have a day in common."""
        return self.intersection(other) is not None

    def intersection(self, other: Self) -> Self | None:
        """The days in both; None when there are none."""
        starts = max(self.starts, other.starts)
        ends = min((end for end in (self.ends, other.ends) if end is not None), default=None)
        if ends is not None and ends <= starts:
            return None
        return type(self)(starts, ends)

    def days(self) -> Iterator[date]:
        """Every day inside; refused for a period without end."""
        if self.ends is None:
            raise WrongUsage("没有结束日期的期间不能逐日列出。")
        day = self.starts
        while day < self.ends:
            yield day
            day += timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month where the day does not exist there."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    length = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, length))

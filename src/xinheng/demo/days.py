"""On which days the offices of the county decide, and how a day is written."""

from bisect import bisect_left
from datetime import date, timedelta
from functools import lru_cache

YEARS = 4
MONTH_WEIGHTS = (3, 2, 4, 4, 3, 5, 4, 4, 4, 3, 5, 6)
"""January to December: little before the spring festival, much before the half year and the year end."""
WITHOUT_END = date(2099, 12, 31)


class DecisionDays:
    """The days of the last four years on which offices work, each as often as its season weighs."""

    def __init__(self, as_at: date) -> None:
        self.as_at = as_at
        self.first = as_at.replace(year=as_at.year - YEARS)
        span = (as_at - self.first).days
        days = (self.first + timedelta(days=n) for n in range(span))
        worked = [day for day in days if day.weekday() < 5 and not _festival(day)]
        self.weighted = [day for day in worked for _ in range(MONTH_WEIGHTS[day.month - 1])]

    def between(self, first: date, before: date) -> list[date]:
        """The weighted days of a period; never empty as long as the period has a working day."""
        return self.weighted[bisect_left(self.weighted, first) : bisect_left(self.weighted, before)]


def after_years(day: date, years: int) -> date:
    """The day before the same day `years` later."""
    if day.month == 2 and day.day == 29:
        day = day.replace(day=28)
    return day.replace(year=day.year + years) - timedelta(days=1)


@lru_cache(maxsize=1 << 14)
def written(day: date, style: str) -> str:
    """The day as a department writes it: `slash`, `iso`, `chinese`, `compact`, `time` or a spreadsheet's `serial`."""
    if style == "slash":
        return f"{day.year}/{day.month:02d}/{day.day:02d}"
    if style == "iso":
        return day.isoformat()
    if style == "chinese":
        return f"{day.year}年{day.month}月{day.day}日"
    if style == "compact":
        return f"{day.year}{day.month:02d}{day.day:02d}"
    if style == "time":
        return f"{day.isoformat()} 00:00:00"
    return str((day - date(1899, 12, 30)).days)


def _festival(day: date) -> bool:
    return (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (5, 3)} or (day.month == 10 and day.day <= 7)

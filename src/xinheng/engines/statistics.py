"""What a table's columns hold, asked in one query, so that later steps can leave out what is empty or repeats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xinheng.engines.duck import Duck

MOST_DISTINCT = 0.3
"""Share of distinct values in the rows above which a column counts as one of many values."""
SMALL = 20_000
"""In a table of so few rows every column is worked on by value: its SQL is planned once and kept."""


@dataclass(frozen=True)
class Statistics:
    """Number of rows, and for each column how many distinct values it holds (about; 0 for an empty column)."""

    rows: int
    distinct: Mapping[str, int]

    def empty(self, columns: Iterable[str]) -> bool:
        """Whether none of these columns holds anything."""
        return not any(self.distinct[name] for name in columns)

    def repeats(self, columns: Iterable[str]) -> bool:
        """Whether these columns together hold few combinations for the number of rows."""
        combinations = 1
        for name in columns:
            combinations *= self.distinct[name] + 1
        return self.rows <= SMALL or combinations <= self.rows * MOST_DISTINCT


def statistics(engine: Duck, table: str, columns: Iterable[str]) -> Statistics:
    """One look at all the columns of a table."""
    names = tuple(columns)
    counted = ", ".join(f'approx_count_distinct("{name}")' for name in names)
    rows, *distinct = engine.one(f"SELECT count(*), {counted} FROM {table}")
    return Statistics(int(rows), dict(zip(names, map(int, distinct), strict=True)))

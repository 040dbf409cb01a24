"""An independent count of what intake must find in the real files, in plain Python written from the rules."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from xinheng.base.identifiers.credit_code import Kind, inspect

Row = dict[str, str]
REFUSED = {
    Kind.CITIZEN_NUMBER, Kind.WRONG_LENGTH, Kind.WRONG_CHECK_DIGIT, Kind.ILLEGAL_CHARACTER, Kind.PLACEHOLDER,
}  # fmt: skip
"""A code of these kinds is an error; older numbers and odd organisation parts only a warning (V04)."""


@dataclass
class Expected:
    """How many rows a file has, and which of them must be refused, by the check that refuses them."""

    rows: int = 0
    refused: dict[int, set[str]] = field(default_factory=dict)

    def refuse(self, row_no: int, check: str) -> None:
        self.refused.setdefault(row_no, set()).add(check)

    def by_check(self, check: str) -> set[int]:
        return {row_no for row_no, checks in self.refused.items() if check in checks}


def rows_of(path: Path) -> list[Row]:
    """The records of a file; the first is row 2."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrong_codes(rows: list[Row], column: str, blanks: frozenset[str] = frozenset()) -> set[int]:
    """Rows whose code column holds something that is neither a code nor an older number."""
    found = set()
    for row_no, row in enumerate(rows, start=2):
        text = row[column]
        if text in blanks or not text.strip():
            continue
        kind = inspect(text).kind
        if kind in REFUSED or kind is Kind.EMPTY:
            found.add(row_no)
    return found


def repeats(rows: list[Row], key: Callable[[Row], object], without: set[int]) -> set[int]:
    """Rows whose key stood in an earlier sound row."""
    seen, found = set(), set()
    for row_no, row in enumerate(rows, start=2):
        if row_no in without:
            continue
        if key(row) in seen:
            found.add(row_no)
        seen.add(key(row))
    return found

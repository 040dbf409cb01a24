"""How large the county of the measurement is: rows, organisations, and the files they come in."""

from collections.abc import Iterator
from dataclasses import dataclass

SHARES = {
    "social_security": 20, "tax_payment": 14, "water_use": 12, "housing_fund": 12, "gas_use": 8, "logistics": 4,
    "ip_right": 2, "licence": 3, "penalty": 2, "inspection": 2, "abnormal_entry": 1,
}  # fmt: skip
"""Of a hundred rows: mostly what mass suppliers report, few decisions. The twelfth type makes up the rest."""
LARGE_TYPE = "electricity_use"
LARGE_SHARE = 10
"""The twelfth type comes in two files of a tenth of everything: one at the usual memory limit, one under 1 GB."""
TYPES = (*SHARES, LARGE_TYPE)
ROWS_PER_ORGANISATION = 70
"""As in the national publicity system: domain/10."""
SMALLEST_FILE, LARGEST_FILE = 100_000, 1_000_000
WARM_ROWS = 2_500
"""Enough for the set-based path, so that its SQL is planned as in a worker that has been running."""
FIRST_LOOK = 7_000_000
"""A smaller county only shows that everything works: fewer questions, and no Spark, whose start takes longer."""
UNITS = {"k": 1_000, "m": 1_000_000}


@dataclass(frozen=True)
class Part:
    """One file: rows `first` up to `first + rows` of its type."""

    type: str
    number: int
    first: int
    rows: int

    @property
    def name(self) -> str:
        return f"{self.type}-{self.number:03d}"


@dataclass(frozen=True)
class Size:
    """So many rows, in twelve types."""

    rows: int

    @property
    def organisations(self) -> int:
        return max(1, self.rows // ROWS_PER_ORGANISATION)

    @property
    def first_look(self) -> bool:
        return self.rows < FIRST_LOOK

    @property
    def large_file(self) -> int:
        return self.rows * LARGE_SHARE // 100

    @property
    def file_rows(self) -> int:
        """Rows of the files of all other types, the last of each type excepted."""
        return min(LARGEST_FILE, max(SMALLEST_FILE, self.rows // 14))

    def of_type(self, type: str) -> int:
        return 2 * self.large_file if type == LARGE_TYPE else self.rows * SHARES[type] // 100

    def parts(self) -> tuple[Part, ...]:
        """All files but the two large ones, the types mixed as far as their shares allow."""
        return tuple(sorted((one for type in SHARES for one in self._of(type)), key=self._progress))

    def large_parts(self) -> tuple[Part, Part]:
        rows = self.large_file
        return Part(LARGE_TYPE, 0, 0, rows), Part(LARGE_TYPE, 1, rows, rows)

    def warm_parts(self) -> tuple[Part, ...]:
        """A small file of each type, of rows that no other file has."""
        return tuple(Part(type, 999, self.of_type(type), WARM_ROWS) for type in TYPES)

    def _of(self, type: str) -> Iterator[Part]:
        for number, first in enumerate(range(0, self.of_type(type), self.file_rows)):
            yield Part(type, number, first, min(self.file_rows, self.of_type(type) - first))

    def _progress(self, part: Part) -> tuple[float, str]:
        return (part.first + part.rows / 2) / self.of_type(part.type), part.type


def size_of(text: str) -> Size:
    """`70m`, `500k` or a plain number."""
    number, unit = (text[:-1], text[-1].lower()) if text[-1:].lower() in UNITS else (text, "")
    return Size(int(number) * UNITS.get(unit, 1))

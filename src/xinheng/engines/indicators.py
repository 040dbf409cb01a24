"""Indicators: figures about a subject, written down as data and computed for all subjects in one pass.

An indicator says which rows count (type, conditions, a window of days), what is measured of them (how many, what sum,
how long ago, how many different) and what one unit of it weighs. Older rows may count less, by a table of thousandths
in steps of 30 days. Everything is a whole number: amounts in fen, parts in thousandths.
"""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["count", "sum", "days_since", "distinct"]
STEP_DAYS = 30


@dataclass(frozen=True)
class Condition:
    """A text column of the rows must hold one of these values."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Indicator:
    """One figure about a subject.

    The window ends on the day asked for, which belongs to it, and has so many days. With `decay`, a row whose age
    lies in step n counts decay[n] thousandths (beyond the table: nothing), and the figure is in thousandths.
    `column` is what is summed (whole numbers) or told apart (texts); empty cells are neither. A subject that has
    rows of other indicators only has the figure 0, and for `days_since` none.
    """

    key: str
    types: tuple[str, ...]
    measure: Measure
    window: int
    column: str = ""
    conditions: tuple[Condition, ...] = ()
    weight: int = 1
    decay: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        named = self.measure in ("sum", "distinct")
        if not self.key.isidentifier() or not self.types or self.window < 1:
            raise ValueError(f"indicator {self.key!r} needs a name, types and a window")
        if named != bool(self.column):
            raise ValueError(f"indicator {self.key}: a column is named for sums and distinct values, and only there")
        if self.decay and self.measure not in ("count", "sum"):
            raise ValueError(f"indicator {self.key}: only counts and sums can decay")
        if any(part < 0 for part in self.decay) or not self.weight:
            raise ValueError(f"indicator {self.key}: parts are not negative, and the weight is not 0")
        if any(not condition.values for condition in self.conditions):
            raise ValueError(f"indicator {self.key}: a condition without values holds for no row")

    @property
    def sums(self) -> str:
        """The column that must hold whole numbers; '' if there is none."""
        return self.column if self.measure == "sum" else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that must hold texts."""
        told_apart = (self.column,) if self.measure == "distinct" else ()
        return (*(condition.column for condition in self.conditions), *told_apart)

"""What a check is: one rule with an id, the ways a row can fail it, and words for the person who must fix it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import ibis.expr.types as ir

from xinheng.catalogue.contract import Contract, Field

Level = Literal["error", "warning", "notice"]
"""error: the row is refused; warning: it goes in and the supplier is told; notice: it goes in, unpublished."""


@dataclass(frozen=True)
class Condition:
    """One way a row can fail; `failing` is true where it does and never NULL."""

    check: str
    column: str
    variant: str
    level: Level
    failing: ir.BooleanValue


@dataclass(frozen=True)
class Scan:
    """A pattern to look for in a column. Patterns of one column are joined and searched in one pass."""

    column: str
    pattern: str


@dataclass(frozen=True)
class CheckContext:
    """What a check may know beside the row: the day of receipt and the codes of the department register."""

    as_at: date
    department_codes: frozenset[str]


@dataclass(frozen=True)
class Explanation:
    """What is wrong and how to put it right, in Chinese."""

    message: str
    advice: str


class Check(Protocol):
    """One rule. `texts` holds its words by variant; they may use {label}, {length}, {values}, {example}, and of the
    field that decides whether this one is filled {when} and {when_values}."""

    id: str
    title: str
    level: Level
    citation: str
    verified: bool
    description: str
    texts: Mapping[str, Explanation]
    covers_withdrawals: bool = False
    """Whether it looks at every column of a withdrawal too; else only at those that name what is withdrawn."""

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        """The ways in which rows of this contract can fail."""
        ...

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        """Cheaper tests that together miss no failing row; a few rows too many do no harm."""
        return [condition.failing for condition in self.conditions(contract, row, context)]

    def explain(self, field: Field, variant: str, contract: Contract) -> Explanation:
        """The words for one way of failing in one column; KeyError for an unknown variant."""
        text = self.texts[variant]
        facts = {
            "label": field.label,
            "length": field.length or "",
            "values": "、".join(_shown(field, value) for value in field.values),
            "example": f"，例如“{field.example}”" if field.example and not field.personal else "",
            "when": contract.field(field.filled_when.field).label if field.filled_when else "",
            "when_values": "、".join(field.filled_when.values) if field.filled_when else "",
        }
        return Explanation(text.message.format(**facts), text.advice.format(**facts))


def _shown(field: Field, value: str) -> str:
    return f"{value}-具体内容" if value == field.open_value else value

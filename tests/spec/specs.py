"""Reads the specification: small tables, one situation each, with the question and the answer expected."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import yaml
from tests.spec.operations import OPERATIONS

from xinheng.engines.questions import Engine, Question, Row

FOLDER = Path(__file__).parent
KINDS = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
EMPTY, NOTHING = "NULL", "''"
SEEN, MEANT = "␟", "\x1f"
"""What stands in a drawn table for the character between two names."""


@dataclass(frozen=True)
class Drawn:
    """A table as it is written: its headings and its cells as texts."""

    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Case:
    """One situation."""

    title: str
    parameters: Mapping[str, Any]
    drawn: Mapping[str, Drawn]
    expected: Drawn
    question: Question

    def answered(self, engine: Engine) -> list[Row]:
        """What an engine answers."""
        for name, schema in self.question.tables.items():
            engine.put(name, schema, rows(self.drawn[name], schema))
        return in_order(engine.answer(self.question))

    def wanted(self) -> list[Row]:
        return in_order(rows(self.expected, self.question.expression().schema()))


@dataclass(frozen=True)
class Spec:
    """One operation with its situations."""

    operation: str
    title: str
    description: str
    cases: tuple[Case, ...]


def specs() -> list[Spec]:
    """All of them, in the order of the page."""
    return [_spec(FOLDER / f"{name}.yaml") for name in OPERATIONS]


def rows(drawn: Drawn, schema: ibis.Schema) -> list[Row]:
    """The rows of a table; columns that are not drawn are empty."""
    unknown = set(drawn.headings) - set(schema.names)
    assert not unknown, f"no such columns: {unknown}"
    empty = dict.fromkeys(schema.names)
    found = []
    for line in drawn.lines:
        cells = dict(zip(drawn.headings, line, strict=True))
        found.append(empty | {name: _value(text, schema[name]) for name, text in cells.items()})
    return found


def in_order(found: Sequence[Row]) -> list[Row]:
    """The rows in an order that every engine shares: none does promise one."""
    return sorted(found, key=lambda row: [(value is not None, value) for value in row.values()])


def _spec(path: Path) -> Spec:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert document["operation"] == path.stem
    cases = tuple(_case(path.stem, dict(one)) for one in document["cases"])
    assert len({case.title for case in cases}) == len(cases)
    return Spec(path.stem, document["title"], document["description"], cases)


def _case(operation: str, given: dict[str, Any]) -> Case:
    title, expected = given.pop("title"), _drawn(given.pop("expected"))
    drawn = {
        name: _drawn(given.pop(name)) for name in list(given) if isinstance(given[name], str) and "|" in given[name]
    }
    question = OPERATIONS[operation](given)
    assert set(drawn) == set(question.tables), f"{title}: tables are missing"
    return Case(title, given, drawn, expected, question)


def _drawn(text: str) -> Drawn:
    headings, *lines = [tuple(cell.strip() for cell in line.split("|")) for line in text.splitlines() if line.strip()]
    return Drawn(headings, tuple(lines))


def _value(text: str, kind: ibis.DataType) -> Any:
    if text == EMPTY:
        return None
    if kind.is_integer():
        return int(text)
    if kind.is_date():
        return date.fromisoformat(text)
    if kind.is_boolean():
        return {"true": True, "false": False}[text]
    if kind.is_uuid():
        return str(uuid.uuid5(KINDS, text))
    return "" if text == NOTHING else text.replace(SEEN, MEANT)

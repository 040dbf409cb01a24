"""Dated values: what a rule said on a given day, and which text says so."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from xinheng.base.errors import NotFound
from xinheng.rulebook.reading import MarkedList, MarkedMap, Place, Section

Value: TypeAlias = "str | int | bool | date | tuple[Value, ...] | None"


class NoValueYet(NotFound):
    """The rule has no value on the day asked for."""


@dataclass(frozen=True)
class DatedValue:
    """What a rule says from `since` until the next value begins.

    `value` None means: from that day the rule says nothing. A value with `verified` False is a working
    default of the office; it is never shown as law.
    """

    since: date
    value: Value
    citation: str
    verified: bool
    reviewed_on: date | None
    provision: str
    """`text_key#article` of the legal register; empty when the text is not registered."""
    note: str
    place: Place


@dataclass(frozen=True)
class Rule:
    """One parameter with all its values, oldest first."""

    key: str
    description: str
    unit: str
    values: tuple[DatedValue, ...]
    pack: str
    place: Place


def read_rule(section: Section, pack: str) -> Rule:
    """One rule file: key, description, unit and values by start date."""
    inner = section.section("values")
    values = [_read_dated_value(inner, since) for since in inner.data]
    if not values:
        raise section.refuse("values", "至少要有一个起始日期的取值。")
    rule = Rule(
        key=section.text("key"),
        description=section.text("description"),
        unit=section.text("unit", ""),
        values=tuple(sorted(values, key=lambda dated: dated.since)),
        pack=pack,
        place=section.place,
    )
    section.done()
    return rule


def value_at(rule: Rule, as_at: date) -> DatedValue:
    """The value in force on that day; NoValueYet before the first and where the rule says nothing."""
    in_force = [dated for dated in rule.values if dated.since <= as_at]
    if not in_force or in_force[-1].value is None:
        raise NoValueYet(f"规则“{rule.description}”在 {as_at.year}年{as_at.month}月{as_at.day}日没有取值。")
    return in_force[-1]


def read_citation(section: Section) -> tuple[str, bool, date | None]:
    """The three keys every stated fact carries: citation, verified, reviewed_on.

    A verified fact without a citation is refused.
    """
    citation = section.text("citation")
    verified = section.flag("verified")
    reviewed_on = section.optional_day("reviewed_on")
    if verified and not citation:
        raise section.refuse("citation", "已核实（verified: true）的内容必须写明出处。")
    return citation, verified, reviewed_on


def _read_dated_value(inner: Section, since: object) -> DatedValue:
    if not isinstance(since, date) or isinstance(since, datetime):
        raise inner.refuse(since, f"“{since}”应为起始日期，例如 2026-04-01。")
    entry = inner.section(since)
    citation, verified, reviewed_on = read_citation(entry)
    dated = DatedValue(
        since=since,
        value=_plain(entry, entry.value("value")),
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        provision=entry.text("provision", ""),
        note=entry.text("note", ""),
        place=inner.place_of(since),
    )
    entry.done()
    return dated


def _plain(entry: Section, value: object) -> Value:
    if isinstance(value, MarkedMap | float):
        raise entry.refuse("value", "取值只能是文字、整数、日期、true、false 或它们的列表；小数请写成文字。")
    if isinstance(value, MarkedList):
        return tuple(_plain(entry, item) for item in value)
    if value is None or isinstance(value, str | int | date):
        return value
    raise entry.refuse("value", "取值的类型不认识。")

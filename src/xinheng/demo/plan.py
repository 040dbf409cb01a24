"""Who delivers what and when: the county's files before a row of them is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xinheng.demo.days import DecisionDays
from xinheng.demo.formats import Style
from xinheng.demo.registrations import REGISTRIES, Registry
from xinheng.demo.texts import read_text
from xinheng.rulebook.reading import Section, read_each

RECENT = timedelta(days=28)
"""What was decided before these days arrives in one file, as a county hands over its past when it begins."""
LATE_SHARE = 0.04
"""Part of a recent file that was decided long before."""


@dataclass(frozen=True)
class Office:
    """How one department numbers its documents and writes its files."""

    mark: str
    style: Style
    profile: str


@dataclass(frozen=True)
class Supply:
    """One department's decisions of one type; `share` is its part of all records of the county."""

    type: str
    department: str
    share: float
    cycle: int
    again: bool


@dataclass(frozen=True)
class Part:
    """One file of a supply: how many rows, decided on which days, delivered when."""

    supply: Supply
    number: int
    """0 for the first delivery, then 1, 2, …"""
    days: list[date]
    rows: int
    delivered_on: date


@dataclass(frozen=True)
class Plan:
    """Everything the county delivers."""

    offices: dict[str, Office]
    words: dict[str, str]
    """By record type the word in a document number."""
    supplies: tuple[Supply, ...]
    registries: tuple[Registry, ...] = REGISTRIES


def read_plan() -> Plan:
    """The plan in `texts/deliveries.yaml`; shares add up to one."""
    section = read_text("deliveries")
    offices = section.section("departments")
    supplies = tuple(read_each(section.sections("streams"), _supply))
    total = sum(supply.share for supply in supplies)
    return Plan(
        offices={name: _office(offices.section(name)) for name in offices.text_keys()},
        words=dict(section.pairs("types")),
        supplies=tuple(Supply(one.type, one.department, one.share / total, one.cycle, one.again) for one in supplies),
    )


def parts(supply: Supply, *, records: int, days: DecisionDays) -> Iterator[Part]:
    """The supply's files in the order of their delivery; every supply has at least one row."""
    rows = max(1, round(records * supply.share))
    as_at, since = days.as_at, days.as_at - RECENT
    history = days.between(days.first, since)
    if not supply.cycle:
        yield Part(supply, 0, history, rows, since)
        return
    per_day = rows / len(days.weighted)
    yield Part(supply, 0, history, max(1, round(per_day * len(history))), since)
    number, start = 0, since
    while start < as_at:
        end = min(start + timedelta(days=supply.cycle), as_at)
        current = days.between(start, end)
        number += 1
        if current:
            late = days.between(start - 2 * RECENT, start - RECENT)[: round(len(current) * LATE_SHARE)]
            yield Part(supply, number, late + current, max(1, round(per_day * len(current))), end)
        start = end


def _office(section: Section) -> Office:
    style = Style(section.text("container"), section.text("headers"), section.text("dates"))
    return Office(section.text("mark"), style, section.text("profile"))


def _supply(section: Section) -> Supply:
    return Supply(
        type=section.text("type"),
        department=section.text("department"),
        share=float(section.text("share")),
        cycle=section.whole("cycle", 0),
        again=section.flag("again", False),
    )

"""Spoils a share of the rows, and keeps account of what was spoiled where."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from xinheng.catalogue.contract import Contract
from xinheng.demo.decisions import Made, Row
from xinheng.demo.faults import FAULTS, REPEATED, Case
from xinheng.demo.organisations import Roster
from xinheng.demo.texts import read_text

ROWS = 100_000
REPEATED_AFTER = 40
"""A repeated row follows its first within so many rows, as when a block is pasted twice."""


@dataclass(frozen=True)
class Planted:
    """One spoiled row as the receipt will number it, with what the receipt should say."""

    row: int
    column: str
    fault: str
    outcome: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """How often each fault occurs: the upper bounds of each fault's share, and the faults."""

    bounds: tuple[float, ...]
    faults: tuple[str, ...]

    def drawn(self, roll: float) -> str:
        """The fault for this roll of the dice; empty for most."""
        place = bisect_right(self.bounds, roll)
        return self.faults[place] if place < len(self.faults) else ""


CLEAN = Profile((), ())


def read_profiles() -> dict[str, Profile]:
    """The profiles of the rates file by name, with `clean` for files without faults."""
    section = read_text("dirt").section("profiles")
    profiles = {"clean": CLEAN}
    for name in section.text_keys():
        rates = section.section(name)
        faults = tuple(rates.text_keys())
        shares = (rates.whole(fault) / ROWS for fault in faults)
        profiles[name] = Profile(tuple(accumulate(shares)), faults)
    return profiles


def spoiled(
    made: Iterator[Made], *, profile: Profile, contract: Contract, roster: Roster, as_at: date, seed: str
) -> Iterator[tuple[Row, Planted | None]]:
    """The rows in file order, some of them spoiled. The first data row is row 2, as a spreadsheet numbers it."""
    rng = Random(seed)  # noqa: S311 - a generator of test data must be repeatable
    seen_subjects: set[str] = set()
    number = 1
    waiting: list[tuple[int, Row]] = []
    for row, party in made:
        number += 1
        fault = profile.drawn(rng.random())
        if not fault:
            yield row, None
        elif fault == REPEATED:
            yield row, None
            waiting.append((number + 1 + int(rng.random() * REPEATED_AFTER), dict(row)))
        else:
            case = Case(row, party, contract, roster, as_at, rng, seen_subjects)
            column = FAULTS[fault].spoil(case)
            yield row, _planted(number, column, fault) if column else None
        while waiting and waiting[0][0] <= number:
            number += 1
            yield waiting.pop(0)[1], Planted(number, "", REPEATED, "rejected", ("V11",))
    for _, row in waiting:
        number += 1
        yield row, Planted(number, "", REPEATED, "rejected", ("V11",))


def _planted(number: int, column: str, fault: str) -> Planted:
    return Planted(number, column, fault, FAULTS[fault].outcome, FAULTS[fault].checks)

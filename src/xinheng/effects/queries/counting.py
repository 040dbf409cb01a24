"""Live numbers, from the tally: sums over a few thousand rows, however many records there are."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.queries.in_force import CURRENT, IN_FORCE, asked, within
from xinheng.effects.queries.pages import listed_types
from xinheng.ledger.models import Batch
from xinheng.register.models import Organisation

_ORGANISATIONS_KEPT = 3600


@dataclass(frozen=True)
class Counts:
    """What is public on a day; `by_type` has one entry for each list, first-generation tables within it."""

    by_type: dict[str, int]
    organisations: int

    @property
    def total(self) -> int:
        return sum(self.by_type.values())


@dataclass(frozen=True)
class Shown:
    """What the doors would serve, counted on the effects themselves: `expired` must be nought."""

    live: int
    expired: int


def counts(scope: Scope, *, as_at: date) -> Counts:
    """How many records of each kind are public, and how many organisations are registered."""
    rules = {contract.key: contract.publication_rule for contract in load_contracts(settings.PACK).values()}
    by_type: dict[str, int] = {}
    for key, count in _sums(scope, "p.type", as_at):
        rule = rules[key]
        by_type[rule] = by_type.get(rule, 0) + int(count)
    return Counts({key: count for key, count in by_type.items() if count}, _organisations())


def counts_by_month(scope: Scope, *, type: str, as_at: date, months: int = 12) -> tuple[tuple[date, int], ...]:
    """Public records of one list by month of decision, oldest month first, months without any included."""
    last = as_at.year * 12 + as_at.month - 1
    wanted = [date(month // 12, month % 12 + 1, 1) for month in range(last - months + 1, last + 1)]
    found = dict(
        _sums(
            scope,
            "p.month",
            as_at,
            "AND p.type = ANY(%(types)s) AND p.month >= %(first)s",
            types=list(listed_types(type)),
            first=wanted[0],
        )
    )
    return tuple((month, int(found.get(month, 0))) for month in wanted)


def counts_by_department(scope: Scope, *, as_at: date) -> tuple[tuple[str, int], ...]:
    """Public records by department, the most first."""
    found = dict(_sums(scope, "p.department_id", as_at))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM people_department WHERE id = ANY(%s)", [list(found)])
        names = dict(cursor.fetchall())
    listed = [(names[number], int(count)) for number, count in found.items() if count]
    return tuple(sorted(listed, key=lambda one: (-one[1], one[0])))


def still_shown(scope: Scope, *, as_at: date) -> Shown:
    """Count on the effects what the doors would serve; reads everything, for the nightly check only."""
    condition, parameters = within(scope)
    query = f"""
        SELECT count(*), count(*) FILTER (WHERE e.ends <= %(as_at)s OR e.ended_at IS NOT NULL)
        FROM effects_effect e JOIN register_record r ON r.id = e.record_id WHERE {CURRENT} AND {IN_FORCE} {condition}
    """
    with connection.cursor() as cursor:
        cursor.execute(query, asked(as_at, **parameters))
        live, expired = cursor.fetchone()
    return Shown(int(live), int(expired))


def _sums(scope: Scope, column: str, as_at: date, extra: str = "", **parameters: Any) -> list[tuple[Any, int]]:
    condition, scoped = within(scope, "p")
    query = f"""
        SELECT {column}, sum(p.delta) FROM effects_publicationtally p
        WHERE p.day <= %(as_at)s {extra} {condition} GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(query, {"as_at": as_at, **scoped, **parameters})
        return list(cursor.fetchall())


def _organisations() -> int:
    """Registered organisations; counted anew whenever a further batch is known."""
    newest = Batch.objects.aggregate(newest=Max("number"))["newest"] or 0
    key = f"effects.organisations.{newest}"
    known = cache.get(key)
    if known is None:
        known = Organisation.objects.filter(registered=True).count()
        cache.set(key, known, _ORGANISATIONS_KEPT)
    return int(known)

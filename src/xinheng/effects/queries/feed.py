"""The public feed: which record appeared, was suspended or ended, as opaque words and never why."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.effects.models import FeedKind
from xinheng.effects.queries.in_force import within
from xinheng.register.references import record_ref


class TooOld(Refused):
    """The place a reader wants to go on from is not in the feed any more, or not yet."""


@dataclass(frozen=True, order=True)
class Position:
    """How far somebody read: a timepoint, and the last publication of it."""

    timepoint: int = 0
    effect: int = 0


@dataclass(frozen=True)
class FeedEntry:
    """One change of one record version: it can be read now, or it must no longer be used."""

    kind: FeedKind
    ref: str
    version: int
    at: datetime


@dataclass(frozen=True)
class FeedPage:
    """Some changes, oldest first. `position` is where to go on from; `newest` is the end of the feed."""

    entries: tuple[FeedEntry, ...]
    position: Position
    newest: Position
    more: bool


_SAID = {FeedKind.RESUMED: FeedKind.APPEARED, FeedKind.EXPIRED: FeedKind.ENDED}
"""What a reader need not tell apart, and so is not told."""
_ALL = 10**18 - 1


def feed(scope: Scope, *, since: Position | None, limit: int) -> FeedPage:
    """The changes after a position, or from the oldest kept one on; TooOld when the position is not in the feed."""
    oldest, newest = _reach()
    if since is not None and not (oldest - 1 <= since.timepoint <= newest):
        raise TooOld(
            "这一时间点不在变动清单的范围内。",
            "请先重新读取全部公示信息，再从本次回答中的 newest 继续。",
        )
    start = since or Position(oldest - 1, _ALL)
    condition, parameters = within(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT t.number, x.id, v.kind, r.record_no, r.version, v.at
            FROM effects_timepoint t JOIN effects_feedevent v ON v.id = t.event_id
            CROSS JOIN LATERAL (
                SELECT e.id, e.record_id FROM effects_effect e
                WHERE e.id BETWEEN v.first_effect AND v.last_effect AND e.kind = 'publication'
                  AND (v.kind <> 'appeared' OR e.created_by_batch IS NOT DISTINCT FROM v.batch_no)
                  AND (t.number > %(timepoint)s OR e.id > %(effect)s)
                ORDER BY e.id LIMIT %(limit)s
            ) x JOIN register_record r ON r.id = x.record_id
            WHERE t.number BETWEEN %(timepoint)s AND %(newest)s {condition}
            ORDER BY t.number, x.id LIMIT %(limit)s
            """,
            {"timepoint": start.timepoint, "effect": start.effect, "newest": newest, "limit": limit + 1, **parameters},
        )
        rows = cursor.fetchall()
    page = rows[:limit]
    entries = tuple(
        FeedEntry(_SAID.get(FeedKind(kind), FeedKind(kind)), record_ref(number), version, at)
        for _, _, kind, number, version, at in page
    )
    end = Position(newest, _ALL)
    position = Position(page[-1][0], page[-1][1]) if page and len(rows) > limit else end
    return FeedPage(entries, position, end, len(rows) > limit)


def _reach() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(number), 1), coalesce(max(number), 0) FROM effects_timepoint")
        oldest, newest = cursor.fetchone()
    return int(oldest), int(newest)

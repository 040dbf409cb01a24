"""The daily upkeep: publication ends by date without it; it tells the feed, checks, and clears caches."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Refused
from xinheng.base.scope import PUBLIC
from xinheng.effects.models import Upkeep
from xinheng.effects.queries import counts, still_shown

_KEEPER = Actor.system("每日维护")


@dataclass(frozen=True)
class UpkeepReport:
    """What a run did; `told_from` is the first day whose expiries it told."""

    told_from: date
    expired: int


@transaction.atomic
def daily_upkeep(*, today: date, now: datetime) -> UpkeepReport:
    """Write feed events for what ran out since the last run, up to and including today.

    Refused, with nothing written, when a public door would still serve something that ran out or when the
    tally differs from the effects: both would be errors of the program that a person must see.
    """
    last = Upkeep.objects.order_by("-day").first()
    told_from = last.day + timedelta(days=1) if last else today
    expired = 0
    if told_from <= today:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO effects_feedevent (region_id, kind, first_effect, last_effect, count, at)
                SELECT region_id, 'expired', id, id, 1, %s FROM effects_effect
                WHERE ends BETWEEN %s AND %s AND ended_at IS NULL
                """,
                [now, told_from, today],
            )
            expired = int(cursor.rowcount)
        Upkeep.objects.create(day=today, ran_at=now, expired=expired)
        record(act="effects.upkeep", by=_KEEPER, now=now, object_type="day", object_id=today.isoformat(),
               detail={"expired": expired})  # fmt: skip
    _check(today)
    cache.clear()
    return UpkeepReport(told_from, expired)


def _check(today: date) -> None:
    served = still_shown(PUBLIC, as_at=today)
    counted = sum(counts(PUBLIC, as_at=today).by_type.values())
    if served.expired:
        raise Refused(f"有 {served.expired} 条已到期的信息仍会被公示。", "请立即停止对外服务并检查程序。")
    if served.live != counted:
        raise Refused(f"公示计数（{counted}）与实际公示的条数（{served.live}）不一致。", "请运行检查命令核对。")

"""Early ends: a correction, a withdrawal, a repair. What ended so does not come back by itself."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.effects.actions.retracting import retract_effects, retract_replaced
from xinheng.effects.models import FOLLOWING, EndReason, RetractionCause
from xinheng.effects.tallying import tally_effects

_NOT_HIDDEN = """
    NOT EXISTS (SELECT 1 FROM effects_suspension h
                WHERE h.effect_id = t.effect_id AND h.hides AND h.resumed_at IS NULL)
"""
_FOLLOWING = ", ".join(f"'{one.value}'" for one in FOLLOWING)
_REASON = """CASE WHEN n.withdrawn THEN 'withdrawn' WHEN n.removed_on <= %(today)s THEN 'removed'
    ELSE 'corrected' END"""
_WHY = """CASE WHEN n.withdrawn THEN n.withdrawal_reason WHEN n.removed_on <= %(today)s THEN '认定单位已移出'
    ELSE '部门报送了更正' END"""


@transaction.atomic
def end_for_versions(*, batch_no: int, now: datetime, today: date, by: Actor) -> dict[str, int]:
    """End what the versions that this batch replaced had caused: `corrected`, `removed` from a list, or `withdrawn`.

    Returns the number of ends by reason. What had run out by date needs no end.
    """
    name = uuid.uuid4().hex
    table, replaced = f"ending_{name}", f"replaced_{name}"
    with connection.cursor() as cursor:
        # Of a batch that is being written the planner expects one row; so its changes get a table with statistics.
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE {replaced} AS
            SELECT record_no, version - 1 AS version, withdrawn, withdrawal_reason, removed_on FROM register_record
            WHERE batch_no = %s AND version > 1
            """,
            [batch_no],
        )
        cursor.execute(f"ANALYZE {replaced} (record_no)")
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE {table} AS
            SELECT e.id AS effect_id, e.region_id,
                   {_REASON} AS reason, {_WHY} AS why
            FROM {replaced} n
            JOIN register_record o ON o.record_no = n.record_no AND o.version = n.version
            JOIN effects_effect e ON e.record_id = o.id AND e.kind = 'publication'
                AND e.end_reason <> 'corrected' AND e.ended_at IS NULL
            WHERE e.ends IS NULL OR e.ends > %(today)s
            UNION ALL
            -- By itself, so that each half finds its rows by its own index.
            SELECT e.id, e.region_id, {_REASON}, {_WHY}
            FROM {replaced} n
            JOIN register_record o ON o.record_no = n.record_no AND o.version = n.version
            JOIN effects_effect e ON e.record_id = o.id AND e.kind IN ({_FOLLOWING})
                AND e.ended_at IS NULL
            WHERE e.ends IS NULL OR e.ends > %(today)s
            """,
            {"today": today},
        )
        counts = _end(cursor, table, cause=RetractionCause.ENDED, now=now, today=today, by=by, batch_no=batch_no)
        retract_replaced(cursor, replaced, batch_no=batch_no, now=now, today=today)
        cursor.execute(f"DROP TABLE {replaced}")
    if counts:
        record(
            act="effects.end",
            by=by,
            now=now,
            object_type="batch",
            object_id=str(batch_no),
            detail={"ended": counts},
        )
    return counts


@transaction.atomic
def end_effects(
    *, effect_ids: Sequence[int], reason: EndReason, why: str, by: Actor, now: datetime, today: date
) -> int:
    """End effects before their date; how many were still alive."""
    table = f"ending_{uuid.uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE {table} AS
            SELECT e.id AS effect_id, e.region_id, %s::text AS reason, %s::text AS why FROM effects_effect e
            WHERE e.id = ANY(%s) AND e.ended_at IS NULL AND (e.ends IS NULL OR e.ends > %s)
            """,
            [reason.value, why, list(effect_ids), today],
        )
        wrong = reason is EndReason.UNFOUNDED
        cause = RetractionCause.WRONG if wrong else RetractionCause.ENDED
        counts = _end(cursor, table, cause=cause, now=now, today=today, by=by, batch_no=None)
    ended = sum(counts.values())
    record(
        act="effects.end",
        by=by,
        now=now,
        object_type="effect",
        object_id=",".join(str(number) for number in list(effect_ids)[:5]),
        detail={"ended": ended, "reason": reason.value},
    )
    return ended


def _end(
    cursor: Any, table: str, *, cause: RetractionCause, now: datetime, today: date, by: Actor, batch_no: int | None
) -> dict[str, int]:
    """End the effects of `table` (effect_id, region_id, reason, why), tell the tally, the feed and who has copies."""
    cursor.execute(f"ANALYZE {table}")
    cursor.execute(
        f"""
        INSERT INTO effects_effectchange (effect_id, change, at, actor_kind, actor_id, actor_name, reason, batch_no)
        SELECT effect_id, 'ended', %s, %s, %s, %s, why, %s FROM {table}
        """,
        [now, by.kind, by.id, by.name, batch_no],
    )
    cursor.execute(
        f"""
        UPDATE effects_effect e SET ended_at = %s, end_reason = t.reason FROM {table} t
        WHERE e.id = t.effect_id AND e.ended_at IS NULL
        """,
        [now],
    )
    cursor.execute(f"SELECT reason, count(*) FROM {table} GROUP BY reason ORDER BY reason")
    counts = {str(reason): int(count) for reason, count in cursor.fetchall()}
    cursor.execute(
        f"""
        INSERT INTO effects_feedevent (region_id, kind, first_effect, last_effect, count, batch_no, at)
        SELECT region_id, 'ended', effect_id, effect_id, 1, %s, %s FROM {table}
        """,
        [batch_no, now],
    )
    retract_effects(cursor, table, cause=cause, batch_no=batch_no, now=now, today=today)
    # Hidden ones were counted down when they were hidden.
    cursor.execute(f"DELETE FROM {table} t WHERE NOT ({_NOT_HIDDEN})")
    tally_effects(cursor, table, today, appear=False)
    cursor.execute(f"DROP TABLE {table}")
    return counts

"""Letting effects rest and go on again. A suspension has one cause; an effect rests while any is open."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from xinheng.audit.actor import Actor
from xinheng.effects.actions.retracting import retract_effects, tell_again_public
from xinheng.effects.models import RetractionCause, Takedown
from xinheng.effects.tallying import tally_effects

_HIDDEN = """
    EXISTS (SELECT 1 FROM effects_suspension h
            WHERE h.effect_id = {effect} AND h.hides AND h.resumed_at IS NULL)
"""


@transaction.atomic
def suspend_effects(
    *, effect_ids: Sequence[int], cause: str, hides: bool, reason: str, by: Actor, now: datetime, today: date
) -> int:
    """Let effects rest for one cause; how many were not resting for it yet.

    With `hides` False the record stays public and only carries a mark. The caller writes the audit event.
    """
    with connection.cursor() as cursor:
        return _suspend(
            cursor,
            "SELECT unnest(%s::bigint[])",
            [list(effect_ids)],
            cause=cause,
            hides=hides,
            reason=reason,
            by=by,
            now=now,
            today=today,
        )


@transaction.atomic
def resume_effects(*, cause: str, reason: str, by: Actor, now: datetime, today: date) -> int:
    """Close the suspensions of one cause; effects without another open one go on."""
    table = f"resuming_{uuid.uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE {table} AS
            SELECT s.id AS suspension_id, s.effect_id, s.hides, e.region_id, e.ended_at IS NULL AS alive
            FROM effects_suspension s JOIN effects_effect e ON e.id = s.effect_id
            WHERE s.cause = %s AND s.resumed_at IS NULL
            """,
            [cause],
        )
        _write_changes(cursor, table, "resumed", by=by, now=now, reason=reason)
        cursor.execute(
            f"""
            UPDATE effects_suspension s SET resumed_at = %s FROM {table} t WHERE s.id = t.suspension_id
            """,
            [now],
        )
        count = int(cursor.rowcount)
        # What still rests for another cause stays away; what merely carried a mark was never away.
        cursor.execute(
            f"DELETE FROM {table} t WHERE NOT t.alive OR NOT t.hides OR {_HIDDEN.format(effect='t.effect_id')}"
        )
        tally_effects(cursor, table, today, appear=True)
        _write_feed(cursor, table, "resumed", now)
        tell_again_public(cursor, table, now=now, today=today)
        cursor.execute(f"DROP TABLE {table}")
    return count


def carry_takedowns(cursor: Any, judged: str, *, now: datetime, today: date) -> None:
    """A new version of a record that is taken down begins hidden."""
    in_force = {
        takedown.record_no: takedown for takedown in Takedown.objects.filter(confirmed_at__isnull=False, lifted_at=None)
    }
    if not in_force:
        return
    cursor.execute(
        f"""
        SELECT j.record_no, e.id FROM {judged} j JOIN effects_effect e ON e.record_id = j.record_id
        WHERE j.outcome = 'publish' AND j.record_no = ANY(%s) AND e.kind = 'publication'
          AND e.end_reason <> 'corrected' AND e.ended_at IS NULL
        """,
        [list(in_force)],
    )
    for record_no, effect in cursor.fetchall():
        suspend_effects(
            effect_ids=[effect],
            cause=in_force[record_no].cause,
            hides=True,
            reason=in_force[record_no].reason,
            by=Actor.system("公示"),
            now=now,
            today=today,
        )


def carry_marks(cursor: Any, judged: str, *, now: datetime, today: date) -> None:
    """A new version of a record that is marked or rests does so too: what is examined is the record."""
    cursor.execute(
        """
        SELECT DISTINCT p.record_no, s.cause, s.hides, s.reason FROM effects_suspension s
        JOIN effects_effect o ON o.id = s.effect_id JOIN register_record p ON p.id = o.record_id
        WHERE s.resumed_at IS NULL AND (NOT s.hides OR s.cause LIKE 'shield:%' OR s.cause LIKE 'remedy:%')
        """
    )
    marks = cursor.fetchall()
    if not marks:
        return
    cursor.execute(
        f"""
        SELECT j.record_no, e.id FROM {judged} j JOIN effects_effect e ON e.record_id = j.record_id
        WHERE j.outcome = 'publish' AND j.record_no = ANY(%s) AND e.kind = 'publication'
          AND e.end_reason <> 'corrected' AND e.ended_at IS NULL
        """,
        [[mark[0] for mark in marks]],
    )
    new = cursor.fetchall()
    for marked, cause, hides, reason in marks:
        effects = [effect for record_no, effect in new if record_no == marked]
        if effects:
            suspend_effects(
                effect_ids=effects,
                cause=cause,
                hides=hides,
                reason=reason,
                by=Actor.system("公示"),
                now=now,
                today=today,
            )


def _suspend(
    cursor: Any,
    effects: str,
    parameters: list[object],
    *,
    cause: str,
    hides: bool,
    reason: str,
    by: Actor,
    now: datetime,
    today: date,
) -> int:
    table = f"suspending_{uuid.uuid4().hex}"
    # Locked first, so that no copy is handed out meanwhile (`handing_over`) and walks meet in one order.
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM effects_effect WHERE id IN ({effects}) ORDER BY id FOR UPDATE) AS locked",
        parameters,
    )
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE {table} AS
        SELECT e.id AS effect_id, e.region_id, {_HIDDEN.format(effect="e.id")} AS hidden FROM effects_effect e
        WHERE e.id IN ({effects}) AND e.ended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM effects_suspension s WHERE s.effect_id = e.id AND s.cause = %s AND s.resumed_at IS NULL)
        """,
        [*parameters, cause],
    )
    _write_changes(cursor, table, "suspended", by=by, now=now, reason=reason)
    cursor.execute(
        f"""
        INSERT INTO effects_suspension (effect_id, cause, hides, suspended_at, reason)
        SELECT effect_id, %s, %s, %s, %s FROM {table}
        """,
        [cause, hides, now, reason],
    )
    count = int(cursor.rowcount)
    cursor.execute(f"DELETE FROM {table} WHERE hidden OR NOT %s", [hides])
    tally_effects(cursor, table, today, appear=False)
    _write_feed(cursor, table, "suspended", now)
    retract_effects(cursor, table, cause=RetractionCause.SUSPENDED, batch_no=None, now=now, today=today)
    cursor.execute(f"DROP TABLE {table}")
    return count


def _write_changes(cursor: Any, table: str, change: str, *, by: Actor, now: datetime, reason: str) -> None:
    cursor.execute(
        f"""
        INSERT INTO effects_effectchange (effect_id, change, at, actor_kind, actor_id, actor_name, reason)
        SELECT effect_id, %s, %s, %s, %s, %s, %s FROM {table}
        """,
        [change, now, by.kind, by.id, by.name, reason],
    )


def _write_feed(cursor: Any, table: str, kind: str, now: datetime) -> None:
    cursor.execute(
        f"""
        INSERT INTO effects_feedevent (region_id, kind, first_effect, last_effect, count, at)
        SELECT region_id, %s, effect_id, effect_id, 1, %s FROM {table}
        """,
        [kind, now],
    )

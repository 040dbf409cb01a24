"""Telling those who hold or held a copy: to remove it, to put right what was wrong, or that it is public again.

Written in the transaction that ended, hid or replaced the record; a handover locks the same rows
(`handing_over`), so no copy slips out unseen between the two.
"""

from datetime import date, datetime
from typing import Any

from xinheng.effects.deadlines import acknowledge_by
from xinheng.effects.models import RetractionCause

_EFFECTS = """
    SELECT DISTINCT ON (e.record_id) e.region_id, e.record_id, e.id AS effect_id
    FROM {table} t JOIN effects_effect e ON e.id = t.effect_id
    WHERE e.kind IN ('publication', 'listing', 'honour') AND e.record_id IS NOT NULL
    ORDER BY e.record_id, e.kind = 'publication' DESC, e.id
"""
_REPLACED = """
    SELECT o.region_id, o.id AS record_id, NULL::bigint AS effect_id FROM {table} t
    JOIN register_record o ON o.record_no = t.record_no AND o.version = t.version
    WHERE NOT EXISTS (
        SELECT 1 FROM effects_effect e
        WHERE e.record_id = o.id AND e.kind IN ('publication', 'listing', 'honour') AND e.end_reason <> 'corrected')
"""


def retract_effects(cursor: Any, table: str, *, cause: RetractionCause, batch_no: int | None, now: datetime,
                    today: date) -> int:  # fmt: skip
    """Retract the records whose publications stand in `table` (column `effect_id`); how many retractions."""
    return _retract(cursor, _EFFECTS.format(table=table), cause=cause, batch_no=batch_no, now=now, today=today)


def retract_replaced(cursor: Any, table: str, *, batch_no: int, now: datetime, today: date) -> int:
    """Retract versions that were handed over without ever being public here (`record_no`, `version`)."""
    cause = RetractionCause.REPLACED
    return _retract(cursor, _REPLACED.format(table=table), cause=cause, batch_no=batch_no, now=now, today=today)


def tell_again_public(cursor: Any, table: str, *, now: datetime, today: date) -> int:
    """What only rested goes on (`effect_id` in `table`): who was asked to remove it is told that it is public again.

    A request nobody had confirmed is not needed any more. How many recipients were told of how many versions.
    """
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE resting AS
        SELECT x.id, x.region_id, x.recipient_id, x.record_id, x.effect_id, x.handover_id, x.confirmed_at
        FROM {table} t JOIN effects_effect e ON e.id = t.effect_id
        JOIN effects_retraction x ON x.record_id = e.record_id AND x.effect_id = e.id AND x.cause = 'suspended'
        WHERE NOT EXISTS (
            SELECT 1 FROM effects_retraction y WHERE y.record_id = x.record_id AND y.recipient_id = x.recipient_id
              AND y.cause = 'restored' AND y.id > x.id)
        """
    )
    _close_open(cursor, "SELECT id FROM resting WHERE confirmed_at IS NULL", [], now)
    told = _notify(
        cursor,
        "SELECT DISTINCT ON (recipient_id, record_id) * FROM resting ORDER BY recipient_id, record_id, id DESC",
        [],
        cause=RetractionCause.RESTORED,
        now=now,
        today=today,
    )
    cursor.execute("DROP TABLE resting")
    return told


def tell_restored(cursor: Any, record_no: int, effect: int, *, now: datetime, today: date) -> int:
    """Tell everybody who was asked to remove any version of the record that it is public again; how many.

    A request nobody had confirmed is not needed any more.
    """
    open_ones = """
        SELECT x.id FROM effects_retraction x JOIN register_record r ON r.id = x.record_id
        WHERE r.record_no = %s AND x.confirmed_at IS NULL AND x.cause <> 'restored'
    """
    _close_open(cursor, open_ones, [record_no], now)
    return _notify(
        cursor,
        """
        SELECT DISTINCT ON (x.recipient_id) x.region_id, x.recipient_id, x.handover_id, %s::bigint AS effect_id,
            (SELECT n.record_id FROM effects_effect n WHERE n.restores_id = %s) AS record_id
        FROM effects_retraction x JOIN register_record r ON r.id = x.record_id
        WHERE r.record_no = %s ORDER BY x.recipient_id, x.id DESC
        """,
        [effect, effect, record_no],
        cause=RetractionCause.RESTORED,
        now=now,
        today=today,
    )


def tell_wrong(cursor: Any, record_no: int, *, now: datetime, today: date) -> int:
    """Tell everybody who ever had a version of the record that it never should have been; how many.

    Who was told so before, at this very moment by the end or earlier, is not told again.
    """
    return _notify(
        cursor,
        """
        SELECT DISTINCT ON (h.recipient_id) r.region_id, h.recipient_id, h.record_id, h.handover_id,
            (SELECT e.id FROM effects_effect e JOIN register_record p ON p.id = e.record_id
             WHERE p.record_no = r.record_no AND e.kind = 'publication' ORDER BY e.record_id = h.record_id DESC,
             e.id DESC LIMIT 1) AS effect_id
        FROM effects_handedversion h JOIN register_record r ON r.id = h.record_id
        WHERE r.record_no = %s AND NOT EXISTS (
            SELECT 1 FROM effects_retraction x JOIN register_record p ON p.id = x.record_id
            WHERE p.record_no = r.record_no AND x.recipient_id = h.recipient_id AND x.cause = 'wrong'
              AND NOT EXISTS (
                  SELECT 1 FROM effects_retraction y JOIN register_record q ON q.id = y.record_id
                  WHERE q.record_no = r.record_no AND y.recipient_id = h.recipient_id AND y.cause = 'restored'
                    AND y.id > x.id))
        ORDER BY h.recipient_id, r.version DESC, h.id DESC
        """,
        [record_no],
        cause=RetractionCause.WRONG,
        now=now,
        today=today,
    )


def _close_open(cursor: Any, open_ones: str, parameters: list[Any], now: datetime) -> None:
    cursor.execute(
        f"""
        INSERT INTO effects_retractionstep (retraction_id, step, at, actor_kind, actor_id, actor_name, note)
        SELECT x.id, 'not_needed', %s, 'system', '', '撤回', '' FROM ({open_ones}) AS x
        """,
        [now, *parameters],
    )
    cursor.execute(f"UPDATE effects_retraction SET confirmed_at = %s WHERE id IN ({open_ones})", [now, *parameters])


def _notify(cursor: Any, told: str, parameters: list[Any], *, cause: RetractionCause, now: datetime,
            today: date) -> int:  # fmt: skip
    """Write one notice for each row of `told` (region, recipient, record, effect, handover)."""
    cursor.execute(
        f"""
        INSERT INTO effects_retraction (region_id, recipient_id, record_id, effect_id, handover_id, cause, written_at,
            due_on, contested, reminders)
        SELECT region_id, recipient_id, record_id, effect_id, handover_id, '{cause.value}', %s, %s, false, 0
        FROM ({told}) AS told
        """,
        [now, acknowledge_by(today), *parameters],
    )
    return int(cursor.rowcount)


def _retract(cursor: Any, lost: str, *, cause: RetractionCause, batch_no: int | None, now: datetime,
             today: date) -> int:  # fmt: skip
    cursor.execute(
        f"""
        WITH lost AS ({lost}), taken AS (
            UPDATE effects_handedversion h SET retracted_at = %s FROM lost
            WHERE h.record_id = lost.record_id AND h.retracted_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM effects_handover o WHERE o.id = h.handover_id AND o.valid_until < %s)
            RETURNING lost.region_id, h.recipient_id, h.record_id, lost.effect_id, h.handover_id
        )
        INSERT INTO effects_retraction (region_id, recipient_id, record_id, effect_id, handover_id, cause, batch_no,
            written_at, due_on, contested, reminders)
        SELECT region_id, recipient_id, record_id, effect_id, handover_id, %s, %s, %s, %s, false, 0 FROM taken
        """,
        [now, today, cause.value, batch_no, now, acknowledge_by(today)],
    )
    return int(cursor.rowcount)

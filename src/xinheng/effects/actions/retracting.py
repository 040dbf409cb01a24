"""Asking those who hold a copy to remove it: one row per recipient and version, whatever their number.

Written in the transaction that ended, hid or replaced the record; a handover locks the same rows
(`handing_over`), so no copy slips out unseen between the two.
"""

from datetime import date, datetime
from typing import Any

from xinheng.effects.deadlines import acknowledge_by
from xinheng.effects.models import RetractionCause

_EFFECTS = """
    SELECT e.region_id, e.record_id, e.id AS effect_id FROM {table} t JOIN effects_effect e ON e.id = t.effect_id
    WHERE e.kind = 'publication' AND e.record_id IS NOT NULL
"""
_REPLACED = """
    SELECT o.region_id, o.id AS record_id, NULL::bigint AS effect_id FROM {table} t
    JOIN register_record o ON o.record_no = t.record_no AND o.version = t.version
    WHERE NOT EXISTS (
        SELECT 1 FROM effects_effect e
        WHERE e.record_id = o.id AND e.kind = 'publication' AND e.end_reason <> 'corrected')
"""


def retract_effects(cursor: Any, table: str, *, cause: RetractionCause, batch_no: int | None, now: datetime,
                    today: date) -> int:  # fmt: skip
    """Retract the records whose publications stand in `table` (column `effect_id`); how many retractions."""
    return _retract(cursor, _EFFECTS.format(table=table), cause=cause, batch_no=batch_no, now=now, today=today)


def retract_replaced(cursor: Any, table: str, *, batch_no: int, now: datetime, today: date) -> int:
    """Retract versions that were handed over without ever being public here (`record_no`, `version`)."""
    cause = RetractionCause.REPLACED
    return _retract(cursor, _REPLACED.format(table=table), cause=cause, batch_no=batch_no, now=now, today=today)


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

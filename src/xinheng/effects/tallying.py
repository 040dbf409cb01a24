"""The append-only tally: +1 on the day a publication begins, −1 on the day it ends.

Every change of what is public appends the same deltas, so that live numbers are sums over a few rows.
"""

from datetime import date
from typing import Any

_INSERT = "INSERT INTO effects_publicationtally (region_id, department_id, type, month, day, delta)"
_EFFECTS = """
    SELECT r.region_id, r.department_id, r.type, date_trunc('month', r.decided_on)::date AS month,
           greatest(e.starts, %(today)s) AS starts, e.ends, 1 AS records
    FROM effects_effect e JOIN register_record r ON r.id = e.record_id
    WHERE e.id = ANY(SELECT effect_id FROM {table}) AND e.kind = 'publication'
      AND (e.ends IS NULL OR e.ends > %(today)s)
"""
_DELTAS = """
    SELECT region_id, department_id, type, month, day, sum(delta) FROM (
        SELECT region_id, department_id, type, month, starts AS day, {sign} * records AS delta FROM ({source}) s
        UNION ALL
        SELECT region_id, department_id, type, month, ends, -({sign} * records) FROM ({source}) s WHERE ends IS NOT NULL
    ) d GROUP BY 1, 2, 3, 4, 5
"""


def tally_beginnings(cursor: Any, judgements: str, today: date) -> None:
    """Count what has just been published, from the judgements with their numbers of records."""
    source = (
        "SELECT region_id, department_id, type, date_trunc('month', decided_on)::date AS month, "
        f"%(today)s::date AS starts, ends, records FROM {judgements} WHERE outcome = 'publish'"
    )
    cursor.execute(f"{_INSERT} {_DELTAS.format(source=source, sign='1')}", {"today": today})


def tally_effects(cursor: Any, table: str, today: date, *, appear: bool) -> None:
    """Count the effects in `table` (column `effect_id`) as appearing, or as disappearing, from today on."""
    source = _EFFECTS.format(table=table)
    cursor.execute(f"{_INSERT} {_DELTAS.format(source=source, sign='1' if appear else '-1')}", {"today": today})

"""How far an answer reaches: each source with its last delivery, late ones marked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from xinheng.checks.answers import SourceLine
from xinheng.checks.items import Source

_LAST = """
SELECT q.place::int, d.name, b.known_at
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS q(department, type, place)
LEFT JOIN people_department d ON d.code = q.department AND d.region_id = %s
LEFT JOIN LATERAL (
    SELECT known_at FROM ledger_batch WHERE department_id = d.id AND type = q.type ORDER BY number DESC LIMIT 1
) b ON true ORDER BY q.place
"""


def source_lines(sources: Sequence[Source], region_id: int, now: datetime) -> tuple[SourceLine, ...]:
    """The sources with their last deliveries up to now; one that never delivered is not fresh."""
    if not sources:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [[one.department for one in sources], [one.type for one in sources], region_id])
        rows = cursor.fetchall()
    return tuple(
        SourceLine(
            key=one.key,
            title=one.title,
            department_name=name or "",
            last_delivery=last,
            fresh=last is not None and now - last <= timedelta(days=one.within_days),
        )
        for one, (_, name, last) in zip(sources, rows, strict=True)
    )

"""Timepoints of the public feed: given after commit, so that a reader who goes on from one misses nothing."""

from datetime import datetime, timedelta

from django.db import connection, transaction

KEPT_FOR = timedelta(days=180)
"""How far back the feed reaches; who was away longer reads everything anew."""
_LOCK = 7_301_901


@transaction.atomic
def sequence_feed(*, now: datetime) -> int:
    """Give every committed event its timepoint; how many. One caller at a time, others leave it to that one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM effects_feedwaiting)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """
            WITH taken AS (DELETE FROM effects_feedwaiting RETURNING event_id)
            INSERT INTO effects_timepoint (number, event_id, at)
            SELECT (SELECT coalesce(max(number), 0) FROM effects_timepoint) + row_number() OVER (ORDER BY event_id),
                event_id, %s FROM taken
            """,
            [now],
        )
        return int(cursor.rowcount)


@transaction.atomic
def forget_old_timepoints(*, now: datetime) -> int:
    """Drop timepoints older than `KEPT_FOR`; the newest stays, since the next one counts on from it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM effects_timepoint
            WHERE at < %s AND number < (SELECT max(number) FROM effects_timepoint)
            """,
            [now - KEPT_FOR],
        )
        return int(cursor.rowcount)

"""From an entry to what follows: listed, noticed, in force after service, carried out, and ended with its cause.

Every step is one statement or one pass over what is missing, so a replay finds nothing to do. One run at a time: the
lock makes two workers meet, the unique constraints hold where anything else writes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.postgres.bulk import joined_by_sets
from xinheng.base.scope import Scope
from xinheng.effects.actions import list_subjects
from xinheng.measures.engine_applying import apply_incentives, apply_served, rest_what_lost_its_ground
from xinheng.measures.engine_notices import close_notices, serve_electronically, write_notices
from xinheng.measures.engine_plan import Plan, arrivals, lists_in_force, plan_of
from xinheng.measures.engine_tasks import ask_corrections, close_tasks, hand_out_tasks
from xinheng.measures.models import FeedCursor
from xinheng.people.models import Region
from xinheng.people.queries import regions

ENGINE = Actor.system("措施引擎")
READER = "measures"
MANY = 500
"""Entries from which on a run reads whole tables instead of looking each entry up."""
_LOCK = 7_301_904


@dataclass(frozen=True)
class Worked:
    """What one run wrote."""

    listed: int = 0
    notices: int = 0
    measures: int = 0
    tasks: int = 0
    closed: int = 0

    def __add__(self, other: "Worked") -> "Worked":
        return Worked(
            self.listed + other.listed,
            self.notices + other.notices,
            self.measures + other.measures,
            self.tasks + other.tasks,
            self.closed + other.closed,
        )


@transaction.atomic
def follow(*, now: datetime) -> Worked:
    """Work through what changed since the last time; another worker that is at it already is left to it."""
    FeedCursor.objects.get_or_create(reader=READER, defaults={"timepoint": 0, "ran_at": now})
    cursor = FeedCursor.objects.select_for_update(skip_locked=True).filter(reader=READER).first()
    if cursor is None:
        return Worked()
    newest, records = _changed_since(cursor.timepoint)
    worked = _work(records, now=now) if records else Worked()
    FeedCursor.objects.filter(pk=cursor.pk).update(timepoint=newest, ran_at=now)
    return worked


@transaction.atomic
def work_through(*, record_nos: list[int] | None, now: datetime) -> Worked:
    """As `follow`, for these records, or (None) for everything: what events missed, and what a new day brings."""
    return _work(record_nos, now=now)


def _work(record_nos: list[int] | None, *, now: datetime) -> Worked:
    many = record_nos is None or len(record_nos) > MANY
    with connection.cursor() as cursor, joined_by_sets(cursor, many=many):
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        day = today(now)
        listed = list_subjects(
            lists=lists_in_force(settings.PACK, day), record_nos=record_nos, today=day, now=now, by=ENGINE
        )
        worked = Worked(listed=listed)
        for summary in regions(Scope()):
            region = Region.objects.get(code=summary.code)
            worked += _work_region(plan_of(region, settings.PACK, now=now, by=ENGINE), record_nos)
    return worked


def _work_region(plan: Plan, record_nos: list[int] | None) -> Worked:
    closed = close_notices(plan, record_nos)
    rest_what_lost_its_ground(plan)
    notices = write_notices(plan, record_nos)
    serve_electronically(plan, record_nos)
    measures = apply_served(plan, record_nos) + apply_incentives(plan, record_nos)
    closed += close_tasks(plan, record_nos)
    ask_corrections(plan, record_nos)
    return Worked(0, notices, measures, hand_out_tasks(plan, record_nos), closed)


def _changed_since(timepoint: int) -> tuple[int, list[int]]:
    """The end of the feed, and the entries that appeared, ended, rested or went on since, each once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), %s) FROM effects_timepoint", [timepoint])
        newest = max(timepoint, int(cursor.fetchone()[0]))
        cursor.execute(
            """
            WITH fresh AS MATERIALIZED (
                SELECT DISTINCT v.kind, v.first_effect, v.last_effect, v.batch_no FROM effects_timepoint t
                JOIN effects_feedevent v ON v.id = t.event_id
                LEFT JOIN ledger_batch b ON b.number = v.batch_no
                WHERE t.number > %(after)s AND t.number <= %(newest)s AND (b.number IS NULL OR b.type = ANY(%(types)s))
            ), touched AS (
                SELECT e.record_id FROM fresh f JOIN effects_effect e ON e.id = f.first_effect
                WHERE f.first_effect = f.last_effect
                UNION
                -- Whole ranges: each is looked up by itself.
                SELECT e.record_id FROM fresh f CROSS JOIN LATERAL (
                    SELECT x.record_id FROM effects_effect x
                    WHERE x.id BETWEEN f.first_effect AND f.last_effect
                      AND (f.kind <> 'appeared' OR x.created_by_batch IS NOT DISTINCT FROM f.batch_no) OFFSET 0
                ) e WHERE f.first_effect < f.last_effect
            )
            SELECT DISTINCT r.record_no FROM touched x JOIN register_record r ON r.id = x.record_id
            WHERE r.type = ANY(%(types)s) ORDER BY r.record_no
            """,
            {"after": timepoint, "newest": newest, "types": arrivals(settings.PACK)},
        )
        return newest, [int(number) for (number,) in cursor.fetchall()]

"""What may be asked of the log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from xinheng.audit.models import AuditEvent
from xinheng.audit.verification import Finding, VerifyReport, verify_log
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope

__all__ = [
    "EventLine",
    "EventPage",
    "Finding",
    "ReadingDay",
    "VerifyReport",
    "events",
    "objects_read",
    "reading_days",
    "readings",
    "verify",
]

LARGEST_PAGE = 200
READING_ACTS = (".read", ".history", "vault.open", "vault.own_view", "vault.own_extract")
"""How the names of acts end by which somebody looked at what is not public."""


@dataclass(frozen=True)
class EventLine:
    """One line of the log."""

    id: int
    at: datetime
    act: str
    actor_kind: str
    actor_id: str
    actor_name: str
    object_type: str
    object_id: str
    purpose: str
    detail: dict[str, object]


@dataclass(frozen=True)
class EventPage:
    """A page, newest first; `next_before` is None on the last one."""

    lines: tuple[EventLine, ...]
    next_before: int | None


@dataclass(frozen=True)
class ReadingDay:
    """How one officer or program looked at what is not public, on one day."""

    day: date
    actor_kind: str
    actor_id: str
    actor_name: str
    looks: int
    objects: int
    without_number: int
    outside: int


_NUMBERED = r"[0-9０-９]|第[〇零一二三四五六七八九十百千]+|〔"
"""A purpose that names a case, a batch or a document has a number in it."""
_READING_DAYS = """
SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, actor_kind, actor_id, max(actor_name),
    count(*), count(DISTINCT (object_type, object_id)), count(*) FILTER (WHERE purpose !~ %(numbered)s),
    count(*) FILTER (WHERE extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN %(opens)s AND %(closes)s - 1)
FROM audit_event
WHERE actor_kind IN ('officer', 'client')
    AND (act LIKE '%%.read' OR act LIKE '%%.history' OR act IN ('vault.open', 'vault.own_view'))
    AND at >= %(since)s AND (%(everywhere)s OR region_id = ANY(%(regions)s))
GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3
"""


_OBJECTS_READ = """
SELECT DISTINCT object_type, object_id FROM audit_event
WHERE actor_kind = %(kind)s AND actor_id = %(id)s AND region_id = ANY(%(regions)s)
    AND (act LIKE '%%.read' OR act LIKE '%%.history' OR act = 'vault.open')
    AND (at AT TIME ZONE 'Asia/Shanghai')::date = %(day)s ORDER BY 1, 2
"""


def reading_days(
    scope: Scope, *, region_ids: Collection[int], since: datetime, opens: int, closes: int
) -> tuple[ReadingDay, ...]:
    """Who looked how much on which day since a moment; `outside` counts looks before `opens` or from `closes` on."""
    if scope.public:
        raise Refused("操作日志不对外公开。")
    with connection.cursor() as cursor:
        cursor.execute(
            _READING_DAYS,
            {
                "numbered": _NUMBERED,
                "opens": opens,
                "closes": closes,
                "since": since,
                "everywhere": scope.region is None,
                "regions": list(region_ids),
            },
        )
        return tuple(ReadingDay(*row) for row in cursor.fetchall())


def objects_read(
    scope: Scope, *, region_ids: Collection[int], actor_kind: str, actor_id: str, day: date
) -> tuple[tuple[str, str], ...]:
    """Type and number of everything one officer or program looked at on a day, each once."""
    if scope.public:
        raise Refused("操作日志不对外公开。")
    with connection.cursor() as cursor:
        cursor.execute(_OBJECTS_READ, {"kind": actor_kind, "id": actor_id, "day": day, "regions": list(region_ids)})
        return tuple((str(kind), str(number)) for kind, number in cursor.fetchall())


def events(
    scope: Scope,
    *,
    region_ids: Collection[int],
    act: str | None = None,
    actor_id: str | None = None,
    object_type: str | None = None,
    object_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> EventPage:
    """Events of these regions; without a region in the scope also those of no region.

    Doors use `people.queries.audit_events`, which knows the numbers of the scope's region.
    """
    if scope.public:
        raise Refused("操作日志不对外公开。")
    found = AuditEvent.objects.order_by("-id")
    if scope.region is not None:
        found = found.filter(region_id__in=list(region_ids))
    wanted = {
        "act": act,
        "actor_id": actor_id,
        "object_type": object_type,
        "object_id": object_id,
        "id__lt": before,
    }
    found = found.filter(**{key: value for key, value in wanted.items() if value is not None})
    return _page(found, limit)


def readings(
    scope: Scope,
    *,
    region_ids: Collection[int],
    objects: Mapping[str, Collection[str]],
    before: int | None = None,
    limit: int = 50,
) -> EventPage:
    """Who looked at any of these objects (numbers by object type), without the subject's own looks."""
    if scope.public:
        raise Refused("操作日志不对外公开。")
    named = Q(pk__in=())
    for kind, numbers in objects.items():
        named |= Q(object_type=kind, object_id__in=list(numbers))
    reading = Q(pk__in=())
    for ending in READING_ACTS:
        reading |= Q(act__endswith=ending)
    found = AuditEvent.objects.filter(named, reading, region_id__in=list(region_ids)).exclude(actor_kind="org_user")
    if before is not None:
        found = found.filter(pk__lt=before)
    return _page(found.order_by("-id"), limit)


def verify(scope: Scope, *, home: Home, now: datetime) -> VerifyReport:
    """Check the whole log against itself and the notes outside the database; see `audit.verification`."""
    if scope.public:
        raise Refused("操作日志不对外公开。")
    return verify_log(home=home, now=now)


def _page(found: QuerySet[AuditEvent], limit: int) -> EventPage:
    size = min(limit, LARGEST_PAGE)
    rows = list(found[: size + 1])
    more = len(rows) > size
    return EventPage(lines=tuple(_line(row) for row in rows[:size]), next_before=rows[size - 1].pk if more else None)


def _line(row: AuditEvent) -> EventLine:
    return EventLine(
        id=row.pk,
        at=row.at,
        act=row.act,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        object_type=row.object_type,
        object_id=row.object_id,
        purpose=row.purpose,
        detail=row.detail,
    )

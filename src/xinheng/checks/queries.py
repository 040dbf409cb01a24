"""What may be asked of answered checks: a receipt, usage by department, checks against operating entities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import NotFound, Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.checks.asking import Asker
from xinheng.checks.items import BusinessItem, business_items
from xinheng.checks.keys import public_keys
from xinheng.checks.models import CheckFeedback, CheckRequest
from xinheng.checks.receipts import LARGEST, Receipt, Verdict, verify
from xinheng.people.models import Department
from xinheng.people.queries import ClientSummary


@dataclass(frozen=True)
class IssuedReceipt:
    """What may be told of a receipt to whoever has its number: that it was issued, never what it said."""

    number: str
    asked_at: datetime
    department_name: str
    item: str
    codes: int


@dataclass(frozen=True)
class FeedbackLine:
    """One feedback about one measure."""

    measure: str
    outcome: str
    outcome_label: str
    note: str
    document_no: str
    by: str
    at: datetime


@dataclass(frozen=True)
class UsageLine:
    """How often one department checked in a period."""

    department_id: int
    department_name: str
    calls: int
    codes: int
    hits: int
    measures_answered: int
    measures_applied: int


@dataclass(frozen=True)
class Usage:
    """Usage of a region in a period. `entities`: operating ones of the register; `ratio` in per mille of them."""

    first: date
    last: date
    lines: tuple[UsageLine, ...]
    entities: int

    @property
    def codes(self) -> int:
        """All codes that were checked."""
        return sum(one.codes for one in self.lines)

    @property
    def ratio(self) -> int | None:
        """Checks per thousand operating entities, None without any."""
        return self.codes * 1000 // self.entities if self.entities else None


def items_for(scope: Scope, asker: Asker, pack: str) -> tuple[BusinessItem, ...]:
    """The items that the asker's department may check for."""
    _officers_only(scope)
    found = business_items(pack).values()
    return tuple(one for one in found if not one.departments or asker.department_code in one.departments)


def asker_of_client(scope: Scope, client: ClientSummary) -> Asker:
    """A program as one who asks."""
    _officers_only(scope)
    department = Department.objects.select_related("region").get(pk=client.department_id)
    return Asker(
        client.actor, department.region_id, department.region.code, department.pk, department.code, department.name
    )


def receipt_by_number(scope: Scope, number: str) -> IssuedReceipt:
    """A receipt by the number printed on it; the same for every caller."""
    del scope
    row = CheckRequest.objects.filter(number=number.strip().upper()).first()
    if row is None:
        raise NotFound("没有这个编号的核查回执。", "请核对编号；也可以粘贴回执全文，核验电子签名。")
    department = Department.objects.get(pk=row.department_id)
    return IssuedReceipt(row.number, row.asked_at, department.name, row.item, row.codes)


def verify_receipt(scope: Scope, text: str, *, home: Home) -> Receipt:
    """Whether a receipt is genuine by the keys of this home; the same for every caller."""
    del scope
    if len(text) > LARGEST:
        return Receipt(Verdict.UNREADABLE, "", {})
    return verify(text, public_keys(home))


def feedback_of(scope: Scope, number: str) -> tuple[FeedbackLine, ...]:
    """What was noted about a check, oldest first."""
    _officers_only(scope)
    return tuple(
        FeedbackLine(
            one.measure, one.outcome, one.get_outcome_display(), one.note, one.document_no, one.actor_name, one.at
        )
        for one in CheckFeedback.objects.filter(request_number=number).order_by("pk")
    )


_USAGE = """
SELECT d.id, d.name, count(q.id), coalesce(sum(q.codes), 0), coalesce(sum(q.hits), 0),
       coalesce(sum(jsonb_array_length(q.measures)), 0), coalesce(sum(f.applied), 0)
FROM checks_checkrequest q
JOIN people_department d ON d.id = q.department_id
LEFT JOIN LATERAL (
    SELECT count(DISTINCT measure) AS applied FROM checks_checkfeedback
    WHERE request_number = q.number AND outcome = 'applied'
) f ON true
WHERE q.region_id = (SELECT id FROM people_region WHERE code = %(region)s)
  AND q.asked_at >= %(first)s AND q.asked_at < %(after)s
  AND (%(departments)s::bigint[] IS NULL OR q.department_id = ANY(%(departments)s))
GROUP BY d.id, d.name ORDER BY 4 DESC, d.id
"""


def usage(scope: Scope, *, first: date, last: date) -> Usage:
    """Usage by department from the first to the last day, both included."""
    _officers_only(scope)
    parameters = {
        "region": scope.region,
        "first": _midnight(first),
        "after": _midnight(last + timedelta(days=1)),
        "departments": sorted(scope.departments) or None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_USAGE, parameters)
        lines = tuple(UsageLine(*_whole(row)) for row in cursor.fetchall())
        cursor.execute("SELECT count(*) FROM register_organisation WHERE registered AND status = 'operating'")
        (entities,) = cursor.fetchone()
    return Usage(first, last, lines, entities)


def _whole(row: Sequence[object]) -> tuple[int, str, int, int, int, int, int]:
    number, name, *counts = row
    calls, codes, hits, answered, applied = (int(str(one)) for one in counts)
    return int(str(number)), str(name), calls, codes, hits, answered, applied


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def _officers_only(scope: Scope) -> None:
    if scope.public:
        raise Refused("此项信息不对外公开。")

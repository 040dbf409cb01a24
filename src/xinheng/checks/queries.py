"""What may be asked of answered checks: a receipt, usage by department, checks against operating entities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from xinheng.audit.actor import Actor, ActorKind
from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import NotFound, Refused, TryLater
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.checks.asking import Asker, Errand, errand
from xinheng.checks.code_files import KEPT_DAYS, answers_path, progress_path
from xinheng.checks.items import BusinessItem, business_items
from xinheng.checks.keys import public_keys
from xinheng.checks.models import CheckCorrection, CheckFeedback, CheckFile, CheckRequest, FileState
from xinheng.checks.receipts import LARGEST, Receipt, Verdict, verify
from xinheng.effects.models import MeasureTerms
from xinheng.people.models import Department, Region
from xinheng.people.purposes import purposes
from xinheng.people.queries import ClientSummary
from xinheng.register.models import Identifier


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


@dataclass(frozen=True)
class FileOfCodes:
    """A file of codes as its sender sees it. `progress` counts the codes looked at so far."""

    id: UUID
    file_name: str
    item: str
    state: FileState
    codes: int
    progress: int
    hits: int | None
    refused: int
    sentence: str
    receipt: str
    message: str
    received_at: datetime
    ends_on: date

    @property
    def running(self) -> bool:
        """Whether waiting is worth while."""
        return self.state in {FileState.WAITING, FileState.RUNNING}

    @property
    def percent(self) -> int:
        return self.progress * 100 // self.codes


def files_of(scope: Scope, asker: Asker, *, home: Home, limit: int = 50) -> tuple[FileOfCodes, ...]:
    """The files this asker sent, newest first."""
    _officers_only(scope)
    return tuple(_file(one, home) for one in _own_files(asker).order_by("-received_at")[:limit])


def file_of(scope: Scope, asker: Asker, number: UUID, *, home: Home) -> FileOfCodes:
    """One file of this asker; nobody else's exists for her."""
    _officers_only(scope)
    row = _own_files(asker).filter(pk=number).first()
    if row is None:
        raise NotFound("没有这个核查文件。", "只能查看自己提交的文件。")
    return _file(row, home)


def answers_of(scope: Scope, asker: Asker, number: UUID, *, home: Home) -> Path:
    """Where the answers to a file of this asker lie, once they are there."""
    found = file_of(scope, asker, number, home=home)
    path = answers_path(home, number)
    if found.state == FileState.ENDED or (found.state == FileState.DONE and not path.exists()):
        raise NotFound("核查结果已到期清除。", f"结果保留 {KEPT_DAYS} 天；需要时请重新提交。")
    if found.state != FileState.DONE:
        raise TryLater(found.message or "这个文件还没有核查完。", "请稍后再取结果。")
    return path


def errand_of_file(scope: Scope, file: CheckFile, pack: str) -> Errand:
    """For whom and for what a file was sent, with the department and the item as they are now."""
    _officers_only(scope)
    department = Department.objects.select_related("region").get(pk=file.department_id)
    actor = Actor(cast(ActorKind, file.actor_kind), file.actor_id, file.actor_name)
    asker = Asker(actor, department.region_id, department.region.code, department.pk, department.code, department.name)
    return errand(asker=asker, item=file.item, case_no=file.case_no, purpose=file.purpose, pack=pack)


def _own_files(asker: Asker) -> QuerySet[CheckFile]:
    who = asker.actor
    return CheckFile.objects.filter(region_id=asker.region_id, actor_kind=who.kind, actor_id=who.id)


def _file(row: CheckFile, home: Home) -> FileOfCodes:
    state = FileState(row.state)
    done = row.codes if state in {FileState.DONE, FileState.ENDED} else 0
    if state == FileState.RUNNING:
        done = _progress(progress_path(home, row.pk))
    return FileOfCodes(
        row.pk, row.file_name, row.item, state, row.codes, done, row.hits, row.refused, row.sentence, row.receipt,
        row.message, row.received_at, row.ends_on,
    )  # fmt: skip


def _progress(path: Path) -> int:
    try:
        return int(path.read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        return 0


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


@dataclass(frozen=True)
class CheckLine:
    """One check as the organisation that was checked sees it: never which officer asked."""

    asked_at: datetime
    department_name: str
    item_title: str
    purpose: str
    number: str


_CHECKS_ON = """
SELECT q.asked_at, d.name, q.item, q.purpose, q.number
FROM checks_checkrequest q
JOIN people_department d ON d.id = q.department_id
WHERE q.region_id = (SELECT id FROM people_region WHERE code = %(region)s)
  AND (q.code <> '' AND q.code = ANY(%(codes)s)
       OR q.number IN (SELECT request_number FROM checks_checkpart WHERE codes && %(codes)s))
ORDER BY q.id DESC LIMIT %(limit)s
"""


def checks_on(scope: Scope, *, credit_code: str, pack: str, limit: int = 50) -> tuple[CheckLine, ...]:
    """Who checked an organisation for what, newest first, alone or among many; for the organisation itself."""
    _officers_only(scope)
    own = Identifier.objects.filter(value=credit_code, known_to=None).values("organisation_id")
    numbers = Identifier.objects.filter(organisation_id__in=own).values_list("value", flat=True)
    codes = sorted({credit_code, *numbers})
    items, why = business_items(pack), purposes(pack)
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS_ON, {"region": scope.region, "codes": codes, "limit": limit})
        rows = cursor.fetchall()
    return tuple(
        CheckLine(
            asked_at, department, items[item].title if item in items else item,
            why[purpose].title if purpose in why else purpose, number,
        )
        for asked_at, department, item, purpose, number in rows
    )  # fmt: skip


@dataclass(frozen=True)
class CorrectionLine:
    """What one department is asked to put right, or has put right."""

    id: int
    number: str
    code: str
    name: str
    measure: str
    title: str
    applied_at: datetime
    due_on: date
    done_at: datetime | None
    done_by: str
    what: str


def corrections(scope: Scope, *, department_id: int, limit: int = 200) -> tuple[CorrectionLine, ...]:
    """What the department is asked to put right after checks, open ones first, then the newest."""
    _officers_only(scope)
    rows = CheckCorrection.objects.select_related("feedback").filter(department_id=department_id)
    rows = rows.filter(region_id__in=Region.objects.filter(code=scope.region).values("pk"))
    found = list(rows.order_by(F("done_at").desc(nulls_first=True), "due_on", "-pk")[:limit])
    asked = CheckRequest.objects.filter(number__in=[one.feedback.request_number for one in found])
    codes = dict(asked.values_list("number", "code"))
    bearers = Identifier.objects.filter(kind="credit_code", value__in=codes.values(), known_to=None)
    names = dict(bearers.values_list("value", "organisation__name"))
    terms = MeasureTerms.objects.filter(measure_key__in={one.feedback.measure for one in found}).order_by("pk")
    titles = dict(terms.values_list("measure_key", "title"))
    return tuple(
        CorrectionLine(
            one.pk, one.feedback.request_number, code, names.get(code, code), one.feedback.measure,
            titles[one.feedback.measure], one.feedback.at, one.due_on, one.done_at, one.done_by, one.what,
        )
        for one in found
        for code in (codes[one.feedback.request_number],)
    )  # fmt: skip


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

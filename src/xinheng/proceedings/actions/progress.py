"""Reading a case's progress by its number and the word given at the counter; wrong attempts are counted."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import VISITOR
from xinheng.base.errors import NotFound, Refused
from xinheng.proceedings.actions.opening import hash_code
from xinheng.proceedings.actions.taking import log
from xinheng.proceedings.models import Case, CaseDocument, CaseEvent, ProgressTry
from xinheng.proceedings.procedures import procedure_of

WINDOW = timedelta(minutes=30)
WRONG_PER_CASE = 5
WRONG_PER_ADDRESS = 20
KEPT = timedelta(days=1)
NOT_THERE = "案号或者查询码不对。"
_NO_HASH = "0" * 64


@dataclass(frozen=True)
class Progress:
    """What the applicant reads: where her case stands and its course, without names of officers."""

    case_id: int
    number: str
    procedure_title: str
    state_title: str
    final: bool
    record_title: str
    opened_at: datetime
    next_due: date | None
    course: tuple[tuple[datetime, str], ...]
    documents: tuple[str, ...]


def read_progress(*, number: str, code: str, address: str, now: datetime) -> Progress:
    """The progress of a case. Refused for half an hour after too many wrong attempts, for whichever reason."""
    number = number.strip().replace("[", "〔").replace("]", "〕").replace("【", "〔").replace("】", "〕")[:40]
    source = hashlib.sha256(f"{settings.SECRET_KEY}\0{address}".encode()).hexdigest()
    recent = ProgressTry.objects.filter(at__gt=now - WINDOW)
    if (
        recent.filter(number=number).count() >= WRONG_PER_CASE
        or recent.filter(address_hash=source).count() >= WRONG_PER_ADDRESS
    ):
        raise Refused("输错的次数太多，请半小时后再试。", "也可以到窗口或者打电话询问进度。")
    given = hash_code(number, code)
    # Counties count on their own, so a number alone may name several cases; one comparison is made in any event.
    named = list(Case.objects.filter(number=number).select_related("region"))
    case = next((one for one in named if hmac.compare_digest(one.code_hash, given)), None)
    if case is None:
        hmac.compare_digest(_NO_HASH, given)
        ProgressTry.objects.create(number=number, address_hash=source, at=now)
        raise NotFound(NOT_THERE, "请核对受理时给您的案号和查询码。")
    with transaction.atomic():
        log(case, "case.progress", VISITOR, now, {})
    return _progress(case)


def forget_tries(*, now: datetime) -> int:
    """Delete attempts older than a day."""
    return ProgressTry.objects.filter(at__lt=now - KEPT).delete()[0]


def _progress(case: Case) -> Progress:
    procedure = procedure_of(settings.PACK, case.rule_set)
    state = procedure.state(case.state)
    events = CaseEvent.objects.filter(case=case).order_by("pk")
    due = case.deadlines.filter(closed_at=None).order_by("due_on").values_list("due_on", flat=True).first()
    return Progress(
        case_id=case.pk,
        number=case.number,
        procedure_title=procedure.title,
        state_title=state.public_title,
        final=state.final,
        record_title=case.record_title,
        opened_at=case.opened_at,
        next_due=due,
        course=tuple((one.at, procedure.state(one.to_state).public_title) for one in events),
        documents=tuple(
            f"{title} {number}"
            for title, number in CaseDocument.objects.filter(case=case).order_by("pk").values_list("title", "number")
        ),
    )

"""Answers to the questions in the review queue. Each is given once, by a named officer, and can be taken back.

The register opens or shuts the gate of a record; the caller publishes what may go out, in the same transaction:
every action returns the numbers of the records that `effects.actions.publish_records` should look at.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from xinheng.audit.actions import record as log
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.ledger.models import Batch
from xinheng.people.models import User
from xinheng.register.models import BY_ITSELF, Gate, Organisation, Record, Review, ReviewKind, SubjectLink
from xinheng.register.numbering import Sequence, allocate

LINKED, NOT_FOUND, ACCEPTED, KEPT_OUT, UNDONE = "linked", "not_found", "accepted", "kept_out", "undone"
LINKABLE = (ReviewKind.LINK, ReviewKind.NAME, ReviewKind.CODE)
TAKEN_BACK = (LINKED, *BY_ITSELF)
"""Outcomes that can be undone."""
LONGEST_PUT_OFF = timedelta(days=92)
BY_OFFICER, BY_MATCH, BY_NOBODY = "officer", "match", "none"


class StaleReview(Conflict):
    """Somebody answered first, or the record changed meanwhile."""

    def __init__(self) -> None:
        super().__init__("这一事项已由他人处理，或者记录已有变动。", "请刷新待审列表查看。")


@transaction.atomic
def resolve_link(
    *, review: int, organisation_id: int | None, by: User, now: datetime, note: str = ""
) -> tuple[int, ...]:
    """Say which organisation a statement speaks of, or with None that it is none of ours.

    Returns the record to publish; nothing when the batch is still held or no organisation was found: then the
    record stays in the register and out of every public door.
    """
    question = _close(
        review, LINKABLE, by=by, now=now, outcome=NOT_FOUND if organisation_id is None else LINKED, note=note
    )
    version = _version(question, Gate.UNLINKED)
    if organisation_id is None:
        _set_apart(version, by=by, now=now)
        _log("register.link_not_found", question, by=by, now=now, detail={"review": review})
        return ()
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise NotFound("没有这个单位。", "请从候选单位中选择，或重新查找。")
    if version.subject_no != organisation_id:
        number = _set_apart(version, by=by, now=now)
        _link(number, organisation_id, by=by, now=now, reason=note or question.reason)
    gate = _gate_after(version)
    _move(version, Gate.UNLINKED, gate, method=BY_OFFICER)
    _log(
        "register.link",
        question,
        by=by,
        now=now,
        detail={"review": review, "organisation": organisation_id, "gate": gate.value},
    )
    return (version.record_no,) if gate is Gate.OPEN else ()


@transaction.atomic
def undo_link(*, review: int, by: User, now: datetime, reason: str) -> int:
    """Take back a link, an officer's or one that needed none: the record leaves the public doors at once.

    The question is asked again. The link stays on file with the time until which it was believed. Returns the
    record whose publication the caller must end as corrected (`effects.actions.end_effects`).
    """
    if not reason.strip():
        raise WrongUsage("请说明撤销关联的理由。")
    question = _question(review, LINKABLE, by=by)
    if question.outcome not in TAKEN_BACK:
        raise StaleReview
    version = Record.objects.filter(
        record_no=question.record_no, known_to=None, link_method__in=(BY_OFFICER, BY_MATCH)
    ).first()
    if version is None:
        raise StaleReview
    # Marked first, by comparison, so that two officers cannot both take it back.
    if not Review.objects.filter(pk=review, outcome=question.outcome).update(outcome=UNDONE):
        raise StaleReview
    SubjectLink.objects.filter(number=version.subject_no, known_to=None).update(known_to=now)
    _move(version, Gate(version.gate), Gate.UNLINKED, method=BY_NOBODY)
    Review.objects.create(
        kind=question.kind,
        region_id=question.region_id,
        department_id=question.department_id,
        record_no=question.record_no,
        batch_no=version.batch_no,
        row_no=version.row_no,
        reason=f"撤销了原来的关联：{reason.strip()}"[:300],
        candidates=question.candidates,
        opened_at=now,
    )
    _log("register.link_undone", question, by=by, now=now, detail={"review": review, "reason": reason.strip()})
    return version.record_no


@transaction.atomic
def put_off(*, review: int, until: date, by: User, now: datetime, note: str) -> None:
    """Leave an open question until a day, with the reason; it stays open and may be answered before.

    Putting off again takes the place of the day before; both stand in the log.
    """
    if not note.strip():
        raise WrongUsage("请说明为什么以后再处理。")
    if not today(now) < until <= today(now) + LONGEST_PUT_OFF:
        raise WrongUsage("日期应在明天以后、三个月以内。")
    question = _question(review, LINKABLE, by=by)
    changed = Review.objects.filter(pk=review, closed_at=None).update(put_off_until=until, put_off_by=by)
    if not changed:
        raise StaleReview
    detail = {"review": review, "until": until.isoformat(), "note": note.strip()[:300]}
    _log("register.review_put_off", question, by=by, now=now, detail=detail)


@transaction.atomic
def accept_returned(*, review: int, by: User, now: datetime, note: str = "") -> tuple[int, ...]:
    """Let a statement that was withdrawn before and sent again count after all.

    Returns the record to publish; nothing when its batch is still held, or when its subject is not known: then
    that question is asked next.
    """
    question = _close(review, (ReviewKind.RETURNED,), by=by, now=now, outcome=ACCEPTED, note=note)
    version = _version(question, Gate.RETURNED)
    gate = Gate.UNLINKED if version.link_method == BY_NOBODY else _gate_after(version)
    _move(version, Gate.RETURNED, gate, method=version.link_method)
    if gate is Gate.UNLINKED:
        _ask_for_subject(version, now=now)
    _log("register.returned_accepted", question, by=by, now=now, detail={"review": review, "gate": gate.value})
    return (version.record_no,) if gate is Gate.OPEN else ()


@transaction.atomic
def keep_out(*, review: int, by: User, now: datetime, note: str) -> None:
    """Leave a statement that was withdrawn before and sent again out of every public door."""
    if not note.strip():
        raise WrongUsage("请说明不再公示的理由。")
    question = _close(review, (ReviewKind.RETURNED,), by=by, now=now, outcome=KEPT_OUT, note=note)
    _version(question, Gate.RETURNED)
    _log("register.returned_kept_out", question, by=by, now=now, detail={"review": review})


def _question(review: int, kinds: tuple[ReviewKind, ...], *, by: User) -> Review:
    question = Review.objects.filter(pk=review, kind__in=kinds, region_id=by.region_id).first()
    if question is None:
        raise NotFound("没有这一待审事项。", "请从待审列表中选择。")
    return question


def _close(review: int, kinds: tuple[ReviewKind, ...], *, by: User, now: datetime, outcome: str, note: str) -> Review:
    question = _question(review, kinds, by=by)
    closed = Review.objects.filter(pk=review, closed_at=None).update(
        closed_at=now, closed_by=by, outcome=outcome, note=note.strip()
    )
    if not closed:
        raise StaleReview
    return question


def _version(question: Review, gate: Gate) -> Record:
    """The version asked about, locked; stale when it was amended past the question or withdrawn."""
    version = (
        Record.objects.select_for_update()
        .filter(record_no=question.record_no, known_to=None, gate=gate, withdrawn=False)
        .first()
    )
    if version is None:
        raise StaleReview
    return version


def _move(version: Record, old: Gate, new: Gate, *, method: str) -> None:
    changed = Record.objects.filter(pk=version.pk, known_to=None, gate=old).update(gate=new, link_method=method)
    if not changed:
        raise StaleReview


def _gate_after(version: Record) -> Gate:
    """Open, unless the department lets a person see the batch first and nobody has released it."""
    waiting = Batch.objects.filter(number=version.batch_no, held=True, released_at=None).exists()
    return Gate.HELD if waiting else Gate.OPEN


def _set_apart(version: Record, *, by: User, now: datetime) -> int:
    """The provisional number of the version; it gets one when it stands under an organisation it does not fit.

    The rows in the ledger keep the number they were written with, and a closed link says until when the
    version was taken for that organisation's.
    """
    wrong = Organisation.objects.filter(pk=version.subject_no).first()
    if wrong is None:
        return version.subject_no
    number = allocate(Sequence.SUBJECT_NO, 1)
    SubjectLink.objects.create(
        number=number,
        organisation=wrong,
        known_from=version.known_from,
        known_to=now,
        by=by,
        reason="报送的代码指向该单位，经核对不是同一主体",
    )
    Record.objects.filter(pk=version.pk, known_to=None).update(subject_no=number)
    return number


def _link(number: int, organisation_id: int, *, by: User, now: datetime, reason: str) -> None:
    SubjectLink.objects.create(
        number=number, organisation_id=organisation_id, known_from=now, by=by, reason=reason.strip()[:200]
    )


def _ask_for_subject(version: Record, *, now: datetime) -> None:
    Review.objects.get_or_create(
        kind=ReviewKind.LINK,
        record_no=version.record_no,
        closed_at=None,
        defaults={
            "region_id": version.region_id,
            "department_id": version.department_id,
            "batch_no": version.batch_no,
            "row_no": version.row_no,
            "reason": "再次报送已获准，主体尚未确认。",
            "candidates": [],
            "opened_at": now,
        },
    )


def _log(act: str, question: Review, *, by: User, now: datetime, detail: dict[str, object]) -> None:
    log(
        act=act,
        by=Actor.of(by),
        now=now,
        region_id=question.region_id,
        object_type="record",
        object_id=str(question.record_no),
        detail=detail,
    )

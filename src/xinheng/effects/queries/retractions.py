"""Who was asked to remove what, and whether it was: for officers, and for a program about itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Count, Min, Q, QuerySet

from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.effects.models import (
    Effect,
    EffectChange,
    EndReason,
    Handover,
    NoticeKind,
    Recipient,
    RecipientKind,
    Retraction,
    RetractionCause,
    RetractionStep,
    Step,
)
from xinheng.people.queries import ClientSummary
from xinheng.register.models import Record
from xinheng.register.references import record_ref, retraction_ref

SAID = ("ended", "suspended", "resumed", "restored", "annulled")
"""Changes of an effect after which somebody is told."""
Show = Literal["open", "overdue", "contested", "confirmed"]


@dataclass(frozen=True)
class RetractionLine:
    """One retraction in a list; `ref` is its opaque word, `record_ref` that of the record."""

    id: int
    ref: str
    recipient_id: int
    recipient_name: str
    kind_label: str
    record_ref: str
    version: int
    decision_no: str
    type: str
    department_name: str
    kind: NoticeKind
    cause_label: str
    written_at: datetime
    due_on: date
    confirmed_at: datetime | None
    contested: bool
    reminders: int
    reminded_on: date | None


@dataclass(frozen=True)
class RetractionStepLine:
    """What somebody said about a retraction."""

    label: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True)
class RetractionDetail:
    """One retraction with its cause, the handover it takes back, and its course."""

    line: RetractionLine
    title: str
    handed_by: str
    handed_at: datetime
    cause: str
    caused_at: datetime | None
    caused_by: str
    reason: str
    by_call: bool
    steps: tuple[RetractionStepLine, ...]


@dataclass(frozen=True)
class RecipientSummary:
    """A recipient with what it still owes."""

    id: int
    name: str
    kind: RecipientKind
    kind_label: str
    by_call: bool
    open: int
    overdue: int
    contested: int
    oldest: datetime | None


@dataclass(frozen=True)
class AskedToRemove:
    """A retraction as the program that holds the copy sees it: opaque words, no content, no reason."""

    ref: str
    kind: NoticeKind
    record: str
    version: int
    written_at: datetime
    due_on: date
    confirmed_at: datetime | None


def retractions(
    scope: Scope,
    *,
    as_at: date,
    show: Show = "open",
    recipient: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> tuple[RetractionLine, ...]:
    """Retractions of the caller's region, the oldest first; confirmed ones the newest first."""
    found = _shown(_within(scope), show, as_at)
    if recipient is not None:
        found = found.filter(recipient_id=recipient)
    newest_first = show == "confirmed"
    if after is not None:
        found = found.filter(pk__lt=after) if newest_first else found.filter(pk__gt=after)
    rows = found.select_related("recipient").order_by("-pk" if newest_first else "pk")[:limit]
    return _lines(list(rows))


def notices_about(scope: Scope, record_no: int) -> tuple[RetractionLine, ...]:
    """Everybody who was told something about a record of the caller's region, oldest first."""
    versions = Record.objects.filter(record_no=record_no).values("pk")
    rows = _within(scope).filter(record_id__in=versions).select_related("recipient").order_by("pk")
    return _lines(list(rows))


def retraction_counts(scope: Scope, *, as_at: date) -> dict[str, int]:
    """How many are open, overdue, and seen in use after confirmation."""
    return _within(scope).aggregate(
        open=Count("pk", filter=Q(confirmed_at=None)),
        overdue=Count("pk", filter=Q(confirmed_at=None, due_on__lt=as_at)),
        contested=Count("pk", filter=Q(confirmed_at=None, contested=True)),
    )


def recipients(scope: Scope, *, as_at: date) -> tuple[RecipientSummary, ...]:
    """Everybody who was given records of the region, those who owe most first."""
    _officers_only(scope)
    found = Recipient.objects.all()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    owed = Q(retraction__confirmed_at=None)
    counted = found.annotate(
        open=Count("retraction", filter=owed & Q(retraction__isnull=False)),
        overdue=Count("retraction", filter=owed & Q(retraction__due_on__lt=as_at)),
        contested=Count("retraction", filter=owed & Q(retraction__contested=True)),
        oldest=Min("retraction__written_at", filter=owed),
    )
    return tuple(
        RecipientSummary(
            row.pk,
            row.name,
            RecipientKind(row.kind),
            RecipientKind(row.kind).label,
            row.client_id is not None,
            row.open,
            row.overdue,
            row.contested,
            row.oldest,
        )
        for row in counted.order_by("-overdue", "-open", "name")
    )


def retraction(scope: Scope, id: int) -> RetractionDetail:
    """One retraction, and which effect's end caused it."""
    row = _within(scope).select_related("recipient").filter(pk=id).first()
    if row is None:
        raise NotFound("没有这一撤回。", "请从撤回回执页面重新进入。")
    handover = Handover.objects.get(pk=row.handover_id)
    at, by, reason = _cause(row)
    steps = RetractionStep.objects.filter(retraction_id=row.pk).order_by("pk")
    return RetractionDetail(
        line=_lines([row])[0],
        title=handover.title,
        handed_by=handover.actor_name,
        handed_at=handover.at,
        cause=_ended_as(row),
        caused_at=at,
        caused_by=by,
        reason=reason,
        by_call=row.recipient.client_id is not None,
        steps=tuple(RetractionStepLine(Step(one.step).label, one.at, one.actor_name, one.note) for one in steps),
    )


def asked_of(
    scope: Scope, *, client: ClientSummary, open_only: bool = True, after: int = 0, limit: int = 100
) -> tuple[tuple[int, AskedToRemove], ...]:
    """What a program was asked to remove, oldest first, each with its number for the cursor."""
    found = Retraction.objects.filter(recipient__client_id=client.id, pk__gt=after)
    if open_only:
        found = found.filter(confirmed_at=None)
    rows = list(found.order_by("pk")[:limit])
    versions = _versions(rows)
    return tuple((row.pk, _asked(row, versions[row.record_id])) for row in rows)


def asked(scope: Scope, id: int, *, client: ClientSummary) -> AskedToRemove:
    """One of a program's own retractions; NotFound for anybody else's."""
    row = Retraction.objects.filter(pk=id, recipient__client_id=client.id).first()
    if row is None:
        raise NotFound("没有这一撤回通知。", "请使用撤回通知列表给出的编号。")
    return _asked(row, _versions([row])[row.record_id])


def _asked(row: Retraction, version: Record) -> AskedToRemove:
    return AskedToRemove(
        retraction_ref(row.pk),
        row.kind,
        record_ref(version.record_no),
        version.version,
        row.written_at,
        row.due_on,
        row.confirmed_at,
    )


def _within(scope: Scope) -> QuerySet[Retraction]:
    _officers_only(scope)
    found = Retraction.objects.all()
    if scope.region is not None:
        found = found.filter(recipient__region__code=scope.region)
    return found


def _officers_only(scope: Scope) -> None:
    if scope.public:
        raise Refused("此项信息不对外公开。")


def _shown(found: QuerySet[Retraction], show: Show, as_at: date) -> QuerySet[Retraction]:
    match show:
        case "confirmed":
            return found.filter(confirmed_at__isnull=False)
        case "overdue":
            return found.filter(confirmed_at=None, due_on__lt=as_at)
        case "contested":
            return found.filter(confirmed_at=None, contested=True)
    return found.filter(confirmed_at=None)


def _versions(rows: Sequence[Retraction]) -> dict[int, Record]:
    return Record.objects.select_related("department").in_bulk({row.record_id for row in rows})


def _lines(rows: list[Retraction]) -> tuple[RetractionLine, ...]:
    versions = _versions(rows)
    return tuple(
        RetractionLine(
            id=row.pk,
            ref=retraction_ref(row.pk),
            recipient_id=row.recipient_id,
            recipient_name=row.recipient.name,
            kind_label=RecipientKind(row.recipient.kind).label,
            record_ref=record_ref(version.record_no),
            version=version.version,
            decision_no=version.decision_no,
            type=version.type,
            department_name=version.department.name,
            kind=row.kind,
            cause_label=str(RetractionCause(row.cause).label),
            written_at=row.written_at,
            due_on=row.due_on,
            confirmed_at=row.confirmed_at,
            contested=row.contested,
            reminders=row.reminders,
            reminded_on=row.reminded_on,
        )
        for row in rows
        for version in [versions[row.record_id]]
    )


def _ended_as(row: Retraction) -> str:
    """What happened here, in words for officers."""
    if row.cause != RetractionCause.ENDED or row.effect_id is None:
        return str(RetractionCause(row.cause).label)
    reason = Effect.objects.values_list("end_reason", flat=True).get(pk=row.effect_id)
    return f"公示提前终止：{EndReason(reason).label}"


def _cause(row: Retraction) -> tuple[datetime | None, str, str]:
    """When, by whom and why: the change of the effect, or the version that replaced the one handed over."""
    if row.effect_id is not None:
        change = (
            EffectChange.objects.filter(effect_id=row.effect_id, at=row.written_at, change__in=SAID)
            .order_by("-pk")
            .first()
        )
        return (change.at, change.actor_name, change.reason) if change else (None, "", "")
    old = Record.objects.get(pk=row.record_id)
    new = Record.objects.select_related("department").get(record_no=old.record_no, version=old.version + 1)
    return new.known_from, new.department.name, new.withdrawal_reason or "部门报送了更正"

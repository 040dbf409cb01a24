"""What the desk asks across packages: what waits for an officer, what a batch holds, and one record in full."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from xinheng.base.errors import NotFound
from xinheng.base.identifiers.normalise import normalise
from xinheng.base.names import name_key
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.desk.values import shown_content
from xinheng.effects.leaving import may_leave
from xinheng.effects.models import Effect, EffectChange, EndReason, Kind, SetBy
from xinheng.effects.models import PublicationTerms as Terms
from xinheng.effects.queries import TakedownSummary, takedowns
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.standing import stated_values as standing_values
from xinheng.ledger.models import Batch
from xinheng.register.linked import link_told
from xinheng.register.models import Gate, Organisation, OrganisationName, Record, SubjectLink
from xinheng.register.queries import review_counts
from xinheng.register.references import record_ref
from xinheng.register.scoping import officers_only, records_in

RECENT = timedelta(days=30)
IN_FORCE, SCHEDULED, EXPIRED, ENDED = "in_force", "scheduled", "expired", "ended"
STATES = {IN_FORCE: "公示中", SCHEDULED: "未开始", EXPIRED: "已到期", ENDED: "提前终止"}


@dataclass(frozen=True)
class Waiting:
    """How much waits for one officer, each number for one queue."""

    to_map: int
    refused: int
    running: int
    to_correct: int
    held: int
    reviews: dict[str, int]
    takedowns: int

    @property
    def review_total(self) -> int:
        return sum(self.reviews.values())


@dataclass(frozen=True)
class RecordLine:
    """One record of a list: what it is, whose, and whether it may go out."""

    record_no: int
    ref: str
    version: int
    type: str
    type_title: str
    title: str
    subject_name: str
    subject_code: str
    decision_no: str
    decided_on: date | None
    department_id: int
    department_name: str
    gate: str
    gate_label: str
    withdrawn: bool
    batch_no: int
    row_no: int


@dataclass(frozen=True)
class VersionState:
    """One version at both times, with what it said."""

    version: int
    batch_no: int
    row_no: int
    known_from: datetime
    known_to: datetime | None
    gate_label: str
    linked: str
    withdrawn: bool
    withdrawal_reason: str
    content: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    """Labels of the fields that differ from the version before."""


@dataclass(frozen=True)
class PublicationState:
    """One publication of a version: from when to when, in which class, and how it ended."""

    version: int
    starts: date
    last_day: date | None
    removal_rule: str
    severity: str
    set_by: str
    state: str
    state_label: str
    ended_at: datetime | None
    end_reason: str
    why_ended: str
    restores: bool
    """Made good by a decision: an earlier publication of the record should not have ended."""


@dataclass(frozen=True)
class RecordPage:
    """Everything the desk shows of one record."""

    line: RecordLine
    organisation_no: int
    versions: tuple[VersionState, ...]
    publications: tuple[PublicationState, ...]
    takedown: TakedownSummary | None


def waiting(scope: Scope, *, user_id: int, now: datetime) -> Waiting:
    """What waits in the officer's reach; take-downs only where she was not the one to propose."""
    officers_only(scope)
    own = Delivery.objects.filter(_reach(scope), received_at__gte=now - RECENT)
    states = list(own.filter(submitted_by_id=user_id).values_list("state", flat=True))
    batches = Batch.objects.filter(_reach(scope))
    return Waiting(
        to_map=states.count(DeliveryState.MAPPING),
        refused=states.count(DeliveryState.REFUSED),
        running=states.count(DeliveryState.WAITING) + states.count(DeliveryState.RUNNING),
        to_correct=batches.filter(submitted_by_id=user_id, rejected__gt=0, received_at__gte=now - RECENT).count(),
        held=batches.filter(held=True, released_at=None).count(),
        reviews=review_counts(scope),
        takedowns=sum(1 for one in takedowns(scope) if waits_for_second(one, user_id)),
    )


def waits_for_second(one: TakedownSummary, user_id: int) -> bool:
    """Whether a take-down, or its end, needs another person and this officer could be that one."""
    if one.confirmed_at is None:
        return one.proposed_by_id != user_id
    return one.lift_proposed_by_id is not None and one.lifted_at is None and one.lift_proposed_by_id != user_id


def batch_records(scope: Scope, batch_no: int, *, after_row: int = 0, limit: int = 50) -> tuple[RecordLine, ...]:
    """The versions a batch wrote, by row; for a held batch these are what would be published."""
    officers_only(scope)
    found = records_in(scope).filter(batch_no=batch_no, row_no__gt=after_row).select_related("department")
    return tuple(_line(record) for record in found.order_by("row_no")[:limit])


def records_to_change(scope: Scope, *, type: str, text: str, limit: int = 20) -> tuple[RecordLine, ...]:
    """Open records of a type by document number, or of the organisation with that code or name."""
    officers_only(scope)
    wanted = text.strip()
    open_ones = records_in(scope).filter(type=type, known_to=None, withdrawn=False)
    found = open_ones.filter(decision_no__iexact=wanted)
    if not found.exists():
        found = open_ones.filter(subject_no__in=_numbers_of(wanted))
    return tuple(_line(record) for record in found.select_related("department").order_by("-decided_on", "-pk")[:limit])


def record_line(scope: Scope, record_no: int) -> RecordLine:
    """The newest version of a record as a line; NotFound outside the scope."""
    return _line(_newest(scope, record_no))


def stated_values(scope: Scope, record_no: int) -> dict[str, Any]:
    """What the newest version states in all its fields but the personal ones, from the ledger's own row."""
    return standing_values(scope, _newest(scope, record_no))


def record_page(scope: Scope, record_no: int, *, as_at: date) -> RecordPage:
    """One record with all versions, publications and take-downs; NotFound outside the scope."""
    officers_only(scope)
    versions = list(records_in(scope).filter(record_no=record_no).select_related("department").order_by("-version"))
    if not versions:
        raise NotFound("没有这条记录。", "请核对记录编号；其他地区的记录请向当地信用办查询。")
    linked = link_told(versions)
    open_takedowns = [one for one in takedowns(scope, limit=500) if one.record_no == record_no]
    return RecordPage(
        line=_line(versions[0]),
        organisation_no=versions[0].subject_no,
        versions=tuple(
            _version(one, older, linked[one.pk]) for one, older in zip(versions, [*versions[1:], None], strict=True)
        ),
        publications=_publications(versions, as_at),
        takedown=open_takedowns[0] if open_takedowns else None,
    )


def not_to_be_handed_on(scope: Scope, record_nos: Collection[int]) -> frozenset[int]:
    """Those of the records that nobody may use any more, whoever allowed it: repaired, taken back, or taken down."""
    officers_only(scope)
    versions = records_in(scope).filter(record_no__in=list(record_nos))
    allowed = set(may_leave(versions).values_list("pk", flat=True))
    return frozenset(number for pk, number in versions.values_list("pk", "record_no") if pk not in allowed)


def _newest(scope: Scope, record_no: int) -> Record:
    officers_only(scope)
    found = records_in(scope).filter(record_no=record_no, known_to=None).select_related("department").first()
    if found is None:
        raise NotFound("没有这条记录。", "请从批次或审核列表重新进入。")
    return found


def _numbers_of(text: str) -> list[int]:
    """Subject numbers of the organisations with this code or name, those linked to them included."""
    named = OrganisationName.objects.filter(name_key=name_key(text)).values("organisation_id")
    own = Organisation.objects.filter(Q(credit_code=normalise(text)) | Q(pk__in=named)).values_list("pk", flat=True)
    numbers = list(own[:50])
    linked = SubjectLink.objects.filter(organisation_id__in=numbers, known_to=None).values_list("number", flat=True)
    return [*numbers, *linked]


def _reach(scope: Scope) -> Q:
    found = Q()
    if scope.region is not None:
        found &= Q(region__code=scope.region)
    if scope.departments:
        found &= Q(department_id__in=scope.departments)
    return found


def _line(record: Record) -> RecordLine:
    return RecordLine(
        record_no=record.record_no,
        ref=record_ref(record.record_no),
        version=record.version,
        type=record.type,
        type_title=load_contracts(settings.PACK)[record.type].title,
        title=record.title,
        subject_name=record.subject_name,
        subject_code=record.subject_code,
        decision_no=record.decision_no,
        decided_on=record.decided_on,
        department_id=record.department_id,
        department_name=record.department.name,
        gate=record.gate,
        gate_label=str(Gate(record.gate).label),
        withdrawn=record.withdrawn,
        batch_no=record.batch_no,
        row_no=record.row_no,
    )


def _version(record: Record, older: Record | None, linked: str) -> VersionState:
    contract = load_contracts(settings.PACK)[record.type]
    before = older.content if older else record.content
    changed = [
        field.label
        for field in contract.fields
        if field.published and record.content.get(field.name) != before.get(field.name)
    ]
    return VersionState(
        version=record.version,
        batch_no=record.batch_no,
        row_no=record.row_no,
        known_from=record.known_from,
        known_to=record.known_to,
        gate_label=str(Gate(record.gate).label),
        linked=linked,
        withdrawn=record.withdrawn,
        withdrawal_reason=record.withdrawal_reason,
        content=shown_content(contract, record.content),
        changed=() if record.withdrawn else tuple(changed),
    )


def _publications(versions: list[Record], as_at: date) -> tuple[PublicationState, ...]:
    numbers = {version.pk: version.version for version in versions}
    effects = list(Effect.objects.filter(kind=Kind.PUBLICATION, record_id__in=numbers).order_by("-pk"))
    terms = Terms.objects.in_bulk([effect.terms_id for effect in effects if effect.terms_id is not None])
    ends = EffectChange.objects.filter(effect_id__in=[effect.pk for effect in effects], change="ended")
    whys = {change.effect_id: change.reason for change in ends}
    return tuple(
        _publication(effect, numbers[effect.record_id or 0], terms.get(effect.terms_id or 0), whys, as_at)
        for effect in effects
    )


def _publication(
    effect: Effect, version: int, terms: Terms | None, whys: dict[int, str], as_at: date
) -> PublicationState:
    state = _state(effect, as_at)
    return PublicationState(
        version=version,
        starts=effect.starts,
        last_day=effect.ends - timedelta(days=1) if effect.ends else None,
        removal_rule=effect.removal_rule,
        severity=terms.severity if terms else "",
        set_by=str(SetBy(terms.set_by).label) if terms and terms.severity else "",
        state=state,
        state_label=STATES[state],
        ended_at=effect.ended_at,
        end_reason=str(EndReason(effect.end_reason).label) if effect.end_reason else "",
        why_ended=whys.get(effect.pk, ""),
        restores=effect.restores_id is not None,
    )


def _state(effect: Effect, as_at: date) -> str:
    if effect.ended_at is not None:
        return ENDED
    if as_at < effect.starts:
        return SCHEDULED
    return EXPIRED if effect.ends is not None and as_at >= effect.ends else IN_FORCE

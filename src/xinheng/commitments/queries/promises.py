"""Letters and items, commitments and findings, tasks, and the ratio."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.commitments.models import Commitment, CommitmentEnd, FollowUp, FollowUpOutcome
from xinheng.commitments.rules import COMMITMENT, FREE, FULFILMENT, Item, Template, item_of, load_items, template_on
from xinheng.ledger.models import Batch
from xinheng.people.models import Department
from xinheng.register.models import LifeCycle, Organisation, Record
from xinheng.register.references import record_ref
from xinheng.register.scoping import officers_only, records_in

LIMIT = 50
VALID, EXPIRED, ENDED = "有效", "有效期届满", "已终止"


@dataclass(frozen=True)
class ItemLine:
    """One item that takes a commitment, with the letter in force and its department; no letter: not yet adopted."""

    item: Item
    department_name: str
    template: Template | None


@dataclass(frozen=True)
class Determination:
    """One finding of the history."""

    on: date | None
    status: str
    unperformed: str
    liability: str
    document_no: str
    by: str
    ref: str


@dataclass(frozen=True)
class FollowUpLine:
    """One look at a promise."""

    id: int
    record_no: int
    ref: str
    commitment_no: str
    subject_name: str
    credit_code: str
    title: str
    what: str
    basis: str
    department_name: str
    due_on: date
    done_at: datetime | None
    outcome: str
    found: str


@dataclass(frozen=True)
class CommitmentLine:
    """One commitment, signed here or on paper. `id` is None for one on paper, which has no letter here."""

    id: int | None
    record_no: int
    ref: str
    number: str
    subject_name: str
    credit_code: str
    type: str
    title: str
    department_name: str
    committed_on: date | None
    valid_to: date | None
    publicity: str
    state_kind: str
    state: str
    fulfilment: str
    """The newest finding; empty while there is none."""


@dataclass(frozen=True)
class CommitmentPage:
    """One commitment signed here, in full."""

    line: CommitmentLine
    item_title: str
    text: str
    sha256: str
    template_version: str
    signed_by: str
    signed_at: datetime
    how: str
    end_why: str
    may_take_back: bool
    """Whether the promisor may: nothing was granted on it."""
    may_end: bool
    follow_ups: tuple[FollowUpLine, ...]
    findings: tuple[Determination, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))


@dataclass(frozen=True)
class Ratio:
    """(commitments + findings) ÷ operating organisations, in per mille of a percent point: 数/家 by seed 2."""

    commitments: int
    findings: int
    organisations: int

    @property
    def percent(self) -> str:
        """With one decimal, cut; empty where there is no organisation."""
        if not self.organisations:
            return ""
        tenths = (self.commitments + self.findings) * 1000 // self.organisations
        return f"{tenths // 10}.{tenths % 10}%"


def items(scope: Scope, *, as_at: date) -> tuple[ItemLine, ...]:
    """The items of the caller's region (and departments) that take a commitment."""
    rows = Department.objects.filter(is_active=True)
    if scope.region is not None:
        rows = rows.filter(region__code=scope.region)
    if scope.departments:
        rows = rows.filter(pk__in=scope.departments)
    names = dict(rows.values_list("code", "name"))
    listed = load_items(settings.PACK).values()
    return tuple(ItemLine(one, names[one.department], _letter(one, as_at)) for one in listed if one.department in names)


def item(scope: Scope, code: str, *, as_at: date) -> ItemLine:
    """One item; NotFound outside the caller's reach, Refused while its letter is not adopted."""
    item_of(settings.PACK, code)
    found = next((one for one in items(scope, as_at=as_at) if one.item.code == code), None)
    if found is None:
        raise NotFound("没有这个承诺事项。", "请从“信用承诺”页选择一项。")
    template_on(settings.PACK, found.item.template, as_at)
    return found


def own_commitments(scope: Scope, *, credit_code: str, as_at: date) -> tuple[CommitmentLine, ...]:
    """Everything an organisation promised, also on paper, newest first."""
    officers_only(scope)
    found = _open_versions(scope).filter(subject_code=credit_code).order_by("-decided_on", "-id")
    return _lines(found, as_at)


def commitments(
    scope: Scope, *, as_at: date, type: str = "", text: str = "", before: int | None = None, limit: int = LIMIT
) -> tuple[CommitmentLine, ...]:
    """A page of the commitments in the caller's reach, newest record first; `text` is a code, number or name."""
    officers_only(scope)
    found = _open_versions(scope)
    if type:
        found = found.filter(procedure=type)
    if text:
        found = found.filter(Q(subject_code=text) | Q(decision_no=text) | Q(subject_name__contains=text))
    if before is not None:
        found = found.filter(record_no__lt=before)
    return _lines(found.order_by("-record_no")[:limit], as_at)


def commitment_page(scope: Scope, id: int, *, as_at: date, credit_code: str = "") -> CommitmentPage:
    """One commitment signed here; NotFound outside the caller's reach, or of another organisation."""
    found = _signed(scope).filter(pk=id)
    row = found.filter(credit_code=credit_code).first() if credit_code else found.first()
    if row is None:
        raise NotFound("没有这份承诺。", "请从“信用承诺”页重新进入。")
    (line,) = _lines(Record.objects.filter(record_no=row.record_no, known_to=None), as_at)
    return CommitmentPage(
        line=line,
        item_title=row.item_title,
        text=row.text,
        sha256=row.sha256,
        template_version=row.template_version,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        how="在企业中心网上签署" if row.signer_id else f"在窗口签署，{row.identified_by}",
        end_why=row.end_why,
        may_take_back=row.ended_at is None and line.state == VALID and row.type in FREE,
        may_end=row.ended_at is None and line.state == VALID,
        follow_ups=follow_ups_of(scope, row.record_no),
        findings=findings_of(scope, row.number),
    )


def findings_of(scope: Scope, commitment_no: str) -> tuple[Determination, ...]:
    """The history of findings on a commitment, newest first."""
    officers_only(scope)
    rows = records_in(Scope(region=scope.region)).filter(
        type=FULFILMENT, decision_no=commitment_no, known_to=None, withdrawn=False
    )
    return tuple(
        Determination(
            on=one.decided_on,
            status=one.title,
            unperformed=str(one.content.get("unperformed_content") or ""),
            liability=str(one.content.get("liability_enforced") or ""),
            document_no=str(one.content.get("document_no") or ""),
            by=one.authority_name,
            ref=record_ref(one.record_no),
        )
        for one in rows.order_by("-decided_on", "-id")
    )


def follow_ups_of(scope: Scope, record_no: int) -> tuple[FollowUpLine, ...]:
    """The looks at one commitment, by the day they are due."""
    return tuple(_task(one) for one in _tasks(scope).filter(record_no=record_no).order_by("due_on"))


def follow_ups(scope: Scope, *, until: date, limit: int = LIMIT) -> tuple[FollowUpLine, ...]:
    """What waits to be looked at and is due by that day, the most overdue first."""
    return tuple(
        _task(one) for one in _tasks(scope).filter(done_at=None, due_on__lte=until).order_by("due_on", "pk")[:limit]
    )


def follow_up(scope: Scope, id: int) -> FollowUpLine:
    """One look; NotFound outside the caller's reach."""
    found = _tasks(scope).filter(pk=id).first()
    if found is None:
        raise NotFound("没有这项检查。", "请从“信用承诺”页重新进入。")
    return _task(found)


def due_count(scope: Scope, *, until: date) -> int:
    """How many looks are due by that day."""
    return _tasks(scope).filter(done_at=None, due_on__lte=until).count()


def ratio(scope: Scope) -> Ratio:
    """The figure of the monitoring table: commitments and findings that stand, by operating organisations."""
    found = records_in(Scope(region=scope.region)).filter(known_to=None, withdrawn=False)
    counted = found.filter(type__in=[COMMITMENT, FULFILMENT]).values("type").annotate(n=Count("pk"))
    by_type = {one["type"]: one["n"] for one in counted}
    registered = Organisation.objects.filter(registered=True, status=LifeCycle.OPERATING)
    if scope.region is not None:  # an organisation is of the region whose office first named it
        batches = Batch.objects.filter(region__code=scope.region).values("number")
        registered = registered.filter(created_batch_no__in=batches)
    return Ratio(by_type.get(COMMITMENT, 0), by_type.get(FULFILMENT, 0), registered.count())


def _letter(item: Item, as_at: date) -> Template | None:
    try:
        return template_on(settings.PACK, item.template, as_at)
    except Refused:
        return None


def _signed(scope: Scope) -> QuerySet[Commitment]:
    officers_only(scope)
    found = Commitment.objects.all()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    return found.filter(department_id__in=scope.departments) if scope.departments else found


def _tasks(scope: Scope) -> QuerySet[FollowUp]:
    officers_only(scope)
    found = FollowUp.objects.select_related("department")
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    return found.filter(department_id__in=scope.departments) if scope.departments else found


def _open_versions(scope: Scope) -> QuerySet[Record]:
    return records_in(scope).filter(type=COMMITMENT, known_to=None)


def _lines(rows: QuerySet[Record], as_at: date) -> tuple[CommitmentLine, ...]:
    found = list(rows.select_related("department"))
    signed = {one.record_no: one for one in Commitment.objects.filter(record_no__in=[one.record_no for one in found])}
    states = _newest_findings([one.decision_no for one in found])
    return tuple(_line(one, signed.get(one.record_no), states.get(one.decision_no, ""), as_at) for one in found)


def _newest_findings(numbers: list[str]) -> dict[str, str]:
    rows = Record.objects.filter(type=FULFILMENT, decision_no__in=numbers, known_to=None, withdrawn=False)
    return dict(rows.order_by("decided_on", "pk").values_list("decision_no", "title"))


def _line(row: Record, signed: Commitment | None, fulfilment: str, as_at: date) -> CommitmentLine:
    kind, state = _state(row, signed, as_at)
    return CommitmentLine(
        id=signed.pk if signed else None,
        record_no=row.record_no,
        ref=record_ref(row.record_no),
        number=row.decision_no,
        subject_name=row.subject_name,
        credit_code=row.subject_code,
        type=row.procedure,
        title=row.title,
        department_name=row.department.name,
        committed_on=row.decided_on,
        valid_to=row.valid_to,
        publicity=row.severity,
        state_kind=kind,
        state=state,
        fulfilment=fulfilment,
    )


def _state(row: Record, signed: Commitment | None, as_at: date) -> tuple[str, str]:
    if signed is not None and signed.ended_at is not None:
        return "ended", str(CommitmentEnd(signed.end_reason).label)
    if row.withdrawn:
        return "ended", ENDED
    if row.valid_to is not None and row.valid_to < as_at:
        return "ended", EXPIRED
    return "in_force", VALID


def _task(row: FollowUp) -> FollowUpLine:
    return FollowUpLine(
        id=row.pk,
        record_no=row.record_no,
        ref=record_ref(row.record_no),
        commitment_no=row.commitment_no,
        subject_name=row.subject_name,
        credit_code=row.credit_code,
        title=row.title,
        what=row.what,
        basis=row.basis,
        department_name=row.department.name,
        due_on=row.due_on,
        done_at=row.done_at,
        outcome=str(FollowUpOutcome(row.outcome).label) if row.outcome else "",
        found=row.found,
    )

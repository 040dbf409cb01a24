"""One case in full: its course, what may be done now and by whom, its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from xinheng.base.clock import working_days_between
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.people.models import OrganisationUser, Role, User
from xinheng.proceedings.actions.opening import contact_aad
from xinheng.proceedings.models import Case, CaseDocument, CaseEvent, Proposal
from xinheng.proceedings.parties import Acting, acting_in, may_see
from xinheng.proceedings.procedures import PARTY_LABELS, FormField, Procedure, Step, procedure_of
from xinheng.proceedings.queries.lists import CaseLine, line_of
from xinheng.proceedings.stating import shown
from xinheng.vault.filing import read
from xinheng.vault.sealing import open_bytes


@dataclass(frozen=True)
class EventLine:
    """One step of the course, with what was said in full."""

    at: datetime
    title: str
    party_label: str
    actor: str
    proposed_by: str
    stated: tuple[tuple[str, str], ...]
    clock: str
    to_title: str


@dataclass(frozen=True)
class DeadlineLine:
    """One deadline that runs."""

    title: str
    due_on: date
    days_left: int
    provisional: bool
    citation: str


@dataclass(frozen=True)
class FileLine:
    """A file of the case; `what` is `attachment` or `document`."""

    id: int
    what: str
    title: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ProposalLine:
    """A step that waits for the second person."""

    id: int
    title: str
    stated: tuple[tuple[str, str], ...]
    proposed_by: str
    proposed_at: datetime
    own: bool


@dataclass(frozen=True)
class NextStep:
    """Something this reader may do now, with what its form asks for."""

    event: str
    title: str
    two_person: bool
    adverse: bool
    fields: tuple[FormField, ...]
    tells: tuple[str, ...]
    deadline: str


@dataclass(frozen=True)
class CasePage:
    """Everything a party of a case may see of it."""

    line: CaseLine
    events: tuple[EventLine, ...]
    deadlines: tuple[DeadlineLine, ...]
    files: tuple[FileLine, ...]
    documents: tuple[FileLine, ...]
    proposal: ProposalLine | None
    sent_back: str
    steps: tuple[NextStep, ...]
    parties: frozenset[str]
    attachment_kinds: tuple[tuple[str, str], ...]
    seen: int
    identified_by: str
    has_contact: bool
    commitment: str
    rule_set: str


def case_page(scope: Scope, case_id: int, *, by: User | OrganisationUser, today: date) -> CasePage:
    """One case for one of its parties or a reader of the region; NotFound outside the scope."""
    case = _case(scope, case_id, by)
    acting = acting_in(by, case)
    procedure = procedure_of(settings.PACK, case.rule_set)
    events = list(CaseEvent.objects.filter(case=case).order_by("pk"))
    proposal = Proposal.objects.filter(case=case, settled_at=None).select_related("proposed_by").first()
    officer = by.pk if isinstance(by, User) else None
    sent_back = (
        Proposal.objects.filter(case=case, confirmed=False, settled_by__isnull=False).order_by("-pk").first()
        if isinstance(by, User)
        else None
    )
    concerned = "concerned" in acting.parties
    commitment = getattr(case, "commitment", None)
    return CasePage(
        line=line_of(case, today),
        events=tuple(_event(one, procedure) for one in events),
        deadlines=_deadlines(case, today),
        files=_attachments(case, procedure),
        documents=_documents(case),
        proposal=_proposal(proposal, case, procedure, officer) if proposal and officer and not concerned else None,
        sent_back=sent_back.note if sent_back and not concerned else "",
        steps=tuple(_steps(case, procedure, acting, {one.event for one in events})),
        parties=frozenset(acting.parties),
        attachment_kinds=procedure.attachments,
        seen=events[-1].pk,
        identified_by=case.identified_by,
        has_contact=case.contact is not None and isinstance(by, User),
        commitment=commitment.text if commitment else "",
        rule_set=case.rule_set,
    )


def case_contact(scope: Scope, case_id: int, *, by: User) -> str:
    """How to reach the one who applied at the counter; only for the credit office, and the caller logs it."""
    case = _case(scope, case_id, by)
    if "office" not in acting_in(by, case).parties or case.contact is None:
        raise Refused("没有登记联系方式，或者您不能查看。")
    return open_bytes(case.key_id, bytes(case.contact), contact_aad(case.number)).decode()


def file_of(
    scope: Scope, case_id: int, *, what: str, file_id: int, by: User | OrganisationUser
) -> tuple[FileLine, Iterator[bytes]]:
    """One file of a case and its content, for a party of it."""
    case = _case(scope, case_id, by)
    procedure = procedure_of(settings.PACK, case.rule_set)
    listed = _attachments(case, procedure) if what == "attachment" else _documents(case)
    found = next((one for one in listed if one.id == file_id), None)
    if found is None:
        raise NotFound("没有这份文件。", "请从案件页面重新进入。")
    rows = case.attachments if what == "attachment" else case.documents
    return found, read(rows.values_list("stored_path", flat=True).get(pk=file_id), case.key_id)


def handlers(scope: Scope) -> tuple[tuple[int, str], ...]:
    """The officers of the region who may be given a case, by number and name."""
    if scope.public:
        raise Refused("此项信息不对外公开。")
    found = User.objects.filter(is_active=True, grants__role=Role.CREDIT_OFFICE, grants__revoked_at=None).distinct()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    return tuple(found.order_by("username").values_list("pk", "display_name"))


def _case(scope: Scope, case_id: int, by: User | OrganisationUser) -> Case:
    if scope.public:
        raise Refused("此项信息不对外公开。")
    found = Case.objects.select_related("region", "department", "assignee", "commitment", "concerned").filter(
        pk=case_id
    )
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    case = found.first()
    if case is None or not (may_see(by, case) if isinstance(by, User) else acting_in(by, case).parties):
        raise NotFound("没有这个案件。", "请从案件列表重新进入。")
    return case


def _event(one: CaseEvent, procedure: Procedure) -> EventLine:
    step = procedure.step(one.from_state, one.event) if one.from_state else procedure.opening
    return EventLine(
        at=one.at,
        title=step.title if step else one.event,
        party_label=PARTY_LABELS.get(one.party, ""),
        actor=one.actor_name,
        proposed_by=one.proposed_by,
        stated=shown(procedure, one.stated),
        clock=one.clock,
        to_title=procedure.state(one.to_state).title,
    )


def _deadlines(case: Case, today: date) -> tuple[DeadlineLine, ...]:
    return tuple(
        DeadlineLine(one.title, one.due_on, working_days_between(today, one.due_on).days, one.provisional, one.citation)
        for one in case.deadlines.filter(closed_at=None).order_by("due_on")
    )


def _attachments(case: Case, procedure: Procedure) -> tuple[FileLine, ...]:
    kinds = dict(procedure.attachments)
    return tuple(
        FileLine(
            one.pk, "attachment", kinds[one.kind], one.file_name, one.media_type, one.size, one.sha256, one.added_by,
            one.added_at,
        )
        for one in case.attachments.order_by("pk")
    )  # fmt: skip


def _documents(case: Case) -> tuple[FileLine, ...]:
    return tuple(_document(one) for one in case.documents.order_by("pk"))


def _document(one: CaseDocument) -> FileLine:
    return FileLine(
        one.pk, "document", f"{one.title} {one.number}", f"{one.number} {one.title}.pdf", "application/pdf", one.size,
        one.sha256, "", one.made_at,
    )  # fmt: skip


def _proposal(one: Proposal, case: Case, procedure: Procedure, officer: int) -> ProposalLine | None:
    step = procedure.step(case.state, one.event)
    if step is None:
        return None
    return ProposalLine(
        one.pk, step.title, shown(procedure, one.stated), one.proposed_by.display_name, one.proposed_at,
        one.proposed_by_id == officer,
    )  # fmt: skip


def _steps(case: Case, procedure: Procedure, acting: Acting, done: set[str]) -> Iterator[NextStep]:
    for step in procedure.steps_from(case.state):
        if acting.party(step.who) is None or (step.once and step.event in done):
            continue
        yield NextStep(
            step.event,
            step.title,
            step.two_person,
            step.adverse,
            tuple(procedure.field(key) for key in step.needs),
            _told(step),
            step.deadline,
        )


def _told(step: Step) -> tuple[str, ...]:
    """Whom pressing the button tells."""
    return tuple(dict.fromkeys(PARTY_LABELS[tell.to] for tell in step.tells))

"""Lists of cases: what waits for whom, what is due when, what belongs to an organisation."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery

from xinheng.base.clock import working_days_between
from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.proceedings.models import Case, CaseChannel, Deadline, LeaveCover, Proposal
from xinheng.proceedings.parties import CLOSED_CIRCLE, DECIDED_BY_THE_SOURCE, ONLY_THE_SOURCE
from xinheng.proceedings.procedures import PARTY_LABELS, Party, load_procedures, procedure_of
from xinheng.register.references import record_ref

MINE, WAITING, OVERDUE, OPEN, CLOSED = "mine", "waiting", "overdue", "open", "closed"


@dataclass(frozen=True)
class CaseLine:
    """One case of a list."""

    id: int
    number: str
    procedure: str
    procedure_title: str
    state: str
    state_title: str
    public_title: str
    waits_for: str
    waits_for_label: str
    final: bool
    subject_name: str
    credit_code: str
    record_title: str
    record_ref: str
    department_id: int
    department_name: str
    channel_label: str
    assignee: str
    opened_at: datetime
    closed_at: datetime | None
    due_on: date | None
    """The next day by which something must be done; None where no deadline runs."""
    days_left: int | None
    """Working days until then, negative when it is over."""
    proposed: bool


@dataclass(frozen=True)
class OpenCounts:
    """How many open cases wait for an officer, and how many are late."""

    waiting: int
    overdue: int
    to_confirm: int


def case_list(
    scope: Scope,
    *,
    parties: frozenset[Party],
    user_id: int,
    today: date,
    show: str = WAITING,
    procedure: str = "",
    before: int | None = None,
    limit: int = 50,
) -> tuple[CaseLine, ...]:
    """Cases within the scope, the most urgent first; closed ones the newest first.

    `parties` is what the officer may be; `waiting` shows the cases whose turn is hers, `mine` those given to her or
    to somebody she covers.
    """
    found = _chosen(_in(scope), show, parties, user_id, today)
    if procedure:
        found = found.filter(procedure=procedure)
    if before is not None:
        found = found.filter(pk__lt=before)
    order = ("-pk",) if show == CLOSED or before is not None else ("due", "-pk")
    return _lines(found.order_by(*order)[:limit], today)


def open_counts(scope: Scope, *, parties: frozenset[Party], user_id: int, today: date) -> OpenCounts:
    """What waits for an officer, for the first page of the desk."""
    own = _in(scope)
    to_confirm = Proposal.objects.filter(settled_at=None, case__in=own.values("pk")).exclude(proposed_by_id=user_id)
    return OpenCounts(
        waiting=_chosen(own, WAITING, parties, user_id, today).count(),
        overdue=_chosen(own, OVERDUE, parties, user_id, today).count(),
        to_confirm=to_confirm.count() if "decider" in parties else 0,
    )


def cases_of(scope: Scope, *, credit_code: str, today: date) -> tuple[CaseLine, ...]:
    """All cases of an organisation in the region, newest first."""
    return _lines(_in(scope).filter(credit_code=credit_code).exclude(credit_code="").order_by("-pk"), today)


def cases_of_record(scope: Scope, record_no: int, *, today: date) -> tuple[CaseLine, ...]:
    """All cases about a record, newest first."""
    return _lines(_in(scope).filter(record_no=record_no).order_by("-pk"), today)


def line_of(case: Case, today: date) -> CaseLine:
    """One case as a line."""
    return _lines(_with_due(Case.objects.filter(pk=case.pk)), today)[0]


def incident_list(
    scope: Scope, *, user_id: int, today: date, show: str = OPEN, before: int | None = None, limit: int = 50
) -> tuple[CaseLine, ...]:
    """Incidents within the scope, newest first; never those that concern the one who asks."""
    found = _in(scope, closed=True).exclude(concerned_id=user_id).filter(closed_at__isnull=show != CLOSED)
    if before is not None:
        found = found.filter(pk__lt=before)
    return _lines(found.order_by("-pk")[:limit], today)


def _in(scope: Scope, *, closed: bool = False) -> QuerySet[Case]:
    """Cases of the scope; those of a closed circle only where they are asked for."""
    if scope.public:
        raise Refused("此项信息不对外公开。")
    found = Case.objects.filter(procedure__in=CLOSED_CIRCLE) if closed else Case.objects.exclude(
        procedure__in=CLOSED_CIRCLE
    )  # fmt: skip
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return _with_due(found)


def _with_due(found: QuerySet[Case]) -> QuerySet[Case]:
    due = Deadline.objects.filter(case=OuterRef("pk"), closed_at=None).order_by("due_on").values("due_on")[:1]
    return found.annotate(due=Subquery(due, output_field=DateField()))


def _chosen(
    found: QuerySet[Case], show: str, parties: frozenset[Party], user_id: int, today: date
) -> QuerySet[Case]:  # fmt: skip
    if show == CLOSED:
        return found.filter(closed_at__isnull=False)
    found = found.filter(closed_at=None)
    if show == OVERDUE:
        late = Deadline.objects.filter(case=OuterRef("pk"), closed_at=None, due_on__lt=today)
        return found.filter(Exists(late))
    if show == MINE:
        covered = LeaveCover.objects.filter(
            substitute_id=user_id, first_day__lte=today, last_day__gte=today, ended_at=None
        ).values("officer_id")
        return found.filter(Q(assignee_id=user_id) | Q(assignee_id__in=covered))
    if show == WAITING:
        # What waits for the office's own department as the source waits for the office.
        own = Q(department__user=user_id) & _turn(frozenset({"source"})) if "office" in parties else Q(pk__in=[])
        return found.filter(_turn(parties) | own)
    return found


def _turn(parties: frozenset[Party]) -> Q:
    """The states in which it is the turn of one of these parties."""
    turn = Q(pk=None)
    for procedure, versions in load_procedures(settings.PACK).items():
        if "office" in parties and procedure in ONLY_THE_SOURCE:
            continue
        for version in versions:
            states = [state.key for state in version.states if state.waits_for and state.waits_for in parties]
            if states and not (parties == {"decider"} and procedure not in DECIDED_BY_THE_SOURCE):
                turn |= Q(rule_set=version.rule_set, state__in=states)
    return turn


def _lines(found: QuerySet[Case], today: date) -> tuple[CaseLine, ...]:
    rows = list(found.select_related("department", "assignee"))
    proposed = set(
        Proposal.objects.filter(case__in=[one.pk for one in rows], settled_at=None).values_list("case_id", flat=True)
    )
    return tuple(_line(one, one.pk in proposed, today) for one in rows)


def _line(case: Case, proposed: bool, today: date) -> CaseLine:
    procedure = procedure_of(settings.PACK, case.rule_set)
    state = procedure.state(case.state)
    due: date | None = case.due  # type: ignore[attr-defined]  # annotated by `_with_due`
    return CaseLine(
        id=case.pk,
        number=case.number,
        procedure=case.procedure,
        procedure_title=procedure.title,
        state=case.state,
        state_title=state.title,
        public_title=state.public_title,
        waits_for=state.waits_for,
        waits_for_label=PARTY_LABELS[state.waits_for] if state.waits_for else "",
        final=state.final,
        subject_name=case.subject_name,
        credit_code=case.credit_code,
        record_title=case.record_title,
        record_ref=record_ref(case.record_no) if case.record_no is not None else "",
        department_id=case.department_id,
        department_name=case.department.name,
        channel_label=CaseChannel(case.channel).label,
        assignee=case.assignee.display_name if case.assignee else "",
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        due_on=due,
        days_left=working_days_between(today, due).days if due else None,
        proposed=proposed,
    )

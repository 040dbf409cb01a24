"""What follows from entries: notices to be served, measures in force, the tasks of departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from xinheng.base.clock import today
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.effects.models import Effect, EndReason, Kind, MeasureTerms, Service, ServiceMethod, Suspension
from xinheng.measures.judging import executable
from xinheng.measures.models import Correction, ElectronicAgreement, Feedback, MeasureTask, Notice, TaskState, TaskStep
from xinheng.measures.queries.register import ground
from xinheng.register.references import record_ref
from xinheng.register.scoping import officers_only

NoticeShow = Literal["waiting", "served", "closed"]
TaskShow = Literal["waiting", "late", "accepted", "executed", "cannot", "closed", "wrong"]


@dataclass(frozen=True)
class NoticeLine:
    """One notice in a list."""

    id: int
    number: str
    subject_name: str
    credit_code: str
    list_title: str
    made_on: date
    served_on: date | None
    method: str
    evidence: str
    closed_reason: str


@dataclass(frozen=True)
class AnnouncedLine:
    """One measure of a notice, and how it stands on the day asked about, in one word and a sentence."""

    key: str
    edition: str
    title: str
    executing_body: str
    state: str
    word: str
    note: str
    effect_id: int | None


@dataclass(frozen=True)
class NoticeDetail:
    """One notice in full."""

    line: NoticeLine
    paragraphs: tuple[str, ...]
    measures: tuple[AnnouncedLine, ...]
    record_ref: str
    made_at: datetime


@dataclass(frozen=True)
class TaskLine:
    """One task in a list; `resting` and `ended` are asked of the measure's effect, never kept here."""

    id: int
    subject_name: str
    credit_code: str
    measure_key: str
    measure_title: str
    list_key: str
    department_name: str
    state: TaskState
    resting: bool
    starts: date
    last_day: date | None
    due_on: date
    late: bool
    reminders: int


@dataclass(frozen=True)
class StepLine:
    """What was done on a task."""

    label: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True)
class FeedbackLine:
    """One time the measure was carried out."""

    done_on: date
    item: str
    amount_fen: int | None
    document_no: str
    note: str
    by: str


@dataclass(frozen=True)
class CorrectionLine:
    """What a department was asked to put right, and how it did."""

    due_on: date
    done_at: datetime | None
    by: str
    what: str


@dataclass(frozen=True)
class TaskDetail:
    """One task with its course."""

    line: TaskLine
    effect_id: int
    department_id: int
    steps: tuple[StepLine, ...]
    feedback: tuple[FeedbackLine, ...]
    correction: CorrectionLine | None


def notices(
    scope: Scope, *, show: NoticeShow, after: int | None = None, limit: int = 50, credit_code: str = ""
) -> tuple[NoticeLine, ...]:
    """Notices of the caller's region: those to serve the oldest first, others the newest first."""
    found = _notices(scope, credit_code)
    found = {
        "waiting": found.filter(closed_at=None, service_id=None),
        "served": found.filter(closed_at=None, service_id__isnull=False),
        "closed": found.filter(closed_at__isnull=False),
    }[show]
    if after is not None:
        found = found.filter(pk__gt=after) if show == "waiting" else found.filter(pk__lt=after)
    rows = list(found.order_by("pk" if show == "waiting" else "-pk")[:limit])
    return _notice_lines(rows)


def notice_counts(scope: Scope) -> dict[NoticeShow, int]:
    """How many wait for service, stand, and are over."""
    found = _notices(scope, "")
    return {
        "waiting": found.filter(closed_at=None, service_id=None).count(),
        "served": found.filter(closed_at=None, service_id__isnull=False).count(),
        "closed": found.filter(closed_at__isnull=False).count(),
    }


def notice(scope: Scope, id: int, *, as_at: date, credit_code: str = "") -> NoticeDetail:
    """One notice with what became of each measure; an organisation names itself and sees only its own."""
    found = _notices(scope, credit_code).filter(pk=id).first()
    if found is None:
        raise NotFound("没有这份告知书。", "请从列表中选择。")
    (line,) = _notice_lines([found])
    return NoticeDetail(
        line, tuple(found.paragraphs), _announced(scope, found, as_at), record_ref(found.record_no), found.made_at
    )


def agreed_to_electronic(scope: Scope, *, credit_code: str) -> date | None:
    """Since when the organisation is served in its centre; None where it did not agree."""
    officers_only(scope)
    found = ElectronicAgreement.objects.filter(
        region__code=scope.region, credit_code=credit_code, withdrawn_at=None
    ).first()
    return today(found.given_at) if found else None


def tasks(
    scope: Scope, *, show: TaskShow, as_at: date, after: int | None = None, limit: int = 50
) -> tuple[TaskLine, ...]:
    """Tasks of the caller's departments (or region), the longest waiting first; what is over, the newest first."""
    found = _shown_tasks(tasks_in(scope), show, as_at)
    newest_first = show in ("executed", "cannot", "closed", "wrong")
    if after is not None:
        found = found.filter(pk__lt=after) if newest_first else found.filter(pk__gt=after)
    return _task_lines(
        list(found.select_related("department").order_by("-pk" if newest_first else "pk")[:limit]), as_at
    )


def task_counts(scope: Scope, *, as_at: date) -> dict[TaskShow, int]:
    """How many tasks there are of each kind."""
    found = tasks_in(scope)
    return {show: _shown_tasks(found, show, as_at).count() for show in get_args(TaskShow)}


def task(scope: Scope, id: int, *, as_at: date) -> TaskDetail:
    """One task with its course and feedback."""
    found = tasks_in(scope).select_related("department").filter(pk=id).first()
    if found is None:
        raise NotFound("没有这项任务。", "请从“措施任务”页选择。")
    (line,) = _task_lines([found], as_at)
    steps = tuple(
        StepLine(str(one.get_step_display()), one.at, one.actor_name, one.note)
        for one in TaskStep.objects.filter(task=found).order_by("pk")
    )
    feedback = tuple(
        FeedbackLine(one.done_on, one.item, one.amount_fen, one.document_no, one.note, one.noted_by.display_name)
        for one in Feedback.objects.filter(task=found).select_related("noted_by").order_by("pk")
    )
    return TaskDetail(line, found.effect_id, found.department_id, steps, feedback, _correction(found))


def _correction(task: MeasureTask) -> CorrectionLine | None:
    found = Correction.objects.select_related("done_by").filter(task=task).first()
    if found is None:
        return None
    return CorrectionLine(found.due_on, found.done_at, found.done_by.display_name if found.done_by else "", found.what)


def tasks_in(scope: Scope) -> QuerySet[MeasureTask]:
    """The tasks of the caller's region and departments."""
    officers_only(scope)
    found = MeasureTask.objects.all()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return found


def _shown_tasks(found: QuerySet[MeasureTask], show: TaskShow, as_at: date) -> QuerySet[MeasureTask]:
    """What is over by its effect is over at once, also while the engine has not come by."""
    if show == "wrong":
        return found.filter(correction__isnull=False, correction__done_at=None)
    over = Effect.objects.filter(pk=OuterRef("effect_id")).filter(Q(ended_at__isnull=False) | Q(ends__lte=as_at))
    if show == "closed":
        return found.filter(Q(state=TaskState.CLOSED) | Exists(over))
    found = found.exclude(state=TaskState.CLOSED).exclude(Exists(over))
    if show == "late":
        return found.filter(state=TaskState.WAITING, due_on__lt=as_at)
    return found.filter(state=show)


def _notices(scope: Scope, credit_code: str) -> QuerySet[Notice]:
    officers_only(scope)
    found = Notice.objects.all()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    return found.filter(credit_code=credit_code) if credit_code else found


def _notice_lines(rows: Sequence[Notice]) -> tuple[NoticeLine, ...]:
    services = Service.objects.in_bulk([one.service_id for one in rows if one.service_id is not None])
    lines = []
    for one in rows:
        service = services.get(one.service_id or 0)
        lines.append(
            NoticeLine(
                id=one.pk,
                number=one.number,
                subject_name=one.subject_name,
                credit_code=one.credit_code,
                list_title=one.list_title,
                made_on=today(one.made_at),
                served_on=service.served_on if service else None,
                method=str(ServiceMethod(service.method).label) if service else "",
                evidence=service.evidence if service else "",
                closed_reason=one.closed_reason,
            )
        )
    return tuple(lines)


def _announced(scope: Scope, found: Notice, as_at: date) -> tuple[AnnouncedLine, ...]:
    terms = MeasureTerms.objects.in_bulk(found.measures.values_list("terms_id", flat=True))
    effects = {
        one.terms_id: one
        for one in Effect.objects.filter(
            record_id=found.record_id, kind__in=(Kind.RESTRAINT, Kind.GRADUATED), terms_id__in=list(terms)
        ).order_by("pk")
    }
    resting = resting_of([one.pk for one in effects.values()])
    known = ground(scope, pack=settings.PACK)
    lines = []
    for one in found.measures.order_by("pk"):
        effect = effects.get(one.terms_id)
        if effect is None:
            rule = known.editions.get(one.edition)
            measure = next((each for each in rule.measures if each.key == one.measure_key), None) if rule else None
            reasons = "".join(executable(measure, known, as_at).reasons) if measure else "规则包中已没有这项措施。"
            waits = ("scheduled", "待送达", "送达的次日起执行。") if found.service_id is None else (
                "suspended", "不执行", reasons
            )  # fmt: skip
            state = ("ended", "不再执行", found.closed_reason) if found.closed_at else waits
        else:
            state = stands(effect, as_at, resting=effect.pk in resting)
        body = terms[one.terms_id].executing_body
        lines.append(
            AnnouncedLine(one.measure_key, one.edition, one.title, body, *state, effect.pk if effect else None)
        )
    return tuple(lines)


def stands(effect: Effect, as_at: date, *, resting: bool) -> tuple[str, str, str]:
    """How an effect stands on a day: the kind of its label, the word, and a sentence on its days."""
    last = f"至{_said(effect.ends - timedelta(days=1))}" if effect.ends else effect.removal_rule
    if effect.ended_at is not None:
        return "ended", "已终止", f"{_said(today(effect.ended_at))}终止：{EndReason(effect.end_reason).label}"
    if effect.ends is not None and effect.ends <= as_at:
        return "ended", "已到期", last
    if resting:
        return "suspended", "暂停", "暂停期间不得执行。"
    if effect.starts > as_at:
        return "scheduled", "待执行", f"自{_said(effect.starts)}起，{last}"
    return "in_force", "执行中", f"自{_said(effect.starts)}起，{last}"


def resting_of(effects: Sequence[int]) -> frozenset[int]:
    """Those of the effects that rest for some cause."""
    found = Suspension.objects.filter(effect_id__in=list(effects), hides=True, resumed_at=None)
    return frozenset(found.values_list("effect_id", flat=True))


def _task_lines(rows: Sequence[MeasureTask], as_at: date) -> tuple[TaskLine, ...]:
    effects = Effect.objects.in_bulk([one.effect_id for one in rows])
    terms = MeasureTerms.objects.in_bulk({one.terms_id for one in rows})
    resting = resting_of(list(effects))
    lines = []
    for one in rows:
        effect, said = effects[one.effect_id], terms[one.terms_id]
        over = effect.ended_at is not None or (effect.ends is not None and effect.ends <= as_at)
        lines.append(
            TaskLine(
                id=one.pk,
                subject_name=one.subject_name,
                credit_code=one.credit_code,
                measure_key=said.measure_key,
                measure_title=said.title,
                list_key=said.list_key,
                department_name=one.department.name,
                state=TaskState.CLOSED if over else TaskState(one.state),
                resting=effect.pk in resting and not over,
                starts=effect.starts,
                last_day=effect.ends - timedelta(days=1) if effect.ends else None,
                due_on=one.due_on,
                late=one.state == TaskState.WAITING and one.due_on < as_at and not over,
                reminders=one.reminders,
            )
        )
    return tuple(lines)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

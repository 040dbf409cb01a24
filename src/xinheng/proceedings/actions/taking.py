"""Taking one step of the table, inside the caller's transaction and with the case locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.people.models import User
from xinheng.proceedings.actions.issuing import issue
from xinheng.proceedings.consequences import CONSEQUENCES
from xinheng.proceedings.deadlines import answer_deadline, settle_deadlines
from xinheng.proceedings.guards import GUARDS, Asked
from xinheng.proceedings.models import Case, CaseEvent, Proposal
from xinheng.proceedings.parties import Acting
from xinheng.proceedings.procedures import Procedure, Step, procedure_of
from xinheng.proceedings.stating import checked
from xinheng.proceedings.taken import Taken
from xinheng.proceedings.telling import tell_step


class MovedOn(Conflict):
    """Somebody else took a step first."""

    def __init__(self, state: str) -> None:
        super().__init__(f"案件已由他人办理，现在的状态是“{state}”。", "您填写的内容没有提交，请刷新页面后再办理。")


@dataclass(frozen=True)
class Ready:
    """A step that may be taken: the locked case, its table, and what was stated, clean."""

    case: Case
    procedure: Procedure
    step: Step
    stated: dict[str, str]
    day: date


def locked(case_id: int) -> Case:
    """The case, held until the end of the transaction; NotFound when there is none."""
    related = ("region", "department", "assignee", "concerned")
    found = Case.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=case_id).first()
    if found is None:
        raise NotFound("没有这个案件。", "请从案件列表重新进入。")
    return found


def ready(
    case: Case, event: str, acting: Acting, stated: Mapping[str, str], *, now: datetime, seen: int | None
) -> Ready:
    """Whether the table allows this step now, to this party, with these words; refuses with the sentence why not.

    `seen` is the last event the form was made for: a form sent again, or made before somebody else acted, is stale.
    """
    if not acting.parties:
        raise NotFound("没有这个案件。", "请从案件列表重新进入。")
    procedure = procedure_of(settings.PACK, case.rule_set)
    last = CaseEvent.objects.filter(case=case).order_by("-pk").values_list("pk", flat=True).first()
    step = procedure.step(case.state, event)
    if step is None or (seen is not None and last != seen):
        raise MovedOn(procedure.state(case.state).title)
    if acting.party(step.who) is None:
        raise Refused(f"“{step.title}”不由您办理。", "请联系信用办。")
    if step.once and CaseEvent.objects.filter(case=case, event=event).exists():
        raise Refused(f"“{step.title}”只能办理一次，已经办理过。")
    day = today(now)
    clean = checked(procedure, step, stated, day)
    check_guard(step, Asked(case, clean, day))
    _check_documents(case, procedure, step)
    _check_heard(case, procedure, step)
    return Ready(case, procedure, step, clean, day)


def check_guard(step: Step, asked: Asked) -> None:
    """Refuse with the guard's own sentence where the step has one that is not met."""
    if step.guard:
        why_not = GUARDS[step.guard](asked)
        if why_not:
            raise Refused(f"现在不能“{step.title}”：{why_not}")


def take(found: Ready, acting: Acting, *, now: datetime, first: User | None = None) -> CaseEvent:
    """Write the step with all that follows from it; `first` is who proposed it, where two persons are needed."""
    case, step = found.case, found.step
    came_from = case.state
    clock = answer_deadline(case, step, now)
    event = write_event(found, acting, came_from, now=now, clock=clock, first=first)
    case.state = step.target
    final = step.target in found.procedure.final_states
    case.closed_at = now if final else None
    case.save(update_fields=["state", "closed_at"])
    Proposal.objects.filter(case=case, settled_at=None).update(
        settled_at=now, confirmed=False, note="案件已有其他办理，本次提出的处理自动失效。"
    )
    settle_deadlines(case, found.procedure, step, now)
    taken = Taken(case, event, found.stated, acting.actor, acting.user, now, found.day)
    for name in step.then:
        CONSEQUENCES[name](taken)
    if step.issues:
        issue(case, event, step.issues, found.procedure, found.stated, now=now)
    tell_step(case, found.procedure, step, found.stated, by=acting.actor, now=now)
    log(case, "case.move", acting.actor, now, {"event": step.event, "from": came_from, "to": step.target})
    return event


def write_event(
    found: Ready, acting: Acting, came_from: str, *, now: datetime, clock: str = "", first: User | None = None
) -> CaseEvent:
    """Add the row that says who took the step, when, and in which words."""
    return CaseEvent.objects.create(
        case=found.case,
        event=found.step.event,
        from_state=came_from,
        to_state=found.step.target,
        at=now,
        party=acting.party(found.step.who) or "",
        actor_kind=acting.actor.kind,
        actor_id=acting.actor.id,
        actor_name=acting.actor.name,
        proposed_by=first.display_name if first else "",
        stated=found.stated,
        clock=clock,
        rule_set=found.case.rule_set,
    )


def log(case: Case, act: str, by: Actor, now: datetime, detail: Mapping[str, object]) -> None:
    """The audit event of a case; its number, never what somebody wrote."""
    record(
        act=act,
        by=by,
        now=now,
        region_id=case.region_id,
        object_type="case",
        object_id=case.number,
        detail=dict(detail),
    )


def _check_documents(case: Case, procedure: Procedure, step: Step) -> None:
    names = dict(procedure.attachments)
    held = set(case.attachments.values_list("kind", flat=True))
    missing = [names[kind] for kind in step.documents if kind not in held]
    if missing:
        raise Refused(f"还缺少：{'、'.join(missing)}。", "请上传后再提交。")


def _check_heard(case: Case, procedure: Procedure, step: Step) -> None:
    """No adverse end without notice and a chance to be heard; the table is built so, and this makes sure."""
    if not step.adverse or step.external:
        return
    notices = {one.event for one in procedure.steps if one.notice}
    hearings = {one.event for one in procedure.steps if one.hearing}
    done = list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("event", flat=True))
    told = max((place for place, event in enumerate(done) if event in notices), default=None)
    if told is None or not any(event in hearings for event in done[told + 1 :]):
        raise Refused("作出不利的决定以前，须先告知理由并听取意见。", "请先办理告知。")

"""Steps of a running case: by one person, or proposed by one and confirmed by another."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.people.models import OrganisationUser, User
from xinheng.proceedings.actions.taking import locked, log, ready, take
from xinheng.proceedings.models import CaseEvent, Proposal
from xinheng.proceedings.parties import CLOSED_CIRCLE, ONLY_THE_SOURCE, acting_in
from xinheng.proceedings.procedures import Party, procedure_of
from xinheng.proceedings.telling import tell_party

NOTE = 300


@transaction.atomic
def move(
    *,
    case: int,
    event: str,
    stated: Mapping[str, str],
    by: User | OrganisationUser | None,
    now: datetime,
    seen: int | None = None,
) -> CaseEvent:
    """Take a step that one person may take; nobody (`by` None) is the clock. Of two at once the later is refused."""
    found = locked(case)
    acting = acting_in(by, found)
    checked = ready(found, event, acting, stated, now=now, seen=seen)
    if checked.step.two_person:
        raise Refused(f"“{checked.step.title}”须由两人办理。", "请先提出，再由另一人确认。")
    return take(checked, acting, now=now)


@transaction.atomic
def propose(
    *, case: int, event: str, stated: Mapping[str, str], by: User, now: datetime, seen: int | None = None
) -> Proposal:
    """State a step that needs a second person; nothing changes until she confirms."""
    found = locked(case)
    acting = acting_in(by, found)
    checked = ready(found, event, acting, stated, now=now, seen=seen)
    if not checked.step.two_person:
        raise Refused(f"“{checked.step.title}”由一人办理即可。")
    if Proposal.objects.filter(case=found, settled_at=None).exists():
        raise Conflict("已有人提出处理意见，等待另一人确认。", "请刷新页面查看。")
    made = Proposal.objects.create(
        case=found, event=event, state=found.state, stated=checked.stated, proposed_by=by, proposed_at=now
    )
    title = f"{checked.procedure.title} {found.number}：待第二人确认"
    text = f"{by.display_name}提出“{checked.step.title}”，请另一人核对后确认或者退回。"
    second: Party = "decider" if found.procedure in CLOSED_CIRCLE | ONLY_THE_SOURCE else "office"
    tell_party(found, second, title=title, text=text, by=acting.actor, now=now)
    log(found, "case.propose", acting.actor, now, {"event": event, "proposal": made.pk})
    return made


@transaction.atomic
def confirm(*, proposal: int, by: User, now: datetime) -> CaseEvent:
    """The second person agrees, and the step is taken. Whoever proposed it cannot confirm it."""
    found = _open_proposal(proposal)
    case = locked(found.case_id)
    acting = acting_in(by, case)
    found = _open_proposal(proposal)
    checked = ready(case, found.event, acting, found.stated, now=now, seen=None)
    if found.proposed_by_id == by.pk:
        raise Refused("提出和确认须为不同的人。", "请由另一名有权限的人员确认。")
    Proposal.objects.filter(pk=found.pk).update(settled_by=by, settled_at=now, confirmed=True)
    return take(checked, acting, now=now, first=found.proposed_by)


@transaction.atomic
def send_back(*, proposal: int, note: str, by: User, now: datetime) -> Proposal:
    """The proposal is not carried out; the case stays where it is. The one who proposed it may take it back too."""
    case_id = _open_proposal(proposal).case_id
    case = locked(case_id)
    acting = acting_in(by, case)
    found = _open_proposal(proposal)
    step = procedure_of(settings.PACK, case.rule_set).step(case.state, found.event)
    if step is None or acting.party(step.who) is None:
        raise NotFound("没有这个待确认的处理意见。", "请从案件列表重新进入。")
    if not note.strip():
        raise Refused("请写明退回的原因。")
    found.settled_by, found.settled_at, found.confirmed, found.note = by, now, False, note.strip()[:NOTE]
    found.save()
    log(case, "case.send_back", acting.actor, now, {"proposal": found.pk})
    return found


def _open_proposal(number: int) -> Proposal:
    found = Proposal.objects.select_related("proposed_by").filter(pk=number).first()
    if found is None:
        raise NotFound("没有这个待确认的处理意见。", "请从案件列表重新进入。")
    if found.settled_at is not None:
        raise Conflict("这个处理意见已由他人处理。", "请刷新页面查看。")
    return found

"""What a step does beyond the case itself. The table names these; each runs inside the step's transaction."""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType

from django.conf import settings

from xinheng.base.clock import format_date
from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import WITHDRAW, WITHDRAWAL_REASON
from xinheng.catalogue.contracts import load_contracts
from xinheng.declarations.models import DeclarationEnd
from xinheng.effects.actions import (
    end_effects,
    list_again,
    publish_again,
    resume_effects,
    suspend_effects,
    undo_effects,
    undo_measures,
)
from xinheng.effects.models import MEASURES, EndReason
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.actions.single import problems_of, submit_single
from xinheng.intake.models import DeliveryState
from xinheng.intake.standing import form_values, naming, stated_values
from xinheng.ledger.models import Channel
from xinheng.people.actions import send_message
from xinheng.people.models import User
from xinheng.people.recipients import OrganisationBox
from xinheng.proceedings.affected import TOLD_AFFECTED, looked_at
from xinheng.proceedings.breached import record_breach
from xinheng.proceedings.declared import ending, publish_declaration
from xinheng.proceedings.determined import determination_of_entry
from xinheng.proceedings.eligibility import eligibility_of
from xinheng.proceedings.entered import (
    enter_in_list,
    forget_named_person,
    note_determination,
    note_removal,
    remove_from_list,
)
from xinheng.proceedings.facts import (
    left_its_list,
    living,
    newest,
    publication,
    resting_while_examined,
    subject_of,
    was_public,
)
from xinheng.proceedings.models import Case, CaseEvent, RepairCommitment
from xinheng.proceedings.stating import StatedWrong
from xinheng.proceedings.taken import Taken
from xinheng.register.models import Record

WITHDRAW_IT, AMEND_IT, MEASURES_ONLY = "withdraw", "amend", "measures"
RECEIVED_FROM_ABOVE = frozenset({"serious_list"})
"""Entries of courts and upper levels: they are marked, and what hangs on them goes on."""


def mark_record(taken: Taken) -> None:
    """From acceptance on: the record stays public with the mark 异议处理中, measures this region carries out rest.

    Entries of courts and upper levels are marked like all others, and what the law of their list lets go on goes on.

    Once per ground: an objection that repeats what was examined before changes nothing while it is examined.
    """
    case = taken.case
    if case.record_no is None or _examined_before(case):
        return
    reason = f"{case.number} 异议处理中"
    rests = resting_while_examined(case.record_no, region_id=case.region_id)
    marked = [one.pk for one in living(case.record_no) if one.pk not in rests]
    for effects, hides in ((marked, False), (rests, True)):
        if effects:
            suspend_effects(
                effect_ids=effects, cause=case.cause, hides=hides, reason=reason, by=taken.by, now=taken.now,
                today=taken.day,
            )  # fmt: skip


def end_mark(taken: Taken) -> None:
    """The mark goes, and what rested for this case goes on."""
    reason = f"{taken.case.number} 已办结"
    for cause in (taken.case.cause, _wrong(taken.case)):
        resume_effects(cause=cause, reason=reason, by=taken.by, now=taken.now, today=taken.day)


def stop_wrong_publication(taken: Taken) -> None:
    """An upheld objection: what is to be withdrawn ends for good, what is to be amended is hidden until it is.

    Where the record is right and only what was done on it is wrong, its measures end as never justified.
    """
    if taken.case.record_no is None:
        return
    found = living(taken.case.record_no)
    effects = [one.pk for one in found]
    why = f"{taken.case.number} 异议成立"
    if taken.stated["remedy"] == MEASURES_ONLY:
        measures = [one.pk for one in found if one.kind in MEASURES and one.region_id == taken.case.region_id]
        undo_measures(effect_ids=measures, why=why, by=taken.by, now=taken.now)
    elif taken.stated["remedy"] == WITHDRAW_IT:
        end_effects(
            effect_ids=effects, reason=EndReason.OBJECTION_UPHELD, why=why, by=taken.by, now=taken.now, today=taken.day
        )
    else:
        suspend_effects(
            effect_ids=effects, cause=_wrong(taken.case), hides=True, reason=why, by=taken.by, now=taken.now,
            today=taken.day,
        )  # fmt: skip


def correct_in_ledger(taken: Taken) -> None:
    """The correction itself: a withdrawal is sent here; an amendment must have come from the department; where only
    measures were wrong the record stays."""
    case = taken.case
    if case.record_no is None:
        return
    upheld = CaseEvent.objects.filter(case=case, event="uphold").order_by("-pk")[0]
    if upheld.stated["remedy"] == AMEND_IT:
        _amended_since(taken, "uphold")
    elif upheld.stated["remedy"] == WITHDRAW_IT and not newest(case.record_no).withdrawn:
        _withdraw(taken, reason=f"{case.number} 异议成立")


def sign_commitment(taken: Taken) -> None:
    """Keep the commitment in the words that were shown, signed with the organisation's full name."""
    case, name = taken.case, taken.stated["signed_by"]
    if case.record_no is None:
        return
    expected = subject_of(newest(case.record_no)).name
    if name.replace("（", "(").replace("）", ")") != expected.replace("（", "(").replace("）", ")"):
        raise StatedWrong({"signed_by": f"承诺单位应与登记的名称一致：{expected}。"})
    found = eligibility_of(case.record_no, on=taken.day)
    RepairCommitment.objects.create(
        case=case, text=found.commitment, signed_by=name, signed_at=taken.now, rule_key=found.rule_key
    )


def end_publication(taken: Taken) -> None:
    """A repair carried out: publication ends, and everything that hangs on the record with it."""
    if taken.case.record_no is None:
        return
    ended = end_effects(
        effect_ids=[one.pk for one in living(taken.case.record_no)],
        reason=EndReason.REPAIRED,
        why=f"{taken.case.number} 信用修复",
        by=taken.by,
        now=taken.now,
        today=taken.day,
    )
    if not ended:
        raise Refused("这条信息已经不在公示期内，不需要再办理修复。", "请刷新页面，案件会自动办结。")


def put_back(taken: Taken) -> None:
    """What was taken away wrongly is public again for what is left of its period; what is public stays as it is.

    A record its department has withdrawn returns by being sent again, which a person reviews. An entry returns to its
    list as well; what follows from it is announced anew.
    """
    number = taken.case.record_no
    if number is None or newest(number).withdrawn:
        return
    if was_public(number) and publication(number, on=taken.day) is None:
        publish_again(record_no=number, why=_why(taken, "恢复公示"), by=_officer(taken), now=taken.now)
    if left_its_list(number):
        list_again(record_no=number, why=_why(taken, "恢复列入"), by=_officer(taken), now=taken.now)


def undo_record(taken: Taken) -> None:
    """What never should have been: every effect ends as such, the record leaves the ledger, all who had it are told.

    Entries of courts and upper levels are not altered here; what follows from them ends all the same.
    """
    number = taken.case.record_no
    if number is None:
        return
    undo_effects(
        record_no=number, effect_ids=[one.pk for one in living(number)], why=_why(taken, "自始不当"), by=taken.by,
        now=taken.now,
    )  # fmt: skip
    version = newest(number)
    if not version.withdrawn and not _from_above(version):
        _withdraw(taken, reason=f"{taken.case.number} 自始不当")


def carry_out_remedy(taken: Taken) -> None:
    """What an upheld complaint makes good."""
    match taken.stated["remedy"]:
        case "undo":
            undo_record(taken)
        case "put_back":
            put_back(taken)


def rest_effects(taken: Taken) -> None:
    """The reviewing body stopped the execution: what hangs on the record rests; entries from above are only marked."""
    number = taken.case.record_no
    if number is None:
        return
    suspend_effects(
        effect_ids=[one.pk for one in living(number)], cause=taken.case.cause,
        hides=not _from_above(newest(number)), reason=_why(taken, "停止执行"), by=taken.by,
        now=taken.now, today=taken.day,
    )  # fmt: skip


def end_rest(taken: Taken) -> None:
    """What rested goes on, as far as it has not ended."""
    resume_effects(cause=taken.case.cause, reason=_why(taken, "恢复执行"), by=taken.by, now=taken.now, today=taken.day)


def hide_until_amended(taken: Taken) -> None:
    """The decision was changed: what is public is wrong, and out of sight until the department sends what is right."""
    if taken.case.record_no is None:
        return
    suspend_effects(
        effect_ids=[one.pk for one in living(taken.case.record_no)], cause=_wrong(taken.case), hides=True,
        reason=_why(taken, "决定变更，待更正"), by=taken.by, now=taken.now, today=taken.day,
    )  # fmt: skip


def take_amendment(taken: Taken) -> None:
    """The department must have sent what is right since the change was noted."""
    if taken.case.record_no is not None:
        _amended_since(taken, "record_changed")


def tell_affected(taken: Taken) -> None:
    """Misuse was found: every organisation that was looked at learns of it, and what it can do."""
    opened = CaseEvent.objects.filter(case=taken.case, event="open").order_by("pk")[0]
    day = date.fromisoformat(opened.stated["on_day"])
    for code in looked_at(taken.case.region, reader=opened.stated["reader"], day=day):
        send_message(
            to=OrganisationBox(code, taken.case.region_id), title="贵单位的信息曾被不当查阅", link="/centre/readers",
            text=TOLD_AFFECTED.format(day=format_date(day), number=taken.case.number), by=taken.by, now=taken.now,
        )  # fmt: skip


def shield_publication(taken: Taken) -> None:
    """A plan is being carried out: the record rests out of sight, and may return for what is left of its period."""
    if taken.case.record_no is None:
        return
    suspend_effects(
        effect_ids=[one.pk for one in living(taken.case.record_no)], cause=taken.case.cause, hides=True,
        reason=f"{taken.case.number} 暂时屏蔽", by=taken.by, now=taken.now, today=taken.day,
    )  # fmt: skip


def lift_shield(taken: Taken) -> None:
    """The plan failed: what rested for it goes on."""
    reason = f"{taken.case.number} 终止执行"
    resume_effects(cause=taken.case.cause, reason=reason, by=taken.by, now=taken.now, today=taken.day)


def end_shielded(taken: Taken) -> None:
    """The plan was fulfilled and the deciding body agreed: what rested ends for good."""
    end_publication(taken)
    lift_shield(taken)


def _from_above(version: Record) -> bool:
    """Whether a court or an upper level listed the subject; what a department of this place determined is its own."""
    return version.type in RECEIVED_FROM_ABOVE and determination_of_entry(version.record_no) is None


def _examined_before(case: Case) -> bool:
    return CaseEvent.objects.filter(
        event="accept", case__procedure=case.procedure, case__record_no=case.record_no, case__ground=case.ground
    ).exclude(case=case).exists()  # fmt: skip


def _amended_since(taken: Taken, event: str) -> None:
    asked = CaseEvent.objects.filter(case=taken.case, event=event).order_by("-pk")[0]
    if newest(taken.case.record_no or 0).known_from <= asked.at:
        raise Refused("报送部门还没有报送更正后的内容。", "更正以后再办理；在记录页可以直接提交更正。")


def _why(taken: Taken, what: str) -> str:
    """The case and, where another body decided, its document."""
    act = taken.stated.get("act_no", "")
    return f"{taken.case.number} {what}{f'，依 {act}' if act else ''}"


def _officer(taken: Taken) -> User:
    """The officer who took the step; the table lets nobody else."""
    if taken.user is None:
        raise Refused("这一步须由工作人员办理。")
    return taken.user


def _wrong(case: Case) -> str:
    return f"{case.procedure}-upheld:{case.pk}"


def _withdraw(taken: Taken, *, reason: str) -> None:
    """Take the record back through the ledger, in the department's name."""
    case = taken.case
    version = newest(case.record_no or 0)
    contract = load_contracts(settings.PACK)[version.type]
    scope = Scope(region=case.region.code)
    values = form_values(contract, stated_values(scope, version))
    named = {name: values[name] for name in naming(contract, values)}
    delivery = submit_single(
        type=contract.key,
        values=named | {WITHDRAWAL_REASON: reason},
        operation=WITHDRAW,
        entry=f"case-{case.pk}-{taken.event.pk}",
        sender=Sender(version.department, Channel.FORM, taken.by, taken.user, from_case=True),
        clock=lambda: taken.now,
    )
    problems = problems_of(scope, delivery)
    if problems or delivery.state != DeliveryState.DONE:
        told = "".join(one.message for one in problems) or delivery.message
        raise Refused(f"这条记录没有能够撤回：{told}", "请由报送部门在记录页撤回后再办理。")


Consequence = Callable[[Taken], None]
CONSEQUENCES: MappingProxyType[str, Consequence] = MappingProxyType(
    {
        "mark_record": mark_record,
        "end_mark": end_mark,
        "stop_wrong_publication": stop_wrong_publication,
        "correct_in_ledger": correct_in_ledger,
        "sign_commitment": sign_commitment,
        "end_publication": end_publication,
        "put_back": put_back,
        "undo_record": undo_record,
        "carry_out_remedy": carry_out_remedy,
        "rest_effects": rest_effects,
        "end_rest": end_rest,
        "hide_until_amended": hide_until_amended,
        "take_amendment": take_amendment,
        "tell_affected": tell_affected,
        "shield_publication": shield_publication,
        "lift_shield": lift_shield,
        "end_shielded": end_shielded,
        "publish_declaration": publish_declaration,
        "close_declaration": ending(DeclarationEnd.REFUSED),
        "supersede_declaration": ending(DeclarationEnd.CHANGED),
        "withdraw_declaration": ending(DeclarationEnd.WITHDRAWN),
        "end_untrue_declaration": ending(DeclarationEnd.UNTRUE),
        "record_breach": record_breach,
        "note_determination": note_determination,
        "forget_named_person": forget_named_person,
        "enter_in_list": enter_in_list,
        "note_removal": note_removal,
        "remove_from_list": remove_from_list,
    }
)

"""What the steps of a determination and of a removal do beyond their cases.

The entry becomes a record through intake, as anything a department states; a person's entry is sealed by the same
door in the vault.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings

from xinheng.base.clock import today
from xinheng.base.errors import Refused
from xinheng.base.period import add_months
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import ASSERT, WITHDRAW, WITHDRAWAL_REASON
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.actions import undo_effects
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.actions.single import problems_of, sealed_values, submit_single
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.standing import form_values, naming, stated_values
from xinheng.ledger.models import Channel
from xinheng.proceedings.determined import (
    EARLY,
    GONE,
    REVOKED,
    NamedPerson,
    determination_of,
    determination_of_entry,
    ground_of,
    named_in,
    person_of,
    removed_by,
    rule_for_entry,
)
from xinheng.proceedings.facts import living, newest
from xinheng.proceedings.models import Case, CaseEvent, ListDetermination, ListRemoval
from xinheng.proceedings.procedures import procedure_of
from xinheng.proceedings.taken import Taken
from xinheng.register.models import Record
from xinheng.vault.actions import open_record
from xinheng.vault.models import SealedRecord

ENTRY = "serious_list"
PERSON, CITIZEN = "自然人", "身份证"
GROUNDS = {EARLY: "提前移出", REVOKED: "撤销", GONE: "主体注销"}


def note_determination(taken: Taken) -> None:
    """Keep with the case which list it is about, and on which penalty it rests."""
    case = taken.case
    titles = dict(procedure_of(settings.PACK, case.rule_set).field("ground").options)
    key = taken.stated["ground"]
    ListDetermination.objects.create(case=case, list_key=key, list_title=titles[key], penalty_no=case.record_no or 0)


def forget_named_person(taken: Taken) -> None:
    """Nobody is listed: what was kept of the person goes."""
    ListDetermination.objects.filter(case=taken.case).update(person=None)


def enter_in_list(taken: Taken) -> None:
    """The decision was served: the entry goes into the ledger in the department's name, a person's into the vault."""
    held = determination_of(taken.case)
    person = person_of(held)
    penalty = newest(held.penalty_no)
    row = _entry(taken, held, penalty) | _subject(taken.case, penalty, person)
    delivery = _send(taken, row, ASSERT, f"listed-{taken.case.pk}")
    batch_no = delivery.batch.number if delivery.batch else 0
    entry = Record.objects.filter(type=ENTRY, batch_no=batch_no).first()
    held.person, held.entered_on, held.batch_no = None, taken.day, batch_no
    held.entry_no = entry.record_no if entry is not None and person is None else None
    held.save(update_fields=["person", "entered_on", "batch_no", "entry_no"])


def note_removal(taken: Taken) -> None:
    """Tie the case of removal to the determination it is about."""
    held = determination_of_entry(taken.case.record_no) or named_in(taken.case)
    if held is None:
        raise Refused("这条信息不由本地部门认定，请向认定单位申请移出。")
    ListRemoval.objects.create(case=taken.case, determination=held)


def remove_from_list(taken: Taken) -> None:
    """The entry ends today. Revoked, it never should have been: whoever ever had it is told so."""
    held = removed_by(taken.case)
    ground = ground_of(taken.case)
    if held.person_role:
        _take_back_person(taken, held, ground)
    elif held.entry_no is not None:
        version = newest(held.entry_no)
        if ground == REVOKED:
            undo_effects(
                record_no=held.entry_no, effect_ids=[one.pk for one in living(held.entry_no)],
                why=f"{taken.case.number} 撤销列入", by=taken.by, now=taken.now,
            )  # fmt: skip
        _amend(taken, version, ground)
    held.removed_on = taken.day
    held.save(update_fields=["removed_on"])


def _amend(taken: Taken, version: Record, ground: str) -> None:
    """The same entry with the day and the ground of its removal; one entered today is taken back instead."""
    contract = load_contracts(settings.PACK)[ENTRY]
    scope = Scope(region=taken.case.region.code)
    values = form_values(contract, stated_values(scope, version))
    values |= sealed_values(scope, batch_no=version.batch_no, row_no=version.row_no)
    values |= {"removed_on": f"{taken.day:%Y/%m/%d}", "removal_ground": GROUNDS[ground]}
    _send(taken, values, ASSERT, f"removed-{taken.case.pk}")


def _take_back_person(taken: Taken, held: ListDetermination, ground: str) -> None:
    """Take the sealed entry back in the vault; opening it is logged with the case as its purpose."""
    sealed = SealedRecord.objects.filter(batch_no=held.batch_no or 0, known_to=None).first()
    if sealed is None:
        raise Refused("封存的列入信息已经更新或者销毁。", "请由认定部门报送撤回。")
    scope = Scope(region=taken.case.region.code, departments=frozenset({taken.case.department_id}))
    opened = open_record(scope, sealed.pk, purpose=f"办理名单移出 {taken.case.number}", by=taken.by, now=taken.now)
    contract = load_contracts(settings.PACK)[ENTRY]
    values = {name: cell or "" for name, cell in opened.content.items()}
    kept = {*naming(contract, values), "person_id_type", "person_id_no", "counterparty_name"}
    row = {name: cell for name, cell in values.items() if name in kept}
    _send(taken, row | {WITHDRAWAL_REASON: GROUNDS[ground]}, WITHDRAW, f"removed-{taken.case.pk}")


def _entry(taken: Taken, held: ListDetermination, penalty: Record) -> dict[str, str]:
    """What the entry states, from the steps of the case."""
    case, rule = taken.case, rule_for_entry(held)
    drafted, told, decided = (_last(case, event) for event in ("draft", "serve_notice", "decide"))
    months = int(decided.stated["months"])
    return {
        "list_key": held.list_key,
        "list_name": held.list_title,
        "decision_no": decided.stated["act_no"],
        "grounds": f"{drafted.stated['facts']}（{drafted.stated['article']}）",
        "decided_on": _written(today(decided.at)),
        "notice_served_on": _written(date.fromisoformat(told.stated["served_on"])),
        "effective_from": _written(taken.day),
        "planned_to": _written(add_months(taken.day, months) - timedelta(days=1)),
        "removal_conditions": rule.early_removal,
        "published_from": _written(taken.day),
        "linked_penalty_no": penalty.decision_no,
        "decision_body": case.department.name,
        "decision_body_uscc": case.department.code,
        "data_source_unit": case.department.name,
        "data_source_unit_uscc": case.department.code,
    }


def _subject(case: Case, penalty: Record, person: NamedPerson | None) -> dict[str, str]:
    """Who is listed: the organisation of the penalty in its own words, or the person, and never both in one row."""
    if person is not None:
        return {
            "counterparty_name": person.name,
            "counterparty_category": PERSON,
            "person_id_type": CITIZEN,
            "person_id_no": person.number,
        }
    contract = load_contracts(settings.PACK)[penalty.type]
    scope = Scope(region=case.region.code)
    stated = form_values(contract, stated_values(scope, penalty))
    stated |= sealed_values(scope, batch_no=penalty.batch_no, row_no=penalty.row_no)
    wanted = load_contracts(settings.PACK)[ENTRY]
    roles, target = contract.roles, wanted.roles
    row = {
        target.subject_name: stated.get(roles.subject_name, ""),
        target.subject_code: stated.get(roles.subject_code, ""),
        target.subject_category: stated.get(roles.subject_category, ""),
    }
    shared = [*contract.roles.other_codes, "legal_rep_name", "legal_rep_id_type", "legal_rep_id_no"]
    return row | {name: stated[name] for name in shared if stated.get(name) and name in wanted.names}


def _send(taken: Taken, row: Mapping[str, str], operation: str, entry: str) -> Delivery:
    delivery = submit_single(
        type=ENTRY,
        values=row,
        operation=operation,
        entry=entry,
        sender=Sender(taken.case.department, Channel.FORM, taken.by, taken.user, from_case=True),
        clock=lambda: taken.now,
    )
    scope = Scope(region=taken.case.region.code)
    problems = "".join(one.message for one in problems_of(scope, delivery) if one.level == "error")
    if delivery.state != DeliveryState.DONE or problems:
        raise Refused(f"没有能够收入：{problems or delivery.message}", "请改正后再提交，或者联系信用办。")
    return delivery


def _last(case: Case, event: str) -> CaseEvent:
    return CaseEvent.objects.filter(case=case, event=event).order_by("-pk")[0]


def _written(day: date) -> str:
    return f"{day:%Y/%m/%d}"

"""Putting a subject on a list, and taking it off: the case with what it is about, in one transaction."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import NotFound, Refused
from xinheng.base.identifiers.citizen_number import has_valid_check
from xinheng.base.identifiers.normalise import normalise
from xinheng.people.models import User
from xinheng.proceedings.actions.attaching import Upload
from xinheng.proceedings.actions.opening import Application, open_case
from xinheng.proceedings.actions.taking import log
from xinheng.proceedings.determination_rules import rule_of
from xinheng.proceedings.determined import REVOKED, NamedPerson, determination_of, has_fallen, is_over, person_aad
from xinheng.proceedings.facts import newest
from xinheng.proceedings.models import Case, CaseChannel, ListDetermination, ListRemoval
from xinheng.proceedings.parties import parts_of
from xinheng.proceedings.stating import StatedWrong
from xinheng.vault.sealing import seal_bytes

DETERMINATION, REMOVAL = "determination", "removal"
ON_DUTY = "由认定部门依职权提出"
FALLEN = "列入所依据的处罚已经撤回或者被撤销，请在期限内撤销列入。"


@transaction.atomic
def open_determination(
    *, record_no: int, stated: Mapping[str, str], uploads: Sequence[Upload], entry: uuid.UUID, by: User, now: datetime,
    person: NamedPerson | None = None,
) -> Case:  # fmt: skip
    """Propose that the subject of a penalty be listed, or a person whom the list's law names beside it.

    Only the department that decided the penalty, and only for lists whose rule names it. A person's name and number
    are sealed; they stand in no text, message or log of the case. The same form again is the same case.
    """
    again = Case.objects.filter(entry=entry, region=by.region).first()
    if again is not None:
        return again
    penalty = newest(record_no)
    if "source" not in parts_of(by, DETERMINATION, penalty.region_id, penalty.department_id):
        raise NotFound("没有这条记录。", "只有作出处罚的部门可以提出列入名单。")
    if person is not None:
        _check_person(person, stated)
    application = Application(
        procedure=DETERMINATION,
        record_no=record_no,
        stated=stated,
        channel=CaseChannel.DUTY,
        entry=entry,
        part=_part(record_no, person),
        person_role=person.role if person else "",
        identified=ON_DUTY,
        uploads=uploads,
    )
    case = open_case(application=application, by=by, now=now).case
    if person is not None:
        held = determination_of(case)
        held.person_role = person.role
        held.person = seal_bytes(case.key_id, person.sealed_text(), person_aad(case.number))
        held.save(update_fields=["person_role", "person"])
        log(case, "case.name_person", Actor.of(by), now, {"role": person.role})
    return case


@transaction.atomic
def open_removal(
    *, determination: int, stated: Mapping[str, str], uploads: Sequence[Upload], entry: uuid.UUID, by: User | None,
    now: datetime,
) -> Case:  # fmt: skip
    """Ask that an entry of this place be removed: its department of its own motion, or (nobody) the clock."""
    again = Case.objects.filter(entry=entry).first()
    if again is not None and (by is None or again.region_id == by.region_id):
        return again
    held = ListDetermination.objects.select_related("case__department__region").filter(pk=determination).first()
    if held is None or (by is not None and not _source(by, held)):
        raise NotFound("没有这件名单认定。", "请从案件页面重新进入。")
    application = Application(
        procedure=REMOVAL,
        record_no=held.entry_no,
        stated=stated,
        channel=CaseChannel.DUTY,
        entry=entry,
        target=held.case.number if held.person_role else "",
        department=held.case.department,
        identified=ON_DUTY,
        uploads=uploads,
    )
    return open_case(application=application, by=by, now=now).case


def look_for_fallen_grounds(*, now: datetime) -> int:
    """Open the revocation of every entry whose penalty fell and that nobody looks at yet; how many. Safe to repeat."""
    standing = ListDetermination.objects.filter(entered_on__isnull=False, removed_on=None).select_related("case")
    opened = 0
    for held in standing.order_by("pk"):
        running = ListRemoval.objects.filter(determination=held, case__closed_at=None).exists()
        if running or not has_fallen(held.penalty_no) or is_over(held, today(now)):
            continue
        open_removal(
            determination=held.pk, stated={"ground": REVOKED, "statement": FALLEN}, uploads=(), entry=uuid.uuid4(),
            by=None, now=now,
        )  # fmt: skip
        opened += 1
    return opened


def _source(by: User, held: ListDetermination) -> bool:
    return "source" in parts_of(by, REMOVAL, held.case.region_id, held.case.department_id)


def _part(record_no: int, person: NamedPerson | None) -> str:
    """Each person has a determination of her own, beside that of the organisation."""
    if person is None:
        return ""
    named = ListDetermination.objects.filter(penalty_no=record_no).exclude(person_role="").count()
    return f"#{named + 1}"


def _check_person(person: NamedPerson, stated: Mapping[str, str]) -> None:
    """The list's law names this part, the number is one, and nothing typed elsewhere names the person."""
    rule = rule_of(settings.PACK, stated.get("ground", ""))
    if rule is None or person.role not in rule.persons:
        raise Refused("这份名单的规定没有写明对这类人员作出认定。", "单位的列入不得推及个人。")
    if not person.name.strip() or not has_valid_check(normalise(person.number)):
        raise StatedWrong({"person": "请填写当事人的姓名和正确的居民身份证号码。"})
    if any(person.name.strip() in text for text in stated.values()):
        raise StatedWrong({"facts": "事实和依据里请不要写当事人的姓名，姓名只加密保存。"})

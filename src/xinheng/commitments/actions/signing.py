"""Signing: the letter is shown first, and what is signed is exactly what was shown."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.catalogue.contract import ASSERT
from xinheng.commitments.actions.following import open_one
from xinheng.commitments.actions.writing import log, write
from xinheng.commitments.letters import Letter, LetterWrong, Promisor, letter_of, same_name
from xinheng.commitments.models import Commitment, SerialNumber
from xinheng.commitments.rules import COMMITMENT, item_of, template_on
from xinheng.people.identity import scope_of
from xinheng.people.models import Department, OrganisationMembership, OrganisationUser, Region, User
from xinheng.register.models import Organisation, Record

SOLE_TRADER = "92"
"""How the credit code of an individual business begins."""


@dataclass(frozen=True)
class Promise:
    """What was filled in for an item, as typed. `entry` names the form, so that sending it twice signs once."""

    item: str
    typed: Mapping[str, str]
    signed_by: str
    shown_sha256: str
    """The digest of the letter that was shown; a letter that reads differently by now is shown again."""
    entry: uuid.UUID


@dataclass(frozen=True)
class Counter:
    """Who came to the counter, and how it was made sure; never a number of a person."""

    credit_code: str
    identified_by: str


@dataclass(frozen=True)
class Signature:
    """How it was signed: by a user of the organisation, or taken by an officer who saw the signed paper."""

    signer: OrganisationUser | None
    taken_by: User | None
    identified_by: str


def prepare(*, item: str, typed: Mapping[str, str], credit_code: str, region: Region, now: datetime) -> Letter:
    """The letter to be shown before it is signed. Keeps nothing."""
    chosen = item_of(settings.PACK, item)
    department = Department.objects.filter(region=region, code=chosen.department, is_active=True).first()
    if department is None:
        raise Refused("受理这个事项的部门还没有在本站开通。", "请到受理部门的窗口签署。")
    day = today(now)
    return letter_of(
        chosen, template_on(settings.PACK, chosen.template, day), typed, promisor=_promisor(credit_code),
        department=department, today=day,
    )  # fmt: skip


@transaction.atomic
def sign_online(*, promise: Promise, membership: OrganisationMembership, now: datetime) -> Commitment:
    """The organisation's own user signs with its full name."""
    by = membership.user
    if not by.is_active or membership.revoked_at is not None:
        raise Refused("您已不能代表该单位办理。", "请联系单位的负责人。")
    actor = Actor.organisation_user(by.pk, by.display_name)
    return _sign(promise, membership.credit_code, membership.region, actor, Signature(by, None, ""), now)


@transaction.atomic
def sign_at_counter(*, promise: Promise, counter: Counter, by: User, now: datetime) -> Commitment:
    """An officer of the accepting department takes a letter that was printed, signed and sealed before her."""
    chosen = item_of(settings.PACK, promise.item)
    if scope_of(by).departments and by.department.code != chosen.department:
        raise NotFound("没有这个承诺事项。", "请从“信用承诺”页选择一项。")
    identified = counter.identified_by.strip()[:100]
    if not identified:
        raise LetterWrong({"identified_by": "请注明怎样核验了承诺单位的身份，例如“核对了营业执照和公章”。"})
    if find_personal_numbers(identified):
        raise LetterWrong({"identified_by": "核验方式里有像证件号码的数字，请只写核对了什么。"})
    return _sign(promise, counter.credit_code, by.region, Actor.of(by), Signature(None, by, identified), now)


def _sign(
    promise: Promise, credit_code: str, region: Region, actor: Actor, signed: Signature, now: datetime
) -> Commitment:
    again = Commitment.objects.filter(entry=promise.entry).first()
    if again is not None:
        if again.credit_code != credit_code or again.region_id != region.pk:
            raise NotFound("没有这份承诺。", "请从“信用承诺”页重新进入。")
        return again
    letter = prepare(item=promise.item, typed=promise.typed, credit_code=credit_code, region=region, now=now)
    promisor = _promisor(credit_code)
    if not same_name(promise.signed_by, promisor.name):
        raise LetterWrong({"signed_by": f"承诺单位应与登记的名称一致：{promisor.name}。"})
    if letter.sha256 != promise.shown_sha256:
        raise Conflict("承诺书的文字或者日期已经变化，还没有签署。", "请重新阅读后再签署。")
    department = Department.objects.select_related("region").get(region=region, code=letter.item.department)
    same = Commitment.objects.filter(
        credit_code=credit_code, region=region, item_code=letter.item.code, reason=letter.reason, ended_at=None,
        valid_to__gte=letter.committed_on,
    )  # fmt: skip
    if same.exists():
        raise Conflict("同样的承诺已经作出，还在有效期内。", "可以在“信用承诺”页查看。")
    number = _next_number(region, letter)
    record_no = write(
        COMMITMENT, _row(letter, promisor, department, number), ASSERT, entry=f"commitment-{promise.entry}",
        department=department, by=actor, user=signed.taken_by, now=now,
    )  # fmt: skip
    if record_no is None:
        raise Refused("承诺没有能够收入。", "请联系信用办。")
    made = Commitment.objects.create(
        region=region,
        department=department,
        entry=promise.entry,
        number=number,
        subject_no=promisor.number,
        subject_name=promisor.name,
        credit_code=credit_code,
        item_code=letter.item.code,
        item_title=letter.item.title,
        template=letter.template.key,
        template_version=letter.template.version,
        type=letter.template.type,
        reason=letter.reason,
        content=letter.content,
        liability=letter.liability,
        publicity=letter.template.publicity,
        committed_on=letter.committed_on,
        valid_to=letter.valid_to,
        text=letter.text,
        sha256=letter.sha256,
        signed_by=promise.signed_by.strip(),
        signed_at=now,
        record_no=record_no,
        signer=signed.signer,
        taken_by=signed.taken_by,
        identified_by=signed.identified_by,
    )
    open_one(Record.objects.select_related("department").get(record_no=record_no, known_to=None), now=now)
    log("commitment.sign", number, region.pk, by=actor, now=now, detail={"item": made.item_code, "sha256": made.sha256})
    return made


def _promisor(credit_code: str) -> Promisor:
    found = Organisation.objects.filter(credit_code=credit_code).first() if credit_code else None
    if found is None:
        raise Refused("本站还没有归集这个单位的登记信息，现在不能签署。", "请联系登记机关或者信用办。")
    return Promisor(found.pk, found.name, credit_code)


def _next_number(region: Region, letter: Letter) -> str:
    """Area code, date and serial; numbers that a department gave to paper ones are passed over."""
    day = letter.committed_on
    SerialNumber.objects.get_or_create(region=region, day=day, defaults={"last": 0})
    counter = SerialNumber.objects.select_for_update().get(region=region, day=day)
    while True:
        counter.last += 1
        number = f"{region.code[:6]}{day:%Y%m%d}{counter.last:06d}"
        if not Record.objects.filter(type=COMMITMENT, decision_no=number).exists():
            break
    counter.save(update_fields=["last"])
    return number


def _row(letter: Letter, promisor: Promisor, department: Department, number: str) -> dict[str, str]:
    return {
        "commitment_no": number,
        "promisor_name": promisor.name,
        "promisor_category": "个体工商户" if promisor.credit_code.startswith(SOLE_TRADER) else "法人及非法人组织",
        "promisor_code": promisor.credit_code,
        "commitment_type": letter.template.type,
        "reason": letter.reason,
        "content": letter.content,
        "breach_liability": letter.liability,
        "committed_on": f"{letter.committed_on:%Y/%m/%d}",
        "valid_to": f"{letter.valid_to:%Y/%m/%d}",
        "acceptance_unit": department.name,
        "acceptance_unit_uscc": department.code,
        "publicity_type": letter.template.publicity,
    }

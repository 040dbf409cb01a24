"""Declaring something of oneself (自主申报) and changing it: the case and what is declared, in one transaction."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.declarations.actions import declare
from xinheng.declarations.declaring import Declarer, checked, verifier
from xinheng.declarations.models import Declaration
from xinheng.declarations.rules import DeclarationKind, kind_of
from xinheng.people.models import OrganisationMembership, OrganisationUser, Region
from xinheng.proceedings.actions.attaching import Upload, add_attachment
from xinheng.proceedings.actions.moving import move
from xinheng.proceedings.actions.opening import Application, Opened, open_case
from xinheng.proceedings.facts import organisation_of
from xinheng.proceedings.models import Case, CaseChannel, CaseEvent
from xinheng.proceedings.parties import acting_in

PROCEDURE, CHANGE = "declaration", "change"


@dataclass(frozen=True)
class Statement:
    """What was filled in, as typed, and whose name stands under the pledge."""

    typed: Mapping[str, str]
    signed_by: str


@transaction.atomic
def open_declaration(
    *,
    kind: str,
    statement: Statement,
    uploads: Sequence[Upload],
    entry: uuid.UUID,
    membership: OrganisationMembership,
    now: datetime,
) -> Opened:
    """Declare an item with its evidence and pledge; it waits for verification. The same form again is the same case.

    DeclaredWrong names the fields to put right; Refused where the register does not know the organisation yet.
    """
    by, region = membership.user, membership.region
    again = Case.objects.filter(entry=entry).first()
    if again is not None:
        if not acting_in(by, again).parties:
            raise NotFound("没有这项申报。", "请从“自主申报”页重新进入。")
        return Opened(again, "")
    chosen = kind_of(settings.PACK, kind)
    declarer = _declarer(membership.credit_code)
    department = verifier(region, chosen)
    declared = checked(chosen, statement.typed, declarer=declarer, department=department, today=today(now))
    _refuse_repeated(region, declarer.credit_code, chosen, declared.title)
    application = Application(
        procedure=PROCEDURE,
        record_no=None,
        stated={"signed_by": statement.signed_by},
        channel=CaseChannel.CENTRE,
        entry=entry,
        target=f"{chosen.value}：{declared.title}",
        credit_code=declarer.credit_code,
        department=department,
        uploads=uploads,
    )
    opened = open_case(application=application, by=by, now=now)
    declare(
        declared=declared, declarer=declarer, case_number=opened.case.number, department=department,
        signed_by=statement.signed_by.strip(), by=by, now=now,
    )  # fmt: skip
    return opened


@transaction.atomic
def change_declaration(
    *,
    case: int,
    statement: Statement,
    uploads: Sequence[Upload],
    by: OrganisationUser,
    now: datetime,
    seen: int | None,
) -> CaseEvent:
    """Declare the next version of an item. What stood ends at once, and counts again only when it is verified."""
    found = Case.objects.select_related("region", "department").filter(pk=case, procedure=PROCEDURE).first()
    if found is None or not acting_in(by, found).parties:
        raise NotFound("没有这项申报。", "请从“自主申报”页重新进入。")
    event = move(case=case, event=CHANGE, stated={"signed_by": statement.signed_by}, by=by, now=now, seen=seen)
    before = Declaration.objects.filter(region=found.region, case_number=found.number).order_by("-version")[0]
    chosen = kind_of(settings.PACK, before.kind)
    declarer = _declarer(found.credit_code)
    declared = checked(chosen, statement.typed, declarer=declarer, department=found.department, today=today(now))
    Case.objects.filter(pk=found.pk).update(record_title=f"{chosen.value}：{declared.title}"[:300])
    declare(
        declared=declared, declarer=declarer, case_number=found.number, department=found.department,
        signed_by=statement.signed_by.strip(), by=by, now=now,
    )  # fmt: skip
    for upload in uploads:
        add_attachment(case=case, upload=upload, by=by, now=now)
    return event


def _declarer(credit_code: str) -> Declarer:
    found = organisation_of(credit_code)
    if found is None:
        raise Refused("本站还没有归集您单位的登记信息，现在不能申报。", "请联系登记机关或者信用办。")
    return Declarer(found.number, found.name, found.credit_code)


def _refuse_repeated(region: Region, credit_code: str, kind: DeclarationKind, title: str) -> None:
    same = Declaration.objects.filter(region=region, credit_code=credit_code, kind=kind.key, title=title, ended_at=None)
    if same.exists():
        raise Conflict("同样的事项已经申报。", "请在原来的申报里变更；到期的可以先撤回再申报。")

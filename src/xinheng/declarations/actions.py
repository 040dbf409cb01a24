"""Declaring, verifying and ending; called by the steps of the case, inside their transaction."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import format_date, today
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import ASSERT, WITHDRAW, WITHDRAWAL_REASON
from xinheng.declarations.declaring import Declared, DeclaredWrong, Declarer, row_of
from xinheng.declarations.models import Declaration, DeclarationEnd
from xinheng.declarations.rules import CONTRACT, kind_of, pledge_on
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.actions.single import problems_of, submit_single
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.ledger.models import Channel
from xinheng.people.models import Department, OrganisationUser, User
from xinheng.register.models import Record


@transaction.atomic
def declare(
    *,
    declared: Declared,
    declarer: Declarer,
    case_number: str,
    department: Department,
    signed_by: str,
    by: OrganisationUser,
    now: datetime,
) -> Declaration:
    """Keep a version with the pledge in the words that were shown; it counts for nothing until it is verified.

    DeclaredWrong when it is not signed with the organisation's own name.
    """
    if _plain(signed_by) != _plain(declarer.name):
        raise DeclaredWrong({"signed_by": f"承诺单位应与登记的名称一致：{declarer.name}。"})
    pledge = pledge_on(settings.PACK, today(now))
    before = Declaration.objects.filter(region=department.region, case_number=case_number)
    made = Declaration.objects.create(
        region=department.region,
        department=department,
        case_number=case_number,
        version=(before.aggregate(last=Max("version"))["last"] or 0) + 1,
        subject_no=declarer.number,
        subject_name=declarer.name,
        credit_code=declarer.credit_code,
        kind=declared.kind.key,
        title=declared.title,
        certificate_no=declared.certificate_no,
        issuer=declared.issuer,
        obtained_on=declared.obtained_on,
        statement=declared.statement,
        valid_to=declared.valid_to,
        pledge_version=pledge.version,
        pledge_text=pledge.text,
        pledge_sha256=pledge.sha256,
        signed_by=signed_by,
        declared_by=by,
        declared_at=now,
    )
    detail = {"kind": made.kind, "version": made.version, "pledge": made.pledge_sha256}
    _log("declaration.sign", made, Actor.organisation_user(by.pk, by.display_name), now, detail)
    return made


@transaction.atomic
def verify(*, region_id: int, case_number: str, how: str, by: User, now: datetime) -> Declaration:
    """Let it count: it becomes a record of the ledger, public until the end of its validity. Refused once expired."""
    held = _newest(region_id, case_number)
    if held.ended_at is not None or held.verified_at is not None:
        raise Conflict("这一版申报已经办理过。", "请刷新页面查看。")
    day = today(now)
    if held.valid_to < day:
        raise Refused(f"申报的有效期已于{format_date(held.valid_to)}届满。", "请通知申报单位变更申报。")
    row = row_of(
        _declared(held), Declarer(held.subject_no, held.subject_name, held.credit_code), number=held.number,
        pledged_on=today(held.declared_at), how=how, on=day, department=held.department,
    )  # fmt: skip
    delivery = _send(held, row, ASSERT, by=Actor.of(by), user=by, now=now)
    batch = delivery.batch
    entered = Record.objects.filter(type=CONTRACT, batch_no=batch.number).first() if batch else None
    if entered is None:
        raise Refused(_problems(held, delivery) or "核验的内容没有能够收入。", "请通知申报单位改正后再核验。")
    held.verified_at, held.verified_by, held.verified_how, held.record_no = now, by, how, entered.record_no
    held.save(update_fields=["verified_at", "verified_by", "verified_how", "record_no"])
    _log("declaration.verify", held, Actor.of(by), now, {"record": entered.record_no})
    return held


@transaction.atomic
def end(
    *,
    region_id: int,
    case_number: str,
    reason: DeclarationEnd,
    why: str,
    by: Actor,
    user: User | None,
    now: datetime,
) -> Declaration:
    """It counts no longer: what was public of it is taken back through the ledger, and whoever has it is told.

    What ended already stays as it ended.
    """
    held = _newest(region_id, case_number)
    if held.ended_at is not None:
        return held
    version = Record.objects.filter(record_no=held.record_no, known_to=None).first() if held.record_no else None
    if version is not None and not version.withdrawn:
        named = {"organisation_name": held.subject_name, "uscc": held.credit_code, "declaration_no": held.number}
        delivery = _send(held, named | {WITHDRAWAL_REASON: why[:200]}, WITHDRAW, by=by, user=user, now=now)
        if delivery.state != DeliveryState.DONE or _problems(held, delivery):
            raise Refused(f"这条信息没有能够撤回：{_problems(held, delivery) or delivery.message}", "请联系信用办。")
    held.ended_at, held.end_reason = now, reason
    held.save(update_fields=["ended_at", "end_reason"])
    _log("declaration.end", held, by, now, {"reason": reason.value})
    return held


def _newest(region_id: int, case_number: str) -> Declaration:
    """The last version of a case, held until the end of the transaction."""
    held = Declaration.objects.select_for_update(of=("self",)).select_related("department", "region")
    found = held.filter(region_id=region_id, case_number=case_number).order_by("-version").first()
    if found is None:
        raise NotFound("没有这项申报。", "请从“自主申报”页重新进入。")
    return found


def _send(
    held: Declaration, row: dict[str, str], operation: str, *, by: Actor, user: User | None, now: datetime
) -> Delivery:
    return submit_single(
        type=CONTRACT,
        values=row,
        operation=operation,
        entry=f"declaration-{held.pk}-{operation}",
        sender=Sender(held.department, Channel.FORM, by, user, from_case=True),
        clock=lambda: now,
    )


def _problems(held: Declaration, delivery: Delivery) -> str:
    scope = Scope(region=held.region.code)
    return "".join(one.message for one in problems_of(scope, delivery) if one.level == "error")


def _declared(held: Declaration) -> Declared:
    return Declared(
        kind=kind_of(settings.PACK, held.kind),
        title=held.title,
        certificate_no=held.certificate_no,
        issuer=held.issuer,
        obtained_on=held.obtained_on,
        valid_to=held.valid_to,
        statement=held.statement,
    )


def _plain(name: str) -> str:
    return name.strip().replace("（", "(").replace("）", ")")


def _log(act: str, held: Declaration, by: Actor, now: datetime, detail: dict[str, object]) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=held.region_id,
        object_type="declaration",
        object_id=held.number,
        detail=detail,
    )

"""What an organisation allows others to read about it, given and withdrawn by its users."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import mask_text
from xinheng.people.actions.messages import send_message
from xinheng.people.actions.storing import insert
from xinheng.people.models import Consent, ConsentRequest, Department, OrganisationMembership
from xinheng.people.purposes import logged
from xinheng.people.recipients import OrganisationBox

LONGEST = timedelta(days=366 * 3)
"""No consent runs longer; after that it has to be given anew."""


@transaction.atomic
def give_consent(
    *,
    membership: OrganisationMembership,
    purpose: str,
    scope: Collection[str],
    recipient: Department | str,
    until: date,
    now: datetime,
    starts: date | None = None,
    purpose_code: str = "",
) -> Consent:
    """Let a department, or somebody named, read information of these types until a day.

    A department relies on it only for a purpose of the rulebook's list: that of `purpose_code`.
    """
    first = starts or clock.today(now)
    name = recipient.name if isinstance(recipient, Department) else recipient.strip()
    if not purpose.strip() or not name or not scope:
        raise Refused("请写明用途、查询方和信息类型。")
    if until < first:
        raise Refused("最后一日不能早于起始日。")
    if until - first > LONGEST:
        raise Refused("一次授权最长三年。", "请选择较近的最后一日，到期可以再次授权。")
    made = Consent.objects.create(
        credit_code=membership.credit_code,
        region_id=membership.region_id,
        purpose=purpose.strip()[:200],
        purpose_code=purpose_code,
        scope=sorted(scope),
        recipient_department=recipient if isinstance(recipient, Department) else None,
        recipient_name=name[:200],
        starts=first,
        until=until,
        given_by=membership,
        given_at=now,
    )
    _log("consent.give", made, membership, now)
    return made


@transaction.atomic
def withdraw_consent(*, membership: OrganisationMembership, consent_id: int, now: datetime) -> Consent:
    """Take a consent back at once. What was read before stays lawful; nothing else follows from withdrawing."""
    found = (
        Consent.objects.select_for_update(of=("self",))
        .select_related("recipient_department")
        .filter(pk=consent_id, credit_code=membership.credit_code, region_id=membership.region_id)
        .first()
    )
    if found is None:
        raise NotFound("没有这项授权。", "请从“授权”列表中选择。")
    if found.withdrawn_at:
        raise Conflict("这项授权已经撤回。", "请刷新页面。")
    found.withdrawn_at, found.withdrawn_by = now, membership
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _log("consent.withdraw", found, membership, now)
    if found.recipient_department:
        send_message(
            to=found.recipient_department,
            title="一项查询授权已撤回",
            text=f"统一社会信用代码 {found.credit_code} 的单位撤回了授权，自即时起不得再凭该授权查询。",
            link="",
            by=_actor(membership),
            now=now,
        )
    return found


@transaction.atomic
def ask_consent(
    *, credit_code: str, department: Department, purpose_code: str, purpose: str, scope: Collection[str],
    by: Actor, now: datetime,
) -> ConsentRequest:  # fmt: skip
    """By an officer: ask an organisation to let her department read these types; its users get a message."""
    if by.officer_id is None:
        raise Refused("授权请求由工作人员提出。")
    if not credit_code:
        raise Refused("这个单位没有统一社会信用代码，不能在线请求授权。", "请以书面方式取得授权。")
    if not scope or not purpose.strip():
        raise Refused("请写明用途，并选择要查询的信息。")
    made = ConsentRequest(
        credit_code=credit_code,
        region_id=department.region_id,
        department=department,
        purpose_code=purpose_code,
        purpose=mask_text(purpose.strip())[:200],
        scope=sorted(scope),
        asked_by_id=by.officer_id,
        asked_at=now,
    )
    insert(made, "本部门为同一用途提出的请求还在等单位答复。")
    _log_request("consent.ask", made, by, now)
    send_message(
        to=OrganisationBox(credit_code, department.region_id),
        title=f"{department.short_name}请求查询授权",
        text=f"{department.name}请求查询您单位没有公示的信息。同意与否由您单位决定，不同意没有不利影响。",
        link="/centre/consents",
        by=by,
        now=now,
    )
    return made


@transaction.atomic
def answer_consent_request(
    *, membership: OrganisationMembership, request_id: int, until: date | None, now: datetime
) -> Consent | None:
    """Allow what was asked for, until a day, or with None not; the department is told either way."""
    found = (
        ConsentRequest.objects.select_for_update(of=("self",))
        .select_related("department")
        .filter(pk=request_id, credit_code=membership.credit_code, region_id=membership.region_id)
        .first()
    )
    if found is None:
        raise NotFound("没有这项授权请求。", "请从“授权”列表中选择。")
    if found.answered_at:
        raise Conflict("这项请求已经答复。", "请刷新页面。")
    given = None
    if until is not None:
        given = give_consent(
            membership=membership, purpose=found.purpose, purpose_code=found.purpose_code, scope=found.scope,
            recipient=found.department, until=until, now=now,
        )  # fmt: skip
    found.answered_by, found.answered_at, found.consent = membership, now, given
    found.save(update_fields=["answered_by", "answered_at", "consent"])
    by = _actor(membership)
    if given is None:
        _log_request("consent.decline", found, by, now)
    answer = f"授权查询至{clock.format_date(until)}" if until else "不同意查询"
    send_message(
        to=found.department,
        title="授权请求已答复",
        text=f"统一社会信用代码 {found.credit_code} 的单位{answer}。",
        link=f"/desk/archives/{found.credit_code}" if given else "",
        by=by,
        now=now,
    )
    return given


def _log_request(act: str, request: ConsentRequest, by: Actor, now: datetime) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=request.region_id,
        object_type="organisation",
        object_id=request.credit_code,
        purpose=logged(request.purpose_code, request.purpose),
        detail={"request": request.pk, "department": request.department.code, "scope": request.scope},
    )


def _actor(membership: OrganisationMembership) -> Actor:
    return Actor.organisation_user(membership.user_id, membership.user.display_name)


def _log(act: str, consent: Consent, membership: OrganisationMembership, now: datetime) -> None:
    record(
        act=act,
        by=_actor(membership),
        now=now,
        region_id=consent.region_id,
        object_type="organisation",
        object_id=consent.credit_code,
        purpose=consent.purpose,
        detail={
            "consent": consent.pk,
            "recipient": consent.recipient_name,
            "scope": consent.scope,
            "until": consent.until.isoformat(),
        },
    )

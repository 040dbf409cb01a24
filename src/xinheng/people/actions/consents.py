"""What an organisation allows others to read about it, given and withdrawn by its users."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.people.actions.messages import send_message
from xinheng.people.models import Consent, Department, OrganisationMembership

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
) -> Consent:
    """Let a department, or somebody named, read information of these types until a day."""
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

"""Who somebody is here whom a provider of single sign-on sent: an officer, or a user of an organisation.

Roles and reach never come from the provider. What it says has been checked before (`people.single_sign_on.flow`).
"""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.people.actions.organisation_users import actor_of, checked_code, log_change, tell_users
from xinheng.people.actions.storing import insert
from xinheng.people.models import (
    OrganisationMembership,
    OrganisationUser,
    Region,
    SignOnSubject,
    User,
    VerifiedHow,
)
from xinheng.people.single_sign_on.flow import Claims
from xinheng.people.single_sign_on.provider import Provider

NOBODY = "本站没有与这个统一身份认证账号对应的工作人员账号。"
NAMELESS = "统一身份认证用户"


@transaction.atomic
def officer_signs_on(*, claims: Claims, provider: Provider, now: datetime) -> User:
    """The officer a provider means: whom its subject was bound to, else who has the login name it carries.

    She must be active and belong to a region the provider speaks for. The first login binds the subject, so that the
    name means nobody else later.
    """
    bound = SignOnSubject.objects.filter(
        issuer=claims.issuer, subject=claims.subject, officer__isnull=False, released_at=None
    ).first()
    found = User.objects.select_for_update(of=("self",)).select_related("region")
    named = found.filter(username=claims.word) if bound is None else found.filter(sign_on_subjects=bound)
    user = named.first()
    if user is None or not user.is_active or user.region.code not in provider.regions:
        raise _nobody()
    if bound is None:
        if user.sign_on_subjects.filter(issuer=claims.issuer, released_at=None).exists():
            raise _nobody()
        made = SignOnSubject(issuer=claims.issuer, subject=claims.subject, officer=user, bound_at=now)
        insert(made, NOBODY)
        _log_officer("sign_on.bind", user, Actor.of(user), now)
    return user


@transaction.atomic
def release_sign_on(*, user: User, by: Actor, now: datetime) -> None:
    """An officer's account is free for another subject of the provider; done when she got a new login there."""
    if by.officer_id is None:
        raise Refused("解除绑定须由一位管理员办理。")
    if by.officer_id == user.pk:
        raise Refused("不能解除自己的绑定。", "请由另一位管理员办理。")
    changed = user.sign_on_subjects.filter(released_at=None).update(released_at=now, released_by_id=by.officer_id)
    if not changed:
        raise Conflict("这个账号没有绑定统一身份认证。", "请刷新页面。")
    _log_officer("sign_on.release", user, by, now)


def claimed_code(claims: Claims) -> str:
    """The credit code a provider vouches for; Refused in one sentence when it is missing, unverified or wrong."""
    if not claims.word:
        raise Refused("统一身份认证没有给出单位的统一社会信用代码。", "请以单位身份登录，或者用绑定码建立登录。")
    if not claims.confirmed:
        raise Refused(
            "统一身份认证没有核验您与该单位的关系。", "请先在统一身份认证完成法人核验，或者到窗口领取绑定码。"
        )
    return checked_code(claims.word)


@transaction.atomic
def organisation_user_signs_on(
    *, claims: Claims, credit_code: str, regions: Collection[Region], now: datetime
) -> tuple[OrganisationMembership, ...]:
    """The memberships by which somebody acts for the organisation the provider vouched for, made where there is none.

    Who was ended as its user is not let in again by this way: somebody decided that.
    """
    user = _user(claims, now)
    if not user.is_active:
        raise Refused("您的登录已经停用。", "如有疑问，请到窗口办理。")
    held = [one for region in regions if (one := _membership(user, credit_code, region, now)) is not None]
    if not held:
        raise Refused("您作为这个单位使用人的资格已经停用。", "如需恢复，请单位负责人邀请，或者到窗口领取绑定码。")
    return tuple(held)


def _nobody() -> Refused:
    return Refused(NOBODY, "请系统管理员核对您的登录名，或者用本站的密码登录。")


def _user(claims: Claims, now: datetime) -> OrganisationUser:
    bound = (
        SignOnSubject.objects.select_related("organisation_user")
        .filter(issuer=claims.issuer, subject=claims.subject, organisation_user__isnull=False)
        .first()
    )
    if bound is not None and bound.organisation_user is not None:
        return bound.organisation_user
    digest = hashlib.sha256(f"{claims.issuer}\n{claims.subject}".encode()).hexdigest()[:12]
    user = OrganisationUser(username=f"sso.{digest}", display_name=claims.name or NAMELESS, created_at=now)
    user.set_unusable_password()
    insert(user, "这个统一身份认证账号正在另一处登录。")
    made = SignOnSubject(issuer=claims.issuer, subject=claims.subject, organisation_user=user, bound_at=now)
    insert(made, "这个统一身份认证账号正在另一处登录。")
    record(
        act="organisation_user.create",
        by=Actor.organisation_user(user.pk, user.display_name),
        now=now,
        object_type="organisation_user",
        object_id=str(user.pk),
        detail={"issuer": claims.issuer},
    )
    return user


def _membership(user: OrganisationUser, code: str, region: Region, now: datetime) -> OrganisationMembership | None:
    same = OrganisationMembership.objects.select_for_update(of=("self",)).select_related("user", "region")
    ever = same.filter(user=user, credit_code=code, region=region)
    own = ever.order_by(F("revoked_at").desc(nulls_first=True)).first()
    if own is not None:
        return own if own.revoked_at is None else None
    holder = same.filter(credit_code=code, region=region, revoked_at=None, is_holder=True).exists()
    made = OrganisationMembership(
        user=user,
        credit_code=code,
        region=region,
        is_holder=not holder,
        how=VerifiedHow.OIDC,
        verified_at=now,
    )
    insert(made, "有人正在同时绑定这个单位。")
    by = actor_of(made)
    detail: dict[str, object] = {"membership": made.pk, "how": VerifiedHow.OIDC.value, "holder": made.is_holder}
    log_change("membership.bind", code, region.pk, by, now, detail)
    tell_users(made, "有新的使用人", f"{user.display_name}经统一身份认证绑定本单位。如有疑问，请联系信用办。", by, now)
    return made


def _log_officer(act: str, user: User, by: Actor, now: datetime) -> None:
    record(act=act, by=by, now=now, region_id=user.region_id, object_type="officer", object_id=user.username)

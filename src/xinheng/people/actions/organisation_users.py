"""Who may act for an organisation: binding codes, logins, ending, and hand-over to a successor."""

from datetime import date, datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import VISITOR, Actor
from xinheng.base import clock
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.identifiers.credit_code import FORMAT, check_character
from xinheng.people.actions.messages import send_message
from xinheng.people.actions.officers import USERNAME, set_checked_password
from xinheng.people.actions.storing import insert
from xinheng.people.models import (
    BindingCode,
    HandOver,
    OrganisationMembership,
    OrganisationUser,
    Region,
    VerifiedHow,
)
from xinheng.people.recipients import OrganisationBox
from xinheng.people.words import hash_word, new_word

BINDING_DAYS = 5
"""Working days after the day of issue within which a binding code can be used."""


@transaction.atomic
def issue_binding_code(
    *, credit_code: str, region: Region, for_holder: bool, by: Actor, now: datetime
) -> tuple[BindingCode, str]:
    """At the counter, after the officer saw proof: a code that makes its bearer a user of the organisation.

    The word is returned once. A code for the holder replaces the present holder when it is used.
    """
    if by.officer_id is None:
        raise Refused("绑定码由窗口工作人员核验身份后发放。")
    code = checked_code(credit_code)
    word = new_word()
    made = BindingCode.objects.create(
        credit_code=code,
        region=region,
        code_hash=hash_word(word, of=code),
        for_holder=for_holder,
        issued_by_id=by.officer_id,
        issued_at=now,
        last_day=_last_day(now),
    )
    log_change("binding.issue", code, region.pk, by, now, {"code": made.pk, "holder": for_holder})
    return made, word


@transaction.atomic
def invite_colleague(*, holder: OrganisationMembership, now: datetime) -> tuple[BindingCode, str]:
    """By the organisation's holder: a binding code for a colleague. The word is returned once."""
    present = _open(holder.pk)
    if not present.is_holder:
        raise Refused("只有单位负责人可以邀请同事。", "请联系本单位的负责人。")
    word = new_word()
    made = BindingCode.objects.create(
        credit_code=present.credit_code,
        region_id=present.region_id,
        code_hash=hash_word(word, of=present.credit_code),
        invited_by=present,
        issued_at=now,
        last_day=_last_day(now),
    )
    log_change("binding.invite", present.credit_code, present.region_id, actor_of(present), now, {"code": made.pk})
    return made, word


@transaction.atomic
def withdraw_binding_code(*, code: BindingCode, by: Actor, now: datetime) -> None:
    """Make a code that was not used yet worthless."""
    if not BindingCode.objects.filter(pk=code.pk, used_at=None, withdrawn_at=None).update(withdrawn_at=now):
        raise Conflict("这个绑定码已经用过或者已作废。", "请刷新页面。")
    log_change("binding.withdraw", code.credit_code, code.region_id, by, now, {"code": code.pk})


@transaction.atomic
def register_organisation_user(
    *, username: str, display_name: str, password: str, email: str, credit_code: str, word: str, now: datetime
) -> OrganisationMembership:
    """Open a login with a binding code. Nothing is made when the code does not hold."""
    if not USERNAME.fullmatch(username):
        raise Refused("登录名应以小写字母开头，由 3 至 50 位小写字母、数字、点、横线组成。", "请换一个登录名。")
    if not display_name.strip():
        raise Refused("请填写姓名。")
    code = _usable_code(credit_code, word, now)
    user = OrganisationUser(username=username, display_name=display_name.strip(), email=email, created_at=now)
    set_checked_password(user, password)
    insert(user, f"登录名 {username} 已被使用。")
    record(
        act="organisation_user.create",
        by=VISITOR,
        now=now,
        region_id=code.region_id,
        object_type="organisation_user",
        object_id=str(user.pk),
        detail={"credit_code": code.credit_code},
    )
    return _bind(user, code, now)


@transaction.atomic
def bind_organisation(*, user: OrganisationUser, credit_code: str, word: str, now: datetime) -> OrganisationMembership:
    """Let an existing user act for one more organisation."""
    return _bind(user, _usable_code(credit_code, word, now), now)


@transaction.atomic
def revoke_membership(*, membership: OrganisationMembership, why: str, by: Actor, now: datetime) -> None:
    """End that somebody acts for an organisation, at once; open hand-overs and her unused invitations end too."""
    if not why.strip():
        raise Refused("请写明原因。")
    _end(membership, why.strip()[:200], None, now)
    detail: dict[str, object] = {"membership": membership.pk, "user": membership.user_id, "why": why.strip()}
    log_change("membership.revoke", membership.credit_code, membership.region_id, by, now, detail)


@transaction.atomic
def leave_organisation(*, membership: OrganisationMembership, now: datetime) -> None:
    """A user gives up acting for an organisation. The holder hands over instead."""
    present = _open(membership.pk)
    if present.is_holder:
        raise Refused("单位负责人须先移交。", "请在“使用人”中指定接任的同事；没有同事的，请到窗口办理。")
    revoke_membership(membership=present, why="本人退出", by=actor_of(present), now=now)


@transaction.atomic
def end_colleague(*, holder: OrganisationMembership, membership_id: int, now: datetime) -> None:
    """By the organisation's holder: a colleague no longer acts for the organisation."""
    present = _open(holder.pk)
    other = _colleague(present, membership_id)
    if not present.is_holder or other.pk == present.pk:
        raise Refused("只有单位负责人可以停用同事；本人退出请先移交。")
    revoke_membership(membership=other, why="单位负责人停用", by=actor_of(present), now=now)


@transaction.atomic
def propose_hand_over(*, holder: OrganisationMembership, successor_id: int, now: datetime) -> HandOver:
    """The holder names the colleague who takes over."""
    present = _open(holder.pk)
    if not present.is_holder:
        raise Refused("只有单位负责人可以移交。")
    successor = _colleague(present, successor_id)
    if successor.pk == present.pk:
        raise Refused("请选择另一位同事。")
    made = HandOver(holder=present, successor=successor, proposed_at=now)
    insert(made, "已有一项移交在等待接任人确认。")
    by = actor_of(present)
    detail: dict[str, object] = {"from": present.pk, "to": successor.pk}
    log_change("handover.propose", present.credit_code, present.region_id, by, now, detail)
    return made


@transaction.atomic
def accept_hand_over(*, successor: OrganisationMembership, now: datetime) -> HandOver:
    """The successor takes over: she becomes the holder, and the former holder no longer acts."""
    present = _open(successor.pk)
    found = HandOver.objects.select_for_update().filter(successor=present, accepted_at=None, dropped_at=None).first()
    if found is None:
        raise Conflict("没有等您确认的移交，可能已经取消。", "请刷新页面。")
    former = _open(found.holder_id)
    found.accepted_at = now
    found.save(update_fields=["accepted_at"])
    _end(former, f"移交给{present.user.display_name}", present, now)
    OrganisationMembership.objects.filter(pk=present.pk).update(is_holder=True)
    by = actor_of(present)
    detail: dict[str, object] = {"from": former.pk, "to": present.pk}
    log_change("handover.accept", present.credit_code, present.region_id, by, now, detail)
    tell_users(present, "单位负责人已变更", f"{present.user.display_name}已接任本单位在企业中心的负责人。", by, now)
    return found


@transaction.atomic
def drop_hand_over(*, membership: OrganisationMembership, now: datetime) -> None:
    """The holder takes the proposal back, or the successor declines."""
    open_ones = HandOver.objects.filter(accepted_at=None, dropped_at=None)
    changed = (open_ones.filter(holder=membership) | open_ones.filter(successor=membership)).update(dropped_at=now)
    if not changed:
        raise Conflict("没有等待确认的移交。", "请刷新页面。")
    by = actor_of(membership)
    log_change("handover.drop", membership.credit_code, membership.region_id, by, now, {"by": membership.pk})


@transaction.atomic
def set_organisation_password(*, user: OrganisationUser, old: str, password: str, by: Actor, now: datetime) -> None:
    """A new password, given the old one; sessions opened with the old one end."""
    if not user.check_password(old):
        raise Refused("原密码不对。")
    set_checked_password(user, password)
    user.save(update_fields=["password"])
    record(
        act="organisation_user.password",
        by=by,
        now=now,
        object_type="organisation_user",
        object_id=str(user.pk),
    )


def actor_of(membership: OrganisationMembership) -> Actor:
    """The user of an organisation as the log names her."""
    return Actor.organisation_user(membership.user_id, membership.user.display_name)


def _bind(user: OrganisationUser, code: BindingCode, now: datetime) -> OrganisationMembership:
    same = OrganisationMembership.objects.filter(
        credit_code=code.credit_code, region_id=code.region_id, revoked_at=None
    ).select_for_update()
    if code.for_holder:
        same.filter(is_holder=True).exclude(user=user).update(is_holder=False)
    own = same.filter(user=user).first()
    if own is None:
        own = OrganisationMembership(
            user=user,
            credit_code=code.credit_code,
            region_id=code.region_id,
            is_holder=code.for_holder,
            how=VerifiedHow.COUNTER if code.issued_by_id else VerifiedHow.INVITED,
            verified_by_id=code.issued_by_id,
            invited_by_id=code.invited_by_id,
            verified_at=now,
        )
        insert(own, "您已经是这个单位的使用人。")
    elif code.for_holder and not own.is_holder:
        OrganisationMembership.objects.filter(pk=own.pk).update(is_holder=True)
        own.is_holder = True
    else:
        raise Conflict("您已经是这个单位的使用人。", "绑定码没有用掉，可以交给其他同事。")
    if not BindingCode.objects.filter(pk=code.pk, used_at=None, withdrawn_at=None).update(used_at=now, used_by=own):
        raise _not_usable()
    by = actor_of(own)
    detail: dict[str, object] = {"membership": own.pk, "code": code.pk, "holder": own.is_holder}
    log_change("membership.bind", own.credit_code, own.region_id, by, now, detail)
    tell_users(own, "有新的使用人", f"{user.display_name}已绑定本单位。如有疑问，请联系信用办。", by, now)
    return own


def _usable_code(credit_code: str, word: str, now: datetime) -> BindingCode:
    """The code behind a word; the answer does not tell unknown, used, withdrawn and expired apart."""
    found = (
        BindingCode.objects.select_for_update(of=("self",))
        .filter(
            code_hash=hash_word(word, of=credit_code.strip().upper()),
            used_at=None,
            withdrawn_at=None,
            last_day__gte=clock.today(now),
        )
        .first()
    )
    if found is None:
        raise _not_usable()
    return found


def _not_usable() -> Refused:
    return Refused(
        "统一社会信用代码或绑定码不对，或者绑定码已经用过、过期。", "请核对后重填；仍不行的，请到窗口重新领取。"
    )


def _end(membership: OrganisationMembership, why: str, handed_to: OrganisationMembership | None, now: datetime) -> None:
    changed = OrganisationMembership.objects.filter(pk=membership.pk, revoked_at=None).update(
        revoked_at=now, revoked_why=why, is_holder=False, handed_to=handed_to
    )
    if not changed:
        raise Conflict("已经停用了。", "请刷新页面。")
    open_ones = HandOver.objects.filter(accepted_at=None, dropped_at=None)
    (open_ones.filter(holder=membership) | open_ones.filter(successor=membership)).update(dropped_at=now)
    BindingCode.objects.filter(invited_by=membership, used_at=None, withdrawn_at=None).update(withdrawn_at=now)


def _open(membership_id: int) -> OrganisationMembership:
    found = (
        OrganisationMembership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=membership_id, revoked_at=None)
        .first()
    )
    if found is None:
        raise Conflict("您已不再是这个单位的使用人。", "请重新登录。")
    return found


def _colleague(of: OrganisationMembership, membership_id: int) -> OrganisationMembership:
    found = OrganisationMembership.objects.filter(
        pk=membership_id, credit_code=of.credit_code, region_id=of.region_id, revoked_at=None
    ).first()
    if found is None:
        raise NotFound("本单位没有这位使用人。", "请从“使用人”列表中选择。")
    return found


def checked_code(text: str) -> str:
    """A credit code in its normal form; Refused when its form or check digit is wrong."""
    code = text.strip().upper()
    if not FORMAT.fullmatch(code) or check_character(code[:17]) != code[17]:
        raise Refused("统一社会信用代码不正确。", "请核对 18 位代码。")
    return code


def _last_day(now: datetime) -> date:
    return clock.add_working_days(clock.today(now), BINDING_DAYS).day


def tell_users(membership: OrganisationMembership, title: str, text: str, by: Actor, now: datetime) -> None:
    """A message to all users of the organisation."""
    box = OrganisationBox(membership.credit_code, membership.region_id)
    send_message(to=box, title=title, text=text, link="/centre/users", by=by, now=now)


def log_change(act: str, credit_code: str, region_id: int, by: Actor, now: datetime, detail: dict[str, object]) -> None:
    """Keep in the log what changed about who acts for an organisation."""
    record(
        act=act,
        by=by,
        now=now,
        region_id=region_id,
        object_type="organisation",
        object_id=credit_code,
        detail=detail,
    )

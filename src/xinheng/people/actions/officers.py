"""Officers, their passwords and their roles."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.people.actions.sessions import end_sessions
from xinheng.people.actions.storing import insert
from xinheng.people.models import Department, OrganisationUser, Role, RoleGrant, User
from xinheng.people.permissions import clashes


class WrongPassword(Refused):
    """The present password was not given; doors count it as a wrong try."""


USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,49}")
_WEAK = {  # Django's own Chinese catalogue lacks some of these
    "password_too_short": "密码长度太短，至少需要 10 个字符。",
    "password_too_common": "密码太常见，容易被猜到。",
    "password_too_similar": "密码与登录名或姓名太相似。",
    "password_entirely_numeric": "密码不能全是数字。",
}


@transaction.atomic
def create_officer(
    *,
    username: str,
    display_name: str,
    department: Department,
    password: str,
    roles: Iterable[Role],
    by: Actor,
    now: datetime,
    must_change_password: bool | None = None,
) -> User:
    """Open an account for an officer of a department, with her first roles.

    A password that another officer chose has to be changed at the first login, unless said otherwise.
    """
    if not USERNAME.fullmatch(username):
        raise Refused("登录名应以小写字母开头，由 3 至 50 位小写字母、数字、点、横线组成。", "请换一个登录名。")
    if not display_name.strip():
        raise Refused("请填写人员姓名。")
    user = User(
        username=username,
        display_name=display_name.strip(),
        region_id=department.region_id,
        department=department,
        must_change_password=by.officer_id is not None if must_change_password is None else must_change_password,
        created_at=now,
    )
    set_checked_password(user, password)
    insert(user, f"登录名 {username} 已被使用。")
    _log_officer("officer.create", user, by, now, {"department": department.code})
    for role in roles:
        grant_role(user=user, role=role, by=by, now=now)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: Actor, now: datetime) -> None:
    """By an administrator: a first password for next time, to be changed at the login; all logins end."""
    set_checked_password(user, password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(user=user, by=by, now=now)
    _log_officer("officer.password", user, by, now, {})


@transaction.atomic
def change_own_password(*, user: User, old: str, password: str, here: int | None, now: datetime) -> None:
    """An officer's new password, given the present one; her logins end, but for the one of number `here`."""
    present = User.objects.select_for_update().get(pk=user.pk)
    if not present.check_password(old):
        raise WrongPassword("原密码不对。")
    if old == password:
        raise Refused("新密码和原密码一样。", "请换一个密码。")
    set_checked_password(user, password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    by = Actor.of(user)
    end_sessions(user=user, by=by, now=now, except_for=here)
    _log_officer("officer.own_password", user, by, now, {})


@transaction.atomic
def unlock_login(*, user: User, by: Actor, now: datetime) -> int:
    """Let an officer try to log in again before the lock-out is over; how many counted tries were forgotten."""
    if by.officer_id == user.pk:
        raise Refused("不能解除自己的锁定。", "请由另一位管理员办理。")
    forgotten = int(reset(username=user.username))
    _log_officer("officer.unlock", user, by, now, {"tries": forgotten})
    return forgotten


@transaction.atomic
def set_officer_active(*, user: User, active: bool, by: Actor, now: datetime) -> None:
    """Close an account or open it again."""
    if by.officer_id == user.pk:
        raise Refused("不能停用自己的账户。", "请由另一位管理员办理。")
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise Conflict("该账户的状态已经是这样了。", "请刷新页面。")
    user.is_active = active
    if not active:
        end_sessions(user=user, by=by, now=now)
    _log_officer("officer.active", user, by, now, {"active": active})


@transaction.atomic
def grant_role(*, user: User, role: Role, by: Actor, now: datetime) -> RoleGrant:
    """Give a role. Nobody gives one to herself; some roles exclude each other."""
    if by.officer_id == user.pk:
        raise Refused("不能给自己授予角色。", "请由另一位管理员办理。")
    User.objects.select_for_update().get(pk=user.pk)
    held = {Role(code) for code in user.grants.filter(revoked_at=None).values_list("role", flat=True)}
    if clash := clashes(held | {role}):
        names = "、".join(sorted(one.label for one in clash))
        raise Refused(f"同一人不能同时担任：{names}。", "请先撤销原有角色，或另设账户。")
    grant = RoleGrant(user=user, role=role, granted_by_id=by.officer_id, granted_at=now)
    insert(grant, f"{user.display_name} 已有“{role.label}”角色。")
    _forget_roles(user)
    _log_officer("role.grant", user, by, now, {"role": role.value})
    return grant


@transaction.atomic
def revoke_role(*, user: User, role: Role, by: Actor, now: datetime) -> None:
    """Withdraw a role; the grant stays on record with its time."""
    if by.officer_id is None:
        raise Refused("撤销角色须由一位管理员办理。")
    changed = RoleGrant.objects.filter(user=user, role=role, revoked_at=None).update(
        revoked_at=now, revoked_by_id=by.officer_id
    )
    if not changed:
        raise Conflict(f"{user.display_name} 现在没有“{role.label}”角色。", "请刷新页面。")
    _forget_roles(user)
    _log_officer("role.revoke", user, by, now, {"role": role.value})


def set_checked_password(user: User | OrganisationUser, password: str) -> None:
    """Give an account a password that is strong enough, without saving it; Refused says what is wrong with it."""
    try:
        validate_password(password, cast(User, user))  # reads the attributes that both kinds of login have
    except ValidationError as error:
        told = [_WEAK.get(one.code or "", "密码不符合要求。") for one in error.error_list]
        raise Refused("".join(told), "请换一个密码。") from error
    user.set_password(password)


def _forget_roles(user: User) -> None:
    """Drop what `User.roles` remembered, so that the same object answers with the new roles."""
    user.__dict__.pop("roles", None)


def _log_officer(act: str, user: User, by: Actor, now: datetime, detail: dict[str, object]) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=user.region_id,
        object_type="officer",
        object_id=user.username,
        detail=detail,
    )

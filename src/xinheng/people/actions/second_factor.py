"""An officer's authenticator app: beginning, confirming, proving, recovery codes, and the reset after a loss."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.people import second_factor as totp
from xinheng.people.actions.messages import send_message
from xinheng.people.actions.sessions import end_sessions
from xinheng.people.models import RecoveryCode, SecondFactor, User
from xinheng.people.words import hash_word, new_word

RECOVERY_CODES = 10
WRONG_CODE = "验证码不对，或者已经用过。"


@transaction.atomic
def begin_second_factor(*, user: User, now: datetime) -> SecondFactor:
    """A new secret to scan, in place of one that was never confirmed. Nothing is asked for it at login yet."""
    User.objects.select_for_update().get(pk=user.pk)
    user.factors.filter(confirmed_at=None, removed_at=None).update(removed_at=now)
    made = SecondFactor.objects.create(user=user, sealed_secret=totp.seal(user, totp.new_secret()), begun_at=now)
    _log("second_factor.begin", user, Actor.of(user), now)
    return made


@transaction.atomic
def confirm_second_factor(*, user: User, code: str, now: datetime) -> list[str]:
    """Take the app into use with its first code; the one before ends. The recovery codes are returned once."""
    begun = totp.factor_begun(User.objects.select_for_update().get(pk=user.pk))
    if begun is None:
        raise Conflict("没有等待确认的验证器。", "请重新开始绑定。")
    step = totp.step_of(totp.secret_of(begun), code, now, after=0)
    if step is None:
        raise Refused("验证码不对。", "请核对手机的时间，再输入现在显示的六位数字。")
    user.factors.filter(confirmed_at__isnull=False, removed_at=None).update(removed_at=now)
    begun.confirmed_at, begun.last_step = now, step
    begun.save(update_fields=["confirmed_at", "last_step"])
    _log("second_factor.confirm", user, Actor.of(user), now)
    return _new_codes(begun)


@transaction.atomic
def prove_second_factor(*, user: User, code: str, now: datetime) -> SecondFactor:
    """Accept a code of the app, or a recovery code, once; Refused when it is neither."""
    factor = totp.factor_in_use(User.objects.select_for_update().get(pk=user.pk))
    if factor is None:
        raise Conflict("这个账号没有启用第二因素。", "请重新登录。")
    step = totp.step_of(totp.secret_of(factor), code, now, after=factor.last_step)
    if step is not None:
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return factor
    used = factor.recovery_codes.filter(code_hash=_hash(factor, code), used_at=None).update(used_at=now)
    if not used:
        raise Refused(WRONG_CODE)
    left = factor.recovery_codes.filter(used_at=None).count()
    _log("second_factor.recovery_code", user, Actor.of(user), now, left=left)
    return factor


@transaction.atomic
def renew_recovery_codes(*, user: User, now: datetime) -> list[str]:
    """New recovery codes, returned once; the ones before are worth nothing."""
    factor = totp.factor_in_use(User.objects.select_for_update().get(pk=user.pk))
    if factor is None:
        raise Conflict("这个账号没有启用第二因素。", "请先绑定验证器。")
    factor.recovery_codes.all().delete()
    _log("second_factor.renew_codes", user, Actor.of(user), now)
    return _new_codes(factor)


@transaction.atomic
def reset_second_factor(*, user: User, by: Actor, now: datetime) -> None:
    """After a lost phone: an administrator takes the app away, ends all logins, and the officer is told."""
    if by.officer_id == user.pk:
        raise Refused("不能重置自己的第二因素。", "请由另一位管理员办理。")
    if not user.factors.filter(removed_at=None).update(removed_at=now, removed_by_id=by.officer_id):
        raise Conflict("这个账号没有启用第二因素。", "请刷新页面。")
    end_sessions(user=user, by=by, now=now)
    _log("second_factor.reset", user, by, now)
    send_message(
        to=user,
        title="您的第二因素已被重置",
        text=f"{by.name}重置了您的第二因素，您在各处的登录已结束。如果不是您要求的，请立即联系系统管理员。",
        link="/desk/account",
        by=by,
        now=now,
    )


def _new_codes(factor: SecondFactor) -> list[str]:
    words = [new_word() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, code_hash=_hash(factor, word)) for word in words)
    return words


def _hash(factor: SecondFactor, word: str) -> str:
    return hash_word(word, of=f"recovery {factor.pk}")


def _log(act: str, user: User, by: Actor, now: datetime, **detail: object) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=user.region_id,
        object_type="officer",
        object_id=user.username,
        detail=detail,
    )

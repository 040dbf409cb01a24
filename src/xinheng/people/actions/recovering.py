"""When a user of an organisation forgot her password: a word from the counter, and with it a new one."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.errors import Conflict, Refused
from xinheng.people.actions.officers import set_checked_password
from xinheng.people.actions.organisation_users import actor_of, revoke_membership, tell_users
from xinheng.people.models import OrganisationMembership, OrganisationUser, RecoveryWord
from xinheng.people.words import hash_word, new_word

RECOVERY_DAYS = 1
"""Working days after the day of issue within which a word can be used."""
ELSEWHERE = "在别的地区的窗口重设了密码，须在本地区重新核验"


@transaction.atomic
def issue_recovery_word(*, membership: OrganisationMembership, by: Actor, now: datetime) -> tuple[RecoveryWord, str]:
    """At the counter, after the officer saw who is asking. The word is returned once; an earlier one is void."""
    if by.officer_id is None:
        raise Refused("找回码由窗口工作人员核验身份后发放。")
    user = OrganisationUser.objects.select_for_update().get(pk=membership.user_id)
    if membership.revoked_at or not user.is_active:
        raise Refused("这位使用人已经停用，不能找回密码。", "仍需使用的，请重新发放绑定码。")
    user.recovery_words.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    word = new_word()
    made = RecoveryWord.objects.create(
        user=user,
        region_id=membership.region_id,
        code_hash=_hash(user, word),
        issued_by_id=by.officer_id,
        issued_at=now,
        last_day=clock.add_working_days(clock.today(now), RECOVERY_DAYS).day,
    )
    _log(
        "recovery.issue", user, membership.region_id, by, now, {"word": made.pk, "credit_code": membership.credit_code}
    )
    return made, word


@transaction.atomic
def recover_login(*, username: str, word: str, password: str, now: datetime) -> OrganisationUser:
    """A new password for a word from the counter; logins elsewhere end, and her colleagues are told.

    She proved who she is to one region only: what she is in another ends, and is bound there anew. The answer does
    not tell an unknown name, a wrong word and one used or too old apart.
    """
    user = OrganisationUser.objects.select_for_update().filter(username=username.strip(), is_active=True).first()
    found = (
        user.recovery_words.filter(
            code_hash=_hash(user, word), used_at=None, withdrawn_at=None, last_day__gte=clock.today(now)
        ).first()
        if user
        else None
    )
    if user is None or found is None:
        raise WrongWord("登录名或找回码不对，或者找回码已经用过、过期。", "请核对后重填；仍不行的，请到窗口重新领取。")
    set_checked_password(user, password)
    user.save(update_fields=["password"])
    if not RecoveryWord.objects.filter(pk=found.pk, used_at=None, withdrawn_at=None).update(used_at=now):
        raise Conflict("这个找回码刚刚用过。", "请用新密码登录。")
    by = Actor.organisation_user(user.pk, user.display_name)
    _log("recovery.use", user, found.region_id, by, now, {"word": found.pk})
    for membership in user.memberships.filter(revoked_at=None).select_related("user"):
        if membership.region_id != found.region_id:
            revoke_membership(membership=membership, why=ELSEWHERE, by=by, now=now)
        text = f"{user.display_name}在窗口核验身份后重设了企业中心的密码。如有疑问，请立即联系信用办。"
        tell_users(membership, "使用人重设了密码", text, actor_of(membership), now)
    return user


class WrongWord(Refused):
    """No word that holds was given; doors count it as a wrong try."""


def _hash(user: OrganisationUser, word: str) -> str:
    return hash_word(word, of=f"recover {user.pk}")


def _log(act: str, user: OrganisationUser, region_id: int, by: Actor, now: datetime, detail: dict[str, object]) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=region_id,
        object_type="organisation_user",
        object_id=str(user.pk),
        detail=detail,
    )

"""What may change an authorisation: it is given or registered, used, revoked, and the end of its use confirmed."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.authorisations.models import Authorisation, AuthorisedUse, Evidence, StopRequest
from xinheng.authorisations.storing import store
from xinheng.authorisations.terms import Terms, settled, wording
from xinheng.base import clock
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import mask_text
from xinheng.base.scope import Scope
from xinheng.base.uploads import checked_type, clean_name
from xinheng.effects.deadlines import acknowledge_by
from xinheng.people.actions import send_message
from xinheng.people.identity import scope_of
from xinheng.people.models import OrganisationMembership, Region, User
from xinheng.people.recipients import OrganisationBox
from xinheng.register.queries import organisation
from xinheng.vault.actions.keys import new_key
from xinheng.vault.models import KeyKind

SIGNED_TEXT = "授权书.txt"


@transaction.atomic
def give(*, membership: OrganisationMembership, terms: Terms, now: datetime) -> Authorisation:
    """By an organisation's own user: authorise in the words she was shown, which are kept sealed as the evidence."""
    agreed = settled(terms, region_id=membership.region_id, today=clock.today(now))
    if agreed.starts < clock.today(now):
        raise Refused("在线授权从今天或以后的一天起。")
    by = Actor.organisation_user(membership.user_id, membership.user.display_name)
    made = _make(agreed, credit_code=membership.credit_code, region=membership.region, now=now, given_by=membership)
    with _typed(made.wording) as path:
        _keep(made, path, SIGNED_TEXT, "text/plain", by, now)
    _log("authorisation.give", made, by, now)
    _tell_grantee(made, "单位给出了特定信用信息授权", "可以凭授权收取和查阅", by, now)
    return made


@transaction.atomic
def register(*, credit_code: str, terms: Terms, evidence: tuple[str, Path], by: User, now: datetime) -> Authorisation:
    """By an officer: enter an authorisation that was signed on paper, with its image as the evidence.

    An officer of the grantee enters what was given to her own department; the credit office enters any.
    """
    agreed = settled(terms, region_id=by.region_id, today=clock.today(now))
    _refuse_foreign(by, agreed.grantee.pk)
    made = _make(agreed, credit_code=credit_code, region=by.region, now=now, registered_by=by)
    _keep_upload(made, evidence, Actor.of(by), now)
    _log("authorisation.register", made, Actor.of(by), now)
    send_message(
        to=OrganisationBox(made.credit_code, made.region_id),
        title="已登记一项特定信用信息授权",
        text=f"{agreed.grantee.name}凭书面授权登记。如与您单位的意思不符，可以立即在“授权”中撤回。",
        link="/centre/authorisations",
        by=Actor.of(by),
        now=now,
    )
    return made


@transaction.atomic
def revoke(*, membership: OrganisationMembership, authorisation: int, now: datetime) -> Authorisation:
    """By the organisation: nobody may rely on it from this moment on. Nothing else follows from revoking."""
    found = _locked(authorisation, credit_code=membership.credit_code, region_id=membership.region_id)
    found.revoked_at, found.revoked_by = now, membership
    found.save(update_fields=["revoked_at", "revoked_by"])
    _stopped(found, Actor.organisation_user(membership.user_id, membership.user.display_name), now)
    return found


@transaction.atomic
def register_revocation(
    *, authorisation: int, why: str, by: User, now: datetime, evidence: tuple[str, Path] | None = None
) -> Authorisation:
    """By an officer: enter a revocation that reached the office on paper or by word."""
    if not why.strip():
        raise Refused("请写明单位怎样撤回的。", "例如：收到单位盖章的撤回函。")
    found = _locked(authorisation, region_id=by.region_id)
    _refuse_foreign(by, found.grantee_id)
    found.revoked_at, found.revocation_registered_by, found.revoked_why = now, by, mask_text(why.strip())[:200]
    found.save(update_fields=["revoked_at", "revocation_registered_by", "revoked_why"])
    if evidence is not None:
        _keep_upload(found, evidence, Actor.of(by), now)
    _stopped(found, Actor.of(by), now)
    return found


@transaction.atomic
def note_use(*, rows: Mapping[int, Mapping[str, int]], by: Actor, now: datetime) -> None:
    """Keep who was shown how many rows, by authorisation and class; the caller holds the authorisations."""
    AuthorisedUse.objects.bulk_create(
        AuthorisedUse(
            authorisation_id=authorisation, at=now, actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
            classes=sorted(shown), rows=sum(shown.values()),
        )
        for authorisation, shown in rows.items()
        if shown
    )  # fmt: skip


@transaction.atomic
def confirm_stopped(*, authorisation: int, note: str, by: User, now: datetime) -> StopRequest:
    """By the grantee: what was shown has been removed; in the officer's words how."""
    if not note.strip():
        raise Refused("请写明怎样停用的。", "例如：已删除下载的文件，业务系统中的副本已清除。")
    asked = (
        StopRequest.objects.select_for_update(of=("self",))
        .select_related("authorisation")
        .filter(authorisation=authorisation, authorisation__region_id=by.region_id)
        .first()
    )
    if asked is None:
        raise NotFound("没有这项停用请求。", "请从授权列表重新进入。")
    _refuse_foreign(by, asked.authorisation.grantee_id)
    if asked.confirmed_at:
        raise Conflict("这项停用已经确认。", "请刷新页面。")
    asked.confirmed_at, asked.confirmed_by, asked.note = now, by, mask_text(note.strip())[:300]
    asked.save(update_fields=["confirmed_at", "confirmed_by", "note"])
    _log("authorisation.stopped", asked.authorisation, Actor.of(by), now)
    send_message(
        to=OrganisationBox(asked.authorisation.credit_code, asked.authorisation.region_id),
        title="已确认停止使用您单位的信息",
        text=f"{asked.authorisation.grantee.name}确认：{asked.note}",
        link="/centre/authorisations",
        by=Actor.of(by),
        now=now,
    )
    return asked


def _make(
    terms: Terms, *, credit_code: str, region: Region, now: datetime, given_by: OrganisationMembership | None = None,
    registered_by: User | None = None,
) -> Authorisation:  # fmt: skip
    subject = organisation(Scope(region=region.code), credit_code)
    if not subject.credit_code:
        raise Refused("这个单位没有统一社会信用代码，不能授权。", "请先由登记部门补报代码。")
    words = wording(terms, organisation_name=subject.name, credit_code=subject.credit_code)
    return Authorisation.objects.create(
        region=region,
        credit_code=subject.credit_code,
        organisation_name=subject.name,
        classes=list(terms.classes),
        grantee=terms.grantee,
        purpose_code=terms.purpose_code,
        purpose=terms.purpose,
        starts=terms.starts,
        until=terms.until,
        facts_from=terms.facts_from,
        signer_name=terms.signer_name,
        signer_title=terms.signer_title,
        wording=words,
        wording_sha256=hashlib.sha256(words.encode()).hexdigest(),
        key_id=new_key(kind=KeyKind.SOURCE, now=now),
        given_by=given_by,
        registered_by=registered_by,
        given_at=now,
    )


def _locked(authorisation: int, **whose: object) -> Authorisation:
    """The authorisation for revoking it: a look at its rows waits until we are through, or we wait for the look."""
    found = (
        Authorisation.objects.select_for_update(of=("self",))
        .select_related("grantee")
        .filter(pk=authorisation, **whose)
        .first()
    )
    if found is None:
        raise NotFound("没有这项授权。", "请从授权列表重新进入。")
    if found.revoked_at:
        raise Conflict("这项授权已经撤回。", "请刷新页面。")
    return found


def _stopped(found: Authorisation, by: Actor, now: datetime) -> None:
    """What follows a revocation: the grantee is told, and asked to remove what it was shown."""
    shown = found.uses.exists()
    if shown:
        StopRequest.objects.create(authorisation=found, written_at=now, due_on=acknowledge_by(clock.today(now)))
    _log("authorisation.revoke", found, by, now)
    duty = "已经查阅过的内容请停止使用、删除副本并确认。" if shown else ""
    _tell_grantee(found, "单位撤回了特定信用信息授权", f"自即时起不得再凭该授权收取、查阅和使用。{duty}", by, now)


def _tell_grantee(made: Authorisation, title: str, what: str, by: Actor, now: datetime) -> None:
    send_message(
        to=made.grantee,
        title=title,
        text=f"{made.organisation_name}（{made.credit_code}），授权 {made.pk}：{what}",
        link=f"/desk/authorisations/{made.pk}",
        by=by,
        now=now,
    )


def _refuse_foreign(by: User, grantee: int) -> None:
    scope = scope_of(by)
    if scope.departments and grantee not in scope.departments:
        raise NotFound("没有这项授权，或者它不是给本部门的。", "请从授权列表重新进入。")


@contextmanager
def _typed(text: str) -> Iterator[Path]:
    path = settings.HOME.tmp / f"authorisation-{uuid.uuid4().hex}"
    path.write_text(text, encoding="utf-8")
    try:
        yield path
    finally:
        path.unlink()


def _keep_upload(made: Authorisation, evidence: tuple[str, Path], by: Actor, now: datetime) -> None:
    name = clean_name(evidence[0])
    _keep(made, evidence[1], name, checked_type(evidence[1], name), by, now)


def _keep(made: Authorisation, path: Path, name: str, media_type: str, by: Actor, now: datetime) -> None:
    kept = store(path, made.key_id)
    Evidence.objects.create(
        authorisation=made, file_name=name, media_type=media_type, size=kept.size, sha256=kept.sha256,
        stored_path=kept.path, added_by=by.name, added_at=now,
    )  # fmt: skip


def _log(act: str, made: Authorisation, by: Actor, now: datetime) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=made.region_id,
        object_type="organisation",
        object_id=made.credit_code,
        purpose=made.purpose,
        detail={
            "authorisation": made.pk,
            "grantee": made.grantee.code,
            "classes": made.classes,
            "until": made.until.isoformat(),
            "wording": made.wording_sha256,
        },
    )

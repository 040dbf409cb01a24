"""Publishing an edition of measures, which makes them executable, and taking it back. Publishing needs two persons."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused, WrongUsage
from xinheng.measures.models import ListPublication
from xinheng.measures.proving import edition_mistakes
from xinheng.measures.reading import load_editions
from xinheng.measures.rules import Edition
from xinheng.people.models import User

REPLACED = "由新的公布取代"


@transaction.atomic
def propose_list(*, edition: str, pack: str, by: User, now: datetime) -> ListPublication:
    """Ask for an edition to be published as it stands now; nothing is public until another person confirms.

    Refused: an edition whose text is not verified, is not in force, or in which `rulebook check` finds a mistake.
    """
    found = _publishable(pack, edition, now)
    if ListPublication.objects.filter(region=by.region, edition=edition, confirmed_at=None, closed_at=None).exists():
        raise Conflict("这份清单已有待确认的公布申请。", "请先处理已有的申请。")
    standing = _standing(by, edition)
    if standing and standing.digest == found.digest:
        raise Conflict("这份清单已经公布，内容没有变动。")
    publication = ListPublication.objects.create(
        region=by.region,
        edition=edition,
        title=found.title,
        digest=found.digest,
        proposed_by=by,
        proposed_at=now,
    )
    _log("measures.propose_list", publication, by, now)
    return publication


@transaction.atomic
def confirm_list(*, publication: int, pack: str, by: User, now: datetime) -> ListPublication:
    """Publish what was proposed, from today on. The person who proposed it cannot confirm it.

    Refused when the text is no longer what was proposed. An earlier publication of the edition ends today.
    """
    proposal = _find(publication, by)
    if proposal.proposed_by_id == by.pk:
        raise Refused("提出和确认须为不同的人。", "请由另一名有权限的人员确认。")
    found = _publishable(pack, proposal.edition, now)
    if found.digest != proposal.digest:
        raise Refused("提出以后清单内容有变动，不能确认。", "请撤销这一申请，重新提出。")
    if proposal.closed_at or proposal.confirmed_at:
        raise Conflict("这一申请已由他人处理。", "请刷新页面查看。")
    standing = _standing(by, proposal.edition)
    if standing:
        _close(standing, reason=REPLACED, by=by, now=now)
    changed = ListPublication.objects.filter(pk=proposal.pk, confirmed_at=None, closed_at=None).update(
        confirmed_by=by, confirmed_at=now, starts=today(now)
    )
    if not changed:
        raise Conflict("这一申请已由他人处理。", "请刷新页面查看。")
    _log("measures.confirm_list", proposal, by, now)
    return _find(publication, by)


@transaction.atomic
def drop_proposal(*, publication: int, reason: str, by: User, now: datetime) -> ListPublication:
    """Take a proposal off the table, with a reason; either person may."""
    proposal = _find(publication, by)
    if proposal.confirmed_at:
        raise Conflict("这份清单已经公布。", "如需停止，请撤下清单。")
    _close(proposal, reason=reason, by=by, now=now)
    _log("measures.drop_proposal", proposal, by, now)
    return _find(publication, by)


@transaction.atomic
def withdraw_list(*, publication: int, reason: str, by: User, now: datetime) -> ListPublication:
    """Take a published list off the portal: from today none of its measures may be carried out. One person may,
    because it only takes burdens away; publishing again needs two."""
    standing = _find(publication, by)
    if not standing.confirmed_at:
        raise Conflict("这份清单还没有公布。", "如不再公布，请撤销申请。")
    _close(standing, reason=reason, by=by, now=now)
    _log("measures.withdraw_list", standing, by, now)
    return _find(publication, by)


def _publishable(pack: str, key: str, now: datetime) -> Edition:
    edition = load_editions(pack).get(key)
    if edition is None:
        raise NotFound("没有这份措施清单。", "请从“措施清单”页选择。")
    if not edition.verified:
        raise Refused("这份清单的原文尚未取得或者核对，不能公布。", "请先在规则包中附上原文并核实。")
    if not edition.in_force_on(today(now)):
        raise Refused("这份清单今天没有施行，不能公布。")
    mistakes = edition_mistakes(pack, key)
    if mistakes:
        raise Refused(f"这份清单有 {len(mistakes)} 处问题，不能公布。", mistakes[0])
    return edition


def _standing(by: User, edition: str) -> ListPublication | None:
    return (
        ListPublication.objects.select_for_update()
        .filter(region=by.region, edition=edition, confirmed_at__isnull=False, closed_at=None)
        .first()
    )


def _close(publication: ListPublication, *, reason: str, by: User, now: datetime) -> None:
    if not reason.strip():
        raise WrongUsage("请写明原因。")
    ends = today(now) if publication.starts else None
    changed = ListPublication.objects.filter(
        pk=publication.pk, closed_at=None, confirmed_at=publication.confirmed_at
    ).update(closed_by=by, closed_at=now, closing_reason=reason.strip()[:500], ends=ends)
    if not changed:
        raise Conflict("这一公布已由他人处理。", "请刷新页面查看。")


def _find(publication: int, by: User) -> ListPublication:
    found = ListPublication.objects.select_for_update().filter(pk=publication, region_id=by.region_id).first()
    if found is None:
        raise NotFound("没有这一公布申请。", "请从“措施清单”页选择。")
    return found


def _log(act: str, publication: ListPublication, by: User, now: datetime) -> None:
    record(
        act=act,
        by=Actor.of(by),
        now=now,
        region_id=publication.region_id,
        object_type="measure_list",
        object_id=publication.edition,
        detail={"publication": publication.pk, "digest": publication.digest},
    )

"""Who acts for organisations, and the codes by which they came to."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.people.guarding import officers_only
from xinheng.people.models import BindingCode, HandOver, OrganisationMembership, VerifiedHow


@dataclass(frozen=True)
class MemberLine:
    """One user of an organisation, present or former."""

    id: int
    user_id: int
    username: str
    display_name: str
    credit_code: str
    is_holder: bool
    how: VerifiedHow
    verified_at: datetime
    revoked_at: datetime | None
    revoked_why: str


@dataclass(frozen=True)
class BindingLine:
    """One binding code, never the word itself."""

    id: int
    credit_code: str
    for_holder: bool
    by_officer: bool
    issued_by: str
    issued_at: datetime
    last_day: date
    used_at: datetime | None
    withdrawn_at: datetime | None

    def state(self, today: date) -> str:
        """In words, on a day."""
        if self.used_at:
            return "已使用"
        if self.withdrawn_at:
            return "已作废"
        return "可使用" if self.last_day >= today else "已过期"


@dataclass(frozen=True)
class HandOverLine:
    """A hand-over that waits for the successor."""

    id: int
    holder_id: int
    holder_name: str
    successor_id: int
    successor_name: str
    proposed_at: datetime


def members(scope: Scope, *, credit_code: str | None = None, present_only: bool = True) -> tuple[MemberLine, ...]:
    """The users of one organisation, or of all of the region; the holder first."""
    found = _members(scope)
    if credit_code is not None:
        found = found.filter(credit_code=credit_code)
    if present_only:
        found = found.filter(revoked_at=None)
    return tuple(_member(row) for row in found)


def member(scope: Scope, membership_id: int) -> MemberLine:
    """One membership by our number; NotFound outside the scope."""
    found = _members(scope).filter(pk=membership_id).first()
    if found is None:
        raise NotFound("没有这位使用人。", "请从列表重新进入。")
    return _member(found)


def binding_codes(scope: Scope, *, credit_code: str | None = None, limit: int = 50) -> tuple[BindingLine, ...]:
    """Binding codes handed out in the region, newest first."""
    officers_only(scope)
    found = BindingCode.objects.select_related("issued_by", "invited_by__user").order_by("-pk")
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if credit_code is not None:
        found = found.filter(credit_code=credit_code)
    return tuple(
        BindingLine(
            id=row.pk,
            credit_code=row.credit_code,
            for_holder=row.for_holder,
            by_officer=row.issued_by_id is not None,
            issued_by=_issuer(row),
            issued_at=row.issued_at,
            last_day=row.last_day,
            used_at=row.used_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in found[:limit]
    )


def hand_over(scope: Scope, *, credit_code: str) -> HandOverLine | None:
    """The hand-over that waits in an organisation, if any."""
    officers_only(scope)
    found = HandOver.objects.filter(holder__credit_code=credit_code, accepted_at=None, dropped_at=None)
    if scope.region is not None:
        found = found.filter(holder__region__code=scope.region)
    row = found.select_related("holder__user", "successor__user").first()
    if row is None:
        return None
    return HandOverLine(
        id=row.pk,
        holder_id=row.holder_id,
        holder_name=row.holder.user.display_name,
        successor_id=row.successor_id,
        successor_name=row.successor.user.display_name,
        proposed_at=row.proposed_at,
    )


def _members(scope: Scope) -> QuerySet[OrganisationMembership]:
    officers_only(scope)
    found = OrganisationMembership.objects.select_related("user").order_by(
        "credit_code", "revoked_at", "-is_holder", "pk"
    )
    return found if scope.region is None else found.filter(region__code=scope.region)


def _member(row: OrganisationMembership) -> MemberLine:
    return MemberLine(
        id=row.pk,
        user_id=row.user_id,
        username=row.user.username,
        display_name=row.user.display_name,
        credit_code=row.credit_code,
        is_holder=row.is_holder,
        how=VerifiedHow(row.how),
        verified_at=row.verified_at,
        revoked_at=row.revoked_at,
        revoked_why=row.revoked_why,
    )


def _issuer(row: BindingCode) -> str:
    if row.issued_by:
        return row.issued_by.display_name
    return row.invited_by.user.display_name if row.invited_by else ""

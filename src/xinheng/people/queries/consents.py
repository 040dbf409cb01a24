"""Authorisations of organisations: for what, whom and how long, and whether one covers a question today."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from xinheng.base.scope import Scope
from xinheng.people.guarding import officers_only
from xinheng.people.models import Consent


@dataclass(frozen=True)
class ConsentLine:
    """One authorisation. `until` is its last day."""

    id: int
    credit_code: str
    purpose: str
    scope: tuple[str, ...]
    recipient_name: str
    starts: date
    until: date
    given_by: str
    given_at: datetime
    withdrawn_at: datetime | None

    def in_force(self, today: date) -> bool:
        """Whether somebody may rely on it on this day."""
        return self.withdrawn_at is None and self.starts <= today <= self.until


def consents(scope: Scope, *, credit_code: str, limit: int = 100) -> tuple[ConsentLine, ...]:
    """What an organisation authorised in the region, newest first."""
    return tuple(_line(row) for row in _within(scope).filter(credit_code=credit_code)[:limit])


def covering_consent(
    scope: Scope, *, credit_code: str, department_id: int, type: str, today: date
) -> ConsentLine | None:
    """The authorisation by which a department may read this type about an organisation today, if any."""
    row = (
        _within(scope)
        .filter(
            credit_code=credit_code,
            recipient_department=department_id,
            scope__contains=[type],
            starts__lte=today,
            until__gte=today,
            withdrawn_at=None,
        )
        .first()
    )
    return _line(row) if row else None


def _within(scope: Scope) -> QuerySet[Consent]:
    officers_only(scope)
    found = Consent.objects.select_related("given_by__user").order_by("-pk")
    return found if scope.region is None else found.filter(region__code=scope.region)


def _line(row: Consent) -> ConsentLine:
    return ConsentLine(
        id=row.pk,
        credit_code=row.credit_code,
        purpose=row.purpose,
        scope=tuple(row.scope),
        recipient_name=row.recipient_name,
        starts=row.starts,
        until=row.until,
        given_by=row.given_by.user.display_name,
        given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
    )

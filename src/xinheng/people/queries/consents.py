"""Authorisations of organisations: for what, whom and how long, and whether one covers a question today."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from xinheng.base.scope import Scope
from xinheng.people.guarding import officers_only
from xinheng.people.models import Consent, ConsentRequest


@dataclass(frozen=True)
class ConsentLine:
    """One authorisation. `until` is its last day."""

    id: int
    credit_code: str
    purpose: str
    purpose_code: str
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


@dataclass(frozen=True)
class RequestLine:
    """A department's request that waits for an answer."""

    id: int
    department_name: str
    purpose: str
    purpose_code: str
    scope: tuple[str, ...]
    asked_at: datetime


def consents(scope: Scope, *, credit_code: str, limit: int = 100) -> tuple[ConsentLine, ...]:
    """What an organisation authorised in the region, newest first."""
    return tuple(_line(row) for row in _within(scope).filter(credit_code=credit_code)[:limit])


def covering_consents(
    scope: Scope, *, credit_code: str, department_id: int, purpose_code: str, today: date
) -> tuple[ConsentLine, ...]:
    """The authorisations by which a department may read about an organisation for this purpose today."""
    found = _within(scope).filter(
        credit_code=credit_code,
        recipient_department=department_id,
        purpose_code=purpose_code,
        starts__lte=today,
        until__gte=today,
        withdrawn_at=None,
    )
    return tuple(_line(row) for row in found)


def consent_requests(scope: Scope, *, credit_code: str) -> tuple[RequestLine, ...]:
    """What departments asked an organisation for and was not answered yet, oldest first."""
    return tuple(_request(row) for row in _requests(scope).filter(credit_code=credit_code))


def consent_request(scope: Scope, *, credit_code: str, department_id: int, purpose_code: str) -> RequestLine | None:
    """The request of a department for a purpose that waits for the organisation, if any."""
    row = _requests(scope).filter(credit_code=credit_code, department=department_id, purpose_code=purpose_code).first()
    return _request(row) if row else None


def _requests(scope: Scope) -> QuerySet[ConsentRequest]:
    officers_only(scope)
    found = ConsentRequest.objects.select_related("department").filter(answered_at=None).order_by("pk")
    return found if scope.region is None else found.filter(region__code=scope.region)


def _request(row: ConsentRequest) -> RequestLine:
    return RequestLine(
        id=row.pk,
        department_name=row.department.name,
        purpose=row.purpose,
        purpose_code=row.purpose_code,
        scope=tuple(row.scope),
        asked_at=row.asked_at,
    )


def _within(scope: Scope) -> QuerySet[Consent]:
    officers_only(scope)
    found = Consent.objects.select_related("given_by__user").order_by("-pk")
    return found if scope.region is None else found.filter(region__code=scope.region)


def _line(row: Consent) -> ConsentLine:
    return ConsentLine(
        id=row.pk,
        credit_code=row.credit_code,
        purpose=row.purpose,
        purpose_code=row.purpose_code,
        scope=tuple(row.scope),
        recipient_name=row.recipient_name,
        starts=row.starts,
        until=row.until,
        given_by=row.given_by.user.display_name,
        given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
    )

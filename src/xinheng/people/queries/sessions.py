"""Where officers are logged in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xinheng.base.scope import Scope
from xinheng.people.guarding import officers_only
from xinheng.people.models import OfficerSession

LASTS = timedelta(hours=8)
"""A login is over by itself after this long."""


@dataclass(frozen=True)
class SessionLine:
    """One login that still opens pages."""

    id: int
    address: str
    browser: str
    begun_at: datetime
    seen_at: datetime


def sessions(scope: Scope, *, user_id: int, now: datetime) -> tuple[SessionLine, ...]:
    """The open logins of one officer, the one seen last first."""
    officers_only(scope)
    found = OfficerSession.objects.filter(user_id=user_id, ended_at=None, begun_at__gt=now - LASTS)
    return tuple(
        SessionLine(row.pk, row.address, row.browser, row.begun_at, row.seen_at)
        for row in found.order_by("-seen_at", "-pk")
    )

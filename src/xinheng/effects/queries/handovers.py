"""What left the house: files, reports and days of calls, for officers."""

from dataclasses import dataclass
from datetime import date, datetime

from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.effects.models import Handover, RecipientKind


@dataclass(frozen=True)
class HandoverLine:
    """One file, report or day of calls."""

    id: int
    recipient_name: str
    kind_label: str
    title: str
    versions: int
    at: datetime
    by: str
    valid_until: date | None


def handovers(scope: Scope, *, before: int | None = None, limit: int = 50) -> tuple[HandoverLine, ...]:
    """Handovers of the caller's region, newest first."""
    if scope.public:
        raise Refused("此项信息不对外公开。")
    found = Handover.objects.select_related("recipient")
    if scope.region is not None:
        found = found.filter(recipient__region__code=scope.region)
    if before is not None:
        found = found.filter(pk__lt=before)
    return tuple(
        HandoverLine(
            row.pk,
            row.recipient.name,
            str(RecipientKind(row.recipient.kind).label),
            row.title,
            row.versions,
            row.at,
            row.actor_name,
            row.valid_until,
        )
        for row in found.order_by("-pk")[:limit]
    )

"""Which records may leave the house in a file: not what ended early, nor what rests."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinheng.effects.models import Effect, EndReason, Kind, Suspension
from xinheng.register.models import Record


def may_leave(records: QuerySet[Record]) -> QuerySet[Record]:
    """Those of the records whose publication neither ended early nor is hidden; ones never published may leave."""
    hidden = Suspension.objects.filter(effect_id=OuterRef("pk"), hides=True, resumed_at=None)
    made_good = Effect.objects.filter(restores_id=OuterRef("pk"))
    gone = (
        Effect.objects.filter(kind=Kind.PUBLICATION, record_id=OuterRef("pk"))
        .exclude(end_reason=EndReason.CORRECTED)
        .filter(Q(ended_at__isnull=False) & ~Q(Exists(made_good)) | Q(Exists(hidden)))
    )
    return records.exclude(Exists(gone))

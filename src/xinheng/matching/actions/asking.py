"""That a program asked who names are; the names themselves are not kept."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record as log
from xinheng.audit.actor import Actor
from xinheng.people.models import Region


@transaction.atomic
def log_asked(*, count: int, by: Actor, region: str, now: datetime) -> None:
    """Write to the log that so many names were looked up."""
    log(
        act="matching.asked",
        by=by,
        now=now,
        region_id=Region.objects.get(code=region).pk,
        object_type="match",
        detail={"names": count},
    )

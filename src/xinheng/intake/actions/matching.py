"""Linking by comparing names, after a batch is in: what is the same is linked and published, the rest is asked."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.effects.actions import publish_records
from xinheng.matching.actions import Matched, match_batch, waiting_batches

BY = Actor.system("名称比对")
_A_MOMENT = timedelta(minutes=10)


@transaction.atomic
def link_by_names(*, batch_no: int, by: Actor, now: datetime) -> Matched:
    """Compare the unlinked statements of a batch with the register once, and publish what was linked."""
    matched = match_batch(batch_no=batch_no, pack=settings.PACK, by=by, now=now)
    if matched.opened:
        publish_records(record_nos=matched.opened, today=today(now), now=now, by=by)
    return matched


def link_waiting(*, now: datetime) -> int:
    """Look at batches that a killed process left behind; returns how many there were."""
    waiting = waiting_batches(now=now - _A_MOMENT)
    for batch_no in waiting:
        link_by_names(batch_no=batch_no, by=BY, now=now)
    return len(waiting)

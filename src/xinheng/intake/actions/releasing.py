"""Releasing a batch that waited for a person: only within the reach of whoever releases it."""

from datetime import datetime

from django.db import transaction

from xinheng.base.clock import today
from xinheng.effects.actions import Publication, release_batch
from xinheng.ledger.queries import batch
from xinheng.people.identity import scope_of
from xinheng.people.models import User


@transaction.atomic
def release(*, batch_no: int, by: User, now: datetime) -> Publication:
    """Open a held batch and publish what the rules allow; NotFound outside the officer's departments."""
    batch(scope_of(by), batch_no)
    return release_batch(batch_no=batch_no, by=by, now=now, today=today(now))

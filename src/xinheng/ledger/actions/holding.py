"""Holds: while one lasts, no file that its taker could see leaves the disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from xinheng.ledger.models import Hold, HoldKind

LONGEST = timedelta(hours=12)
"""After this a hold ends by itself: its taker was killed, or has to take another one."""


@contextmanager
def held(kind: HoldKind, *, clock: Callable[[], datetime], longest: timedelta = LONGEST) -> Iterator[Hold]:
    """Hold all files of the ledger for the time of the block; list the files inside it.

    Not to be opened inside a transaction, which would hide the hold from those it is for.
    """
    now = clock()
    hold = Hold.objects.create(kind=kind, taken_at=now, until=now + longest)
    try:
        yield hold
    finally:
        hold.delete()

"""The sealer: appends committed batches to the chain, one process at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection, transaction

from xinheng.audit.actions.checkpoints import has_checkpoint_of, write_checkpoint, write_head
from xinheng.audit.chain import GENESIS, next_hash
from xinheng.audit.models import AuditSeal
from xinheng.base.home import Home

_SEAL_LOCK = 0x78680004
_STEP = 10_000


@dataclass(frozen=True)
class Settled:
    """What a sealer remembers so as not to look at old batches again.

    Batches commit out of order, so a number below the newest may still appear. `upto` is certain: nothing at
    or below it can appear any more. `candidate` becomes certain when every transaction below `horizon` ended.
    """

    upto: int = 0
    candidate: int = 0
    horizon: int = 0

    def after(self, *, oldest_running: int, next_transaction: int, numbers_given: int) -> "Settled":
        """What is certain once this round's snapshot has been seen and sealed."""
        if oldest_running < self.horizon:
            return self
        return Settled(upto=self.candidate, candidate=numbers_given, horizon=next_transaction)


@dataclass(frozen=True)
class Sealed:
    """One round's work: how many batches, and what the next round may take for granted."""

    count: int
    settled: Settled


@transaction.atomic
def seal(*, now: datetime, settled: Settled | None = None) -> Sealed:
    """Append every committed batch that is not in the chain yet."""
    memory = settled or Settled()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEAL_LOCK])
        # Order matters: numbers given out, then the transactions running, then the batches.
        cursor.execute("SELECT last_value - (NOT is_called)::int FROM audit_batch_id_seq")
        given = cursor.fetchone()[0]
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        oldest, following = cursor.fetchone()
        count = 0
        while step := _append(now, memory.upto):
            count += step
    return Sealed(count, memory.after(oldest_running=oldest, next_transaction=following, numbers_given=given))


def _append(now: datetime, above: int) -> int:
    last = AuditSeal.objects.order_by("-n").values_list("n", "hash").first()
    n, previous = last or (0, GENESIS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.id, b.digest FROM audit_batch b WHERE b.id > %s"
            " AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.batch_id = b.id) ORDER BY b.id LIMIT %s",
            [above, _STEP],
        )
        rows = cursor.fetchall()
    seals = []
    for number, (batch_id, digest) in enumerate(rows, n + 1):
        previous = next_hash(previous, digest)
        seals.append(AuditSeal(n=number, batch_id=batch_id, hash=previous, sealed_at=now))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def run_sealer(*, home: Home, stop: threading.Event, clock: Callable[[], datetime], pause: float = 1.0) -> None:
    """Seal every second until `stop`, note the head outside the database, and check-point once a day.

    A database that is away is waited for; everything else ends the loop and so the worker, loudly.
    """
    settled = Settled()
    while not stop.wait(pause):
        now = clock()
        try:
            done = seal(now=now, settled=settled)
            settled = done.settled
            if done.count:
                write_head(home=home, now=now)
            if not has_checkpoint_of(home=home, day=now.date()):
                write_checkpoint(home=home, now=now)
        except OperationalError:
            connection.close()
            settled = Settled()

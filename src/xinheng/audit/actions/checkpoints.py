"""Noting outside the database where the chain stands."""

from datetime import date, datetime
from pathlib import Path

from django.db import connection

from xinheng.audit.chain import GENESIS
from xinheng.audit.checkpoints import (
    HEAD,
    Checkpoint,
    daily_files,
    digest_of,
    read_signed,
    signing_key,
    write_signed,
)
from xinheng.audit.models import AuditSeal
from xinheng.base.errors import Conflict
from xinheng.base.home import Home


def write_checkpoint(*, home: Home, now: datetime) -> Path:
    """Write a signed note of where the chain stands; notes are only ever added.

    Copies belong on another machine: who can change this folder and its key can change the notes.
    """
    earlier = daily_files(home)
    path = home.checkpoints / f"{now:%Y-%m-%dT%H%M%S}.json"
    if path in earlier:
        raise Conflict("这一时刻的日志检查点已经写好。")
    n, last_hash = _newest_seal()
    events, last_event = _events_between(0, n)
    previous = digest_of(earlier[-1]) if earlier else GENESIS
    note = Checkpoint(now.isoformat(), n, last_hash, events, last_event, previous)
    write_signed(path, note, signing_key(home))
    return path


def write_head(*, home: Home, now: datetime) -> Path:
    """Note the newest seal, so that the deletion of rows since the last check-point is found too.

    Counts on from the note before; the daily check-point counts afresh.
    """
    path, key = home.checkpoints / HEAD, signing_key(home)
    n, last_hash = _newest_seal()
    before = read_signed(path, key.public_key()) if path.exists() else None
    if before is None or before.n > n:
        before = Checkpoint("", 0, GENESIS, 0, 0, GENESIS)
    events, last_event = _events_between(before.n, n)
    note = Checkpoint(
        made_at=now.isoformat(),
        n=n,
        hash=last_hash,
        events=before.events + events,
        last_event=max(before.last_event, last_event),
        previous=GENESIS,
    )
    write_signed(path, note, key)
    return path


def has_checkpoint_of(*, home: Home, day: date) -> bool:
    """Whether a note was written on this day."""
    return any(path.name.startswith(day.isoformat()) for path in daily_files(home))


def _newest_seal() -> tuple[int, str]:
    return AuditSeal.objects.order_by("-n").values_list("n", "hash").first() or (0, GENESIS)


def _events_between(after: int, upto: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(b.count), 0), coalesce(max(b.last_event), 0)"
            " FROM audit_batch b JOIN audit_seal s ON s.batch_id = b.id WHERE s.n > %s AND s.n <= %s",
            [after, upto],
        )
        events, last_event = cursor.fetchone()
    return int(events), int(last_event)

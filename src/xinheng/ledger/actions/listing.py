"""A batch and its files appear together, in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from xinheng.ledger.models import Batch, DataFile, FileKind
from xinheng.ledger.writing import WrittenFile

INTAKE_LOCK = 0x78681E
"""Advisory lock of the one writer: batch numbers are given in the order of commits."""


def take_turn() -> tuple[int, datetime | None]:
    """Wait for the intake lock of this transaction; returns the next batch number and the last known time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INTAKE_LOCK])
    last = Batch.objects.order_by("-number").values("number", "known_at").first()
    return (last["number"] + 1, last["known_at"]) if last else (1, None)


def list_batch(*, files: Iterable[WrittenFile], **facts: Any) -> Batch:
    """Add a batch with its files to the manifest; the database refuses counts that do not add up."""
    batch = Batch.objects.create(**facts)
    DataFile.objects.bulk_create(_of_batch(batch, file) for file in files)
    return batch


def _of_batch(batch: Batch, file: WrittenFile) -> DataFile:
    listed = DataFile(batch=batch, kind=file.kind, path=file.path, rows=file.rows, size=file.size, sha256=file.sha256)
    if file.kind is FileKind.ACCEPTED:
        listed.region_id, listed.type = batch.region_id, batch.type
        listed.first_batch = listed.last_batch = batch.number
        listed.first_subject, listed.last_subject = file.subjects
    return listed

"""Files of cases, encrypted in the home folder: written before the transaction's end, read piece by piece."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from xinheng.base.home import Home
from xinheng.ledger.sweeping import fresh, remove
from xinheng.proceedings.models import Attachment, CaseDocument
from xinheng.vault.sealing import open_stream, seal_file


@dataclass(frozen=True)
class Stored:
    """Where a file went, relative to the home folder."""

    path: str
    size: int
    sha256: str


def store(content: bytes, key_id: int) -> Stored:
    """Seal a content held in memory; its clear form touches only the temporary folder."""
    home: Home = settings.HOME
    clear = home.tmp / f"case-{uuid.uuid4().hex}"
    clear.write_bytes(content)
    try:
        return store_file(clear, key_id)
    finally:
        clear.unlink()


def store_file(source: Path, key_id: int) -> Stored:
    """Seal a file; the file of a transaction that fails is swept later."""
    home: Home = settings.HOME
    home.cases.mkdir(mode=0o700, exist_ok=True)
    target = home.cases / f"{uuid.uuid4().hex}.sealed"
    with source.open("rb") as reader:
        digest = hashlib.file_digest(reader, "sha256").hexdigest()
    sealed = seal_file(source, target, key_id)
    return Stored(target.relative_to(home.root).as_posix(), sealed.clear_size, digest)


def read(stored_path: str, key_id: int) -> Iterator[bytes]:
    """The clear content of a case's file."""
    yield from open_stream(settings.HOME.root / stored_path, key_id)


def sweep_unlisted(home: Home, *, now: datetime, lease: timedelta) -> int:
    """Remove sealed files that no case knows, older than the lease; how many."""
    listed = set(Attachment.objects.values_list("stored_path", flat=True))
    listed |= set(CaseDocument.objects.values_list("stored_path", flat=True))
    unlisted = tuple(
        path
        for path in sorted(home.cases.glob("*.sealed"))
        if path.relative_to(home.root).as_posix() not in listed and not fresh(path, now, lease)
    )
    return remove(unlisted)

"""Evidence of authorisations, encrypted in the home folder; what a failed transaction left is swept later."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from xinheng.authorisations.models import Evidence
from xinheng.base.home import Home
from xinheng.ledger.sweeping import fresh, remove
from xinheng.vault.sealing import open_stream, seal_file


@dataclass(frozen=True)
class Stored:
    """Where a file went, relative to the home folder."""

    path: str
    size: int
    sha256: str


def store(source: Path, key_id: int) -> Stored:
    """Seal a file."""
    home: Home = settings.HOME
    home.authorisations.mkdir(mode=0o700, exist_ok=True)
    target = home.authorisations / f"{uuid.uuid4().hex}.sealed"
    with source.open("rb") as reader:
        digest = hashlib.file_digest(reader, "sha256").hexdigest()
    sealed = seal_file(source, target, key_id)
    return Stored(target.relative_to(home.root).as_posix(), sealed.clear_size, digest)


def read(stored_path: str, key_id: int) -> Iterator[bytes]:
    """The clear content of a piece of evidence."""
    yield from open_stream(settings.HOME.root / stored_path, key_id)


def sweep_unlisted(home: Home, *, now: datetime, lease: timedelta) -> int:
    """Remove sealed files that no authorisation knows, older than the lease; how many."""
    listed = set(Evidence.objects.values_list("stored_path", flat=True))
    unlisted = tuple(
        path
        for path in sorted(home.authorisations.glob("*.sealed"))
        if path.relative_to(home.root).as_posix() not in listed and not fresh(path, now, lease)
    )
    return remove(unlisted)

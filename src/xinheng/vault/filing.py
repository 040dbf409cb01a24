"""Files sealed one by one in a folder of the home: written before their transaction ends, read piece by piece."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from xinheng.base.home import Home
from xinheng.ledger.sweeping import fresh, remove
from xinheng.vault.sealing import open_stream, seal_file


@dataclass(frozen=True)
class Stored:
    """Where a file went, relative to the home folder."""

    path: str
    size: int
    sha256: str


def file_away(source: Path, folder: Path, key_id: int) -> Stored:
    """Seal a file into a folder of the home; that of a transaction which fails is swept later."""
    home: Home = settings.HOME
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{uuid.uuid4().hex}.sealed"
    with source.open("rb") as reader:
        digest = hashlib.file_digest(reader, "sha256").hexdigest()
    sealed = seal_file(source, target, key_id)
    return Stored(target.relative_to(home.root).as_posix(), sealed.clear_size, digest)


def read(stored_path: str, key_id: int) -> Iterator[bytes]:
    """The clear content of a sealed file."""
    yield from open_stream(settings.HOME.root / stored_path, key_id)


def sweep(folder: Path, listed: set[str], *, home: Home, now: datetime, lease: timedelta) -> int:
    """Remove sealed files of a folder that are not `listed` and older than the lease; how many."""
    unlisted = tuple(
        path
        for path in sorted(folder.glob("*.sealed"))
        if path.relative_to(home.root).as_posix() not in listed and not fresh(path, now, lease)
    )
    return remove(unlisted)

"""A folder of the ledger: files are written to their final place, then made durable, then listed in one transaction.

A folder nobody lists is an orphan of a killed process; `sweeping` removes it after a lease.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xinheng.base.home import Home
from xinheng.ledger.models import FileKind

_CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True)
class WrittenFile:
    """A finished file, as the manifest will list it; `path` is relative to the home folder."""

    kind: FileKind
    path: str
    rows: int
    size: int
    sha256: str
    subjects: tuple[int | None, int | None] = (None, None)
    """Smallest and largest subject number in it."""


class DataFolder:
    """Collects files in `ledger/data/<name>.<uuid>/`; the name is a batch number, or says what was gathered."""

    def __init__(self, home: Home, name: int | str) -> None:
        self.home = home
        self.path = home.ledger / "data" / f"{name}.{uuid.uuid4().hex}"
        self.files: list[WrittenFile] = []

    def place(self, name: str) -> Path:
        """Where a file of that name is to be written."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.path / name

    def add(
        self, kind: FileKind, path: Path, rows: int, *, subjects: tuple[int | None, int | None] = (None, None)
    ) -> WrittenFile:
        """Make a finished file durable and remember it for the manifest."""
        size, digest = _settle(path)
        file = WrittenFile(kind, path.relative_to(self.home.root).as_posix(), rows, size, digest, subjects)
        self.files.append(file)
        return file

    def settle(self) -> None:
        """Make the folder's own entries durable; call once, before the transaction."""
        for folder in (self.path, self.path.parent, self.path.parent.parent):
            sync_folder(folder)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _settle(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return path.stat().st_size, sha256_of(path)


def write_durably(path: Path, content: bytes) -> None:
    """Write a small file so that it outlives a power failure; the folder's entry is `sync_folder`'s."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder durable."""
    with _opened_folder(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened_folder(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)

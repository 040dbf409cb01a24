"""Taking a back-up while the platform runs: hold, dump one snapshot, copy exactly that snapshot's files, let go."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.postgres import DatabaseAddress
from xinheng.base.postgres.dumping import dump_database
from xinheng.ledger.actions.holding import held
from xinheng.ledger.backups.manifest import (
    DUMP,
    FORMAT,
    OWN,
    SHARED,
    Backup,
    CopiedFile,
    backups_in,
    read_manifest,
    write_manifest,
)
from xinheng.ledger.models import HoldKind
from xinheng.ledger.writing import sha256_of, sync_folder

NEVER = {"pg", "keys", "cache", "tmp", "log", "inbox", "checks", "ledger", "restored", "pg-location"}
"""Parts of the home that are left out: the cluster is dumped, keys are kept apart, the others are of the moment or are
files in clear. The ledger is copied by its manifest."""
WRITTEN_ONCE = {"source", "cases", "authorisations"}
"""Folders whose files never change under their names; the rest of the home is small and copied each time."""
_CHUNK = 4 * 1024 * 1024
_ROOM = 256 * 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """A finished back-up: how large it is, and how much of that was copied now."""

    folder: Path
    backup: Backup
    copied_files: int
    copied_bytes: int
    removed: tuple[str, ...]
    """Earlier back-ups that were removed."""


def take_backup(
    *, home: Home, owner: DatabaseAddress, app: str, pack: str, master_key: str, target: Path,
    clock: Callable[[], datetime], keep: int | None = None,
) -> Taken:  # fmt: skip
    """Write a complete back-up below `target`, sharing with the earlier ones there what never changes.

    `keep` leaves so many back-ups and removes older ones with the files nobody else needs. What a killed one left is
    no back-up, and its files are used by the next. Not to be called inside a transaction.
    """
    _refuse_inside(home, target)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = clock()
    name = f"{now.astimezone(SHANGHAI):%Y-%m-%dT%H%M%S}"
    folder = target / f"{name}.part"
    for left in target.glob("*.part"):
        shutil.rmtree(left)
    folder.mkdir(mode=0o700)
    copier = _Copier(home, target, folder)
    with held(HoldKind.BACKUP, clock=clock):
        copier.copy_changing()
        with psycopg.connect(owner.conninfo()) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            listed = connection.execute(
                "SELECT path, size, CASE WHEN path LIKE 'ledger/%%' THEN sha256 END "
                "FROM ledger_datafile WHERE visible_until IS NULL ORDER BY id"
            ).fetchall()
            (last_batch,) = connection.execute("SELECT coalesce(max(number), 0) FROM ledger_batch").fetchone() or (0,)
            dump_database(owner, folder / DUMP, snapshot=snapshot)
        copier.copy_written_once()
        for path, size, digest in listed:
            copier.copy_listed(path, size, digest)
    dump = folder / DUMP
    _sync(dump)
    backup = Backup(
        name=name, format=FORMAT, version=version("xinheng"), taken_at=now.isoformat(), pack=pack,
        last_batch=last_batch, owner=owner.user, app=app, master_key=master_key,
        dump_size=dump.stat().st_size, dump_sha256=sha256_of(dump), files=tuple(copier.files.values()),
    )  # fmt: skip
    write_manifest(folder, backup)
    copier.sync()
    finished = folder.rename(target / name)
    sync_folder(target)
    removed = _remove_older(target, keep) if keep else ()
    return Taken(finished, backup, copier.copied_files, copier.copied_bytes + backup.dump_size, removed)


def _refuse_inside(home: Home, target: Path) -> None:
    if target.resolve().is_relative_to(home.root.resolve()):
        raise Refused("备份不能放在数据目录里面。", "请选择另一个目录，最好在另一块磁盘上。")


class _Copier:
    """Copies files of the home into a back-up, and remembers what it copied."""

    def __init__(self, home: Home, target: Path, folder: Path) -> None:
        self.home, self.target = home, target
        self.shared, self.own = target / SHARED, folder / OWN
        self.files: dict[str, CopiedFile] = {}
        self.copied_files = self.copied_bytes = 0
        self.known = {
            file.path: file for one in backups_in(target)[-1:] for file in read_manifest(one).files if file.shared
        }
        self.touched: set[Path] = set()

    def copy_changing(self) -> None:
        """What may change under its name, such as notes on the log; before the dump, so that none is ahead of it."""
        for path in self._walk(lambda part: part not in NEVER | WRITTEN_ONCE):
            digest = self._copy(self.home.root / path, self.own / path)
            self._note(path, digest, shared=False)

    def copy_written_once(self) -> None:
        """Sealed originals, attachments and documents; one that goes meanwhile was refused or forgotten."""
        for path in self._walk(lambda part: part in WRITTEN_ONCE):
            try:
                self._take(path, self.home.root / path, None)
            except FileNotFoundError:
                continue

    def copy_listed(self, path: str, size: int, digest: str | None) -> None:
        """A file of the manifest; Refused when it is missing or another one."""
        if path in self.files:
            return
        source = self.home.root / path
        if not source.is_file() or source.stat().st_size != size:
            raise Refused(f"文件 {path} 不见了或大小不对，没有做成备份。", "请先运行 xinheng doctor。")
        self._take(path, source, digest)

    def _take(self, path: str, source: Path, digest: str | None) -> None:
        """Copy what the earlier back-ups have not; what they have is known by size and their own digest."""
        place, known = self.shared / path, self.known.get(path)
        size = source.stat().st_size
        if known and place.is_file() and place.stat().st_size == size == known.size:
            if digest not in (None, known.sha256):
                raise Refused(f"备份目录里的 {path} 与账本不是同一个文件。", "请另选一个备份目录。")
            self.files[path] = known
            return
        copied = self._copy(source, place)
        if digest not in (None, copied):
            raise Refused(f"文件 {path} 已被改动，没有做成备份。", "请先运行 xinheng doctor。")
        self._note(path, copied, shared=True)

    def _copy(self, source: Path, place: Path) -> str:
        """Copy through a side file, durably; returns the SHA-256 of what was read."""
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(place.parent).free < source.stat().st_size + _ROOM:
            raise Refused(f"{place.parent} 所在的磁盘空间不足，没有做成备份。", "请清理磁盘或另选一个目录。")
        part, digest = place.with_name(f"{place.name}.part"), hashlib.sha256()
        with source.open("rb") as read, part.open("wb") as write:
            while chunk := read.read(_CHUNK):
                digest.update(chunk)
                write.write(chunk)
            write.flush()
            os.fsync(write.fileno())
        part.replace(place)
        self.touched.update(folder for folder in place.parents if folder.is_relative_to(self.target))
        self.copied_files, self.copied_bytes = self.copied_files + 1, self.copied_bytes + place.stat().st_size
        return digest.hexdigest()

    def _note(self, path: str, digest: str, *, shared: bool) -> None:
        size = ((self.shared if shared else self.own) / path).stat().st_size
        self.files[path] = CopiedFile(path, size, digest, shared)

    def _walk(self, wanted: Callable[[str], bool]) -> Iterator[str]:
        for top in sorted(self.home.root.iterdir()):
            if not wanted(top.name) or top.name.endswith((".lock", ".lease", ".part")):
                continue
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(self.home.root).as_posix()

    def sync(self) -> None:
        """Make the entries of all folders durable in which something was written."""
        for folder in sorted(self.touched):
            sync_folder(folder)


def _remove_older(target: Path, keep: int) -> tuple[str, ...]:
    """Remove all but the latest back-ups, and the shared files that none of these has."""
    finished = backups_in(target)
    old, kept = finished[:-keep], finished[-keep:]
    if not old:
        return ()
    for folder in old:
        shutil.rmtree(folder)
    wanted = {file.path for folder in kept for file in read_manifest(folder).files if file.shared}
    for path in sorted((target / SHARED).rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(target / SHARED).as_posix() not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return tuple(folder.name for folder in old)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())

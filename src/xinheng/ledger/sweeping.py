"""Folders and files of the ledger that nobody lists: what a process killed before its commit leaves behind."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from xinheng.base.home import Home
from xinheng.ledger.models import DataFile

LEASE = timedelta(hours=1)
"""How long something unlisted may still belong to a running intake."""


def orphan_folders(home: Home, *, now: datetime, lease: timedelta) -> tuple[Path, ...]:
    """Batch folders without a single listed file, untouched for the time of the lease."""
    root = home.ledger / "data"
    if not root.is_dir():
        return ()
    folders = [path for path in sorted(root.iterdir()) if path.is_dir()]
    paths = DataFile.objects.filter(path__startswith="ledger/data/").values_list("path", flat=True)
    listed = {Path(path).parts[2] for path in paths.iterator()}
    return tuple(path for path in folders if path.name not in listed and not fresh(path, now, lease))


def remove(paths: Iterable[Path]) -> int:
    """Delete these files and folders; returns how many there were."""
    count = 0
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        count += 1
    return count


def fresh(path: Path, now: datetime, lease: timedelta) -> bool:
    """Whether anything of it was written within the lease."""
    return any(now.timestamp() - moment < lease.total_seconds() for moment in _written(path))


def _written(path: Path) -> Iterator[float]:
    for part in (path, *path.rglob("*")):
        try:
            yield part.stat().st_mtime
        except FileNotFoundError:  # its owner is tidying up: it lives
            yield float("inf")

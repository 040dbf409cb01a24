"""Files that no reader sees any more leave the disk: after the retention, and when nobody holds them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Min

from xinheng.base.home import Home
from xinheng.ledger.models import DataFile, Hold
from xinheng.ledger.restored import sweeping_is_off

RETENTION = timedelta(days=1)
"""How long a file stays on the disk after it left the manifest; longer than any page or query takes."""


@dataclass(frozen=True)
class Freed:
    """How many files left the disk, and how many bytes with them."""

    files: int
    bytes: int


def remove_retired(*, home: Home, now: datetime, retention: timedelta = RETENTION) -> Freed:
    """Delete what has been out of sight for longer than the retention; nothing while a restored home is unproven.

    A file goes before its line in the manifest: killed in between, the next call finishes.
    """
    if sweeping_is_off(home):
        return Freed(0, 0)
    before = now - retention
    earliest = Hold.objects.filter(until__gt=now).aggregate(earliest=Min("taken_at"))["earliest"]
    retired = DataFile.objects.filter(visible_until__lte=before)
    if earliest is not None:
        retired = retired.filter(visible_until__lt=earliest)
    files = size = 0
    for pk, path, length in list(retired.values_list("pk", "path", "size")):
        place = home.root / path
        place.unlink(missing_ok=True)
        _leave(place.parent)
        DataFile.objects.filter(pk=pk).delete()
        files, size = files + 1, size + length
    return Freed(files, size)


def _leave(folder: Path) -> None:
    """Remove a folder that is empty now."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()

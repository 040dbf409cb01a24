"""Whether every file the manifest lists is there and unchanged."""

from collections.abc import Iterator
from dataclasses import dataclass

from xinheng.base.home import Home
from xinheng.ledger.models import DataFile
from xinheng.ledger.writing import sha256_of


@dataclass(frozen=True)
class DamagedFile:
    """A listed file that is gone, or whose content is another."""

    path: str
    batch_no: int | None
    """None for a file gathered from many batches."""
    missing: bool


def damaged_files(home: Home, *, contents: bool = True) -> Iterator[DamagedFile]:
    """Listed files that are missing or differ from their SHA-256; without `contents` only sizes are compared.

    Encrypted originals carry the SHA-256 of what was sent, so only their size is compared.
    """
    listed = DataFile.objects.filter(visible_until=None).select_related("batch").order_by("batch__number", "id")
    for file in listed.iterator():
        path, number = home.root / file.path, file.batch.number if file.batch else None
        if not path.is_file():
            yield DamagedFile(file.path, number, missing=True)
        elif path.stat().st_size != file.size or (
            contents and file.path.startswith("ledger/") and sha256_of(path) != file.sha256
        ):
            yield DamagedFile(file.path, number, missing=False)

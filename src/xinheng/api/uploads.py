"""Uploaded files on their way in."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja import UploadedFile


@contextmanager
def on_disk(file: UploadedFile) -> Iterator[Path]:
    """The upload as a file in our own temporary folder; small ones come in memory."""
    if isinstance(file.file, TemporaryUploadedFile):
        yield Path(file.file.temporary_file_path())
        return
    path = settings.HOME.tmp / f"upload-{uuid.uuid4().hex}"
    try:
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)

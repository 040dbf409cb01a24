"""Where the files of cases lie, and which of them a case knows."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from xinheng.base.home import Home
from xinheng.proceedings.models import Attachment, CaseDocument
from xinheng.vault.filing import Stored, file_away, sweep


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
    """Seal a file of a case."""
    home: Home = settings.HOME
    return file_away(source, home.cases, key_id)


def sweep_unlisted(home: Home, *, now: datetime, lease: timedelta) -> int:
    """Remove sealed files that no case knows, older than the lease; how many."""
    listed = set(Attachment.objects.values_list("stored_path", flat=True))
    listed |= set(CaseDocument.objects.values_list("stored_path", flat=True))
    return sweep(home.cases, listed, home=home, now=now, lease=lease)

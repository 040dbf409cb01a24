"""Where the evidence of authorisations lies, and which of it an authorisation knows."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from xinheng.authorisations.models import Evidence
from xinheng.base.home import Home
from xinheng.vault.filing import Stored, file_away, sweep


def store(source: Path, key_id: int) -> Stored:
    """Seal a piece of evidence."""
    home: Home = settings.HOME
    return file_away(source, home.authorisations, key_id)


def sweep_unlisted(home: Home, *, now: datetime, lease: timedelta) -> int:
    """Remove sealed files that no authorisation knows, older than the lease; how many."""
    listed = set(Evidence.objects.values_list("stored_path", flat=True))
    return sweep(home.authorisations, listed, home=home, now=now, lease=lease)

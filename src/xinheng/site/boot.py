"""Bringing a process up: home folder, database, keys, Django; called by every program, imported by none for effect."""

import os
import secrets
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from xinheng.base.home import Home
from xinheng.site.database import bring_up
from xinheng.vault.keys import ensure_master_key

SECRET_FILE = "session.key"  # noqa: S105 - a file name


def pack_file(home: Home) -> Path:
    """Names the pack this home was set up with; written by `xinheng init` as its last step."""
    return home.root / "pack"


def boot(home: Home | None = None) -> Home:
    """Prepare the home, reach the database and set Django up; safe to call twice."""
    home = home or Home.from_environment()
    home.prepare()
    os.environ["XINHENG_HOME"] = str(home.root)  # settings, and the processes we start, must see the same home
    bring_up(home)
    if pack_file(home).exists():
        os.environ.setdefault("XINHENG_PACK", pack_file(home).read_text(encoding="utf-8").strip())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.site.settings")
    os.environ.setdefault("XINHENG_SECRET_KEY", _secret(home.keys / SECRET_FILE))
    django.setup()
    ensure_master_key(home)
    return home


def migrate(*, verbosity: int = 0) -> None:
    """Bring the tables to this version, as the owner of the tables; nothing happens when they are."""
    try:
        executor = MigrationExecutor(connections["owner"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    finally:
        connections["owner"].close()


def _secret(path: Path) -> str:
    """The site's own secret, made once and kept with the other keys."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")

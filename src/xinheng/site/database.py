"""Which database this process uses: the one of `XINHENG_DATABASE_URL`, else the embedded server of the home.

`settings` only reads what `bring_up` found; importing settings never starts a server.
"""

import os
from typing import Any

from xinheng.base.home import Home
from xinheng.base.postgres import (
    DatabaseAccess,
    Lease,
    ensure_database,
    parse_database_url,
    require_usable,
)

DATABASE = "xinheng"
_UNREACHED: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "NAME": DATABASE, "HOST": "/nonexistent"}
_found: list[tuple[DatabaseAccess, Lease | None]] = []


def bring_up(home: Home) -> DatabaseAccess:
    """Make the database reachable and remember it for `settings`; the embedded server stays up while we live.

    `XINHENG_OWNER_DATABASE_URL` may name the role that owns the tables on an office's own server; without it
    the one address serves both roles.
    """
    if _found:
        return _found[0][0]
    home.prepare()
    url = os.environ.get("XINHENG_DATABASE_URL")
    lease: Lease | None = None
    if url:
        app = parse_database_url(url)
        owner = parse_database_url(os.environ.get("XINHENG_OWNER_DATABASE_URL", url))
        require_usable(owner)
        access = DatabaseAccess(owner=owner, app=app)
    else:
        lease = Lease(home)
        access = ensure_database(lease.take(), DATABASE)
    _found.append((access, lease))
    return access


def access() -> DatabaseAccess:
    """How this process reaches its database as either role; after `bring_up`."""
    return _found[0][0]


def revive() -> bool:
    """Start the embedded server again if it is gone; whether that was needed. An office's own server is left alone."""
    return any(lease is not None and lease.revive() for _, lease in _found)


def let_go() -> None:
    """Give the embedded server back; it stops when nobody else needs it."""
    while _found:
        _, lease = _found.pop()
        if lease:
            lease.release()


def django_databases() -> dict[str, dict[str, Any]]:
    """Entries for `DATABASES`: `default` is the application's role, `owner` runs migrations and nothing else."""
    if not _found:
        return {"default": dict(_UNREACHED), "owner": dict(_UNREACHED)}
    access, _ = _found[0]
    return {
        "default": {**access.app.django(), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True},
        "owner": access.owner.django(),
    }

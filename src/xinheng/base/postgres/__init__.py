"""The embedded PostgreSQL server under `XINHENG_HOME`, and addresses of others."""

from xinheng.base.postgres.address import DatabaseAddress, ServerAddress, parse_database_url, require_usable
from xinheng.base.postgres.binaries import Binaries, pg_binaries
from xinheng.base.postgres.databases import APP, OWNER, DatabaseAccess, drop_database, ensure_database
from xinheng.base.postgres.server import Lease, discard_server, ensure_server, stop_server

__all__ = [
    "APP",
    "OWNER",
    "Binaries",
    "DatabaseAccess",
    "DatabaseAddress",
    "Lease",
    "ServerAddress",
    "discard_server",
    "drop_database",
    "ensure_database",
    "ensure_server",
    "parse_database_url",
    "pg_binaries",
    "require_usable",
    "stop_server",
]

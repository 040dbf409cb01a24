"""A whole database into one file and back, by PostgreSQL's own programs; a password never stands on a command line."""

import os
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from xinheng.base.errors import Refused
from xinheng.base.postgres.address import DatabaseAddress
from xinheng.base.postgres.binaries import pg_binaries

_LITTLE_COMPRESSION = "1"


def dump_database(address: DatabaseAddress, target: Path, *, snapshot: str) -> None:
    """Write the database as its owner sees it in an exported snapshot; others go on reading and writing."""
    _run(
        "pg_dump", address, "--format=custom", f"--compress={_LITTLE_COMPRESSION}", f"--snapshot={snapshot}",
        f"--file={target}",
    )  # fmt: skip


def restore_database(address: DatabaseAddress, source: Path, *, app: str) -> None:
    """Fill an empty database from a dump, wholly or not at all, with the rights that each table had.

    What new tables grant to `app` by default is taken back first: the dump only adds rights, and brings the defaults.
    """
    with psycopg.connect(address.conninfo(), autocommit=True) as connection:
        for kind in ("TABLES", "SEQUENCES"):
            connection.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {} FROM {}").format(
                    sql.SQL(kind), sql.Identifier(app)
                )
            )
    _run("pg_restore", address, "--exit-on-error", "--single-transaction", str(source))
    with psycopg.connect(address.conninfo(), autocommit=True) as connection:
        connection.execute("ANALYZE")


def is_empty(address: DatabaseAddress) -> bool:
    """Whether there is no table of ours in the database."""
    with psycopg.connect(address.conninfo(), autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LIMIT 1"
        ).fetchone()
    return found is None


def _run(program: str, address: DatabaseAddress, *arguments: str) -> None:
    named = make_conninfo(
        "", host=address.host, port=address.port, dbname=address.name, user=address.user, **address.options
    )
    done = subprocess.run(
        [pg_binaries().program(program), "--no-password", f"--dbname={named}", *arguments],
        env={"PATH": os.environ.get("PATH", os.defpath), "PGPASSWORD": address.password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["没有说明原因"]
        # Only the first line: what follows may quote the statement, and with it what stands in the table.
        raise Refused(f"{program} 没有成功：{lines[0]}", "请检查磁盘空间，以及程序与数据库服务器的版本是否相配。")

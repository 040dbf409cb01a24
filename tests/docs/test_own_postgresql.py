"""The how-to for an office's own PostgreSQL, followed to the letter on a real server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from tests.docs.documents import ROOT

from xinheng.base.postgres import DatabaseAddress, ServerAddress, drop_database

TEXT = (ROOT / "docs" / "how-to" / "run-on-your-postgresql.md").read_text(encoding="utf-8")
OWNER, APP, NAME = "howto_owner", "howto_app", "howto"

pytestmark = pytest.mark.slow


def _statements() -> tuple[list[str], list[str]]:
    """The SQL for the server and for the new database, under names that nobody else here uses."""
    blocks = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
    renamed = [block.replace("xinheng_owner", OWNER).replace("xinheng_app", APP) for block in blocks]
    renamed[0] = re.sub(r"DATABASE xinheng\b", f"DATABASE {NAME}", renamed[0])
    server, database = ([one.strip() for one in block.split(";") if one.strip()] for block in renamed)
    return server, database


def _run(address: DatabaseAddress, statements: list[str]) -> None:
    with psycopg.connect(address.conninfo(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def prepared(database_server: ServerAddress) -> Iterator[ServerAddress]:
    """A server on which the administrator did what the page says; cleaned up afterwards."""
    _clean(database_server)
    server, database = _statements()
    _run(database_server.database("postgres"), server)
    _run(database_server.database(NAME), database)
    yield database_server
    _clean(database_server)


def _clean(server: ServerAddress) -> None:
    drop_database(server, NAME)
    _run(server.database("postgres"), [f"DROP ROLE IF EXISTS {role}" for role in (OWNER, APP)])


def _url(server: ServerAddress, role: str) -> str:
    (password,) = re.findall(rf"CREATE ROLE {role} LOGIN PASSWORD '([^']+)'", "\n".join(_statements()[0]))
    return f"postgresql://{role}:{quote(password, safe='')}@/{NAME}?host={quote(server.host)}&port={server.port}"


def test_init_works_after_the_steps_of_the_page_and_the_log_can_only_grow(
    prepared: ServerAddress, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XINHENG_", "DJANGO_"))}
    environment |= {
        "XINHENG_HOME": str(tmp_path / "county"),
        "XINHENG_DATABASE_URL": _url(prepared, APP),
        "XINHENG_OWNER_DATABASE_URL": _url(prepared, OWNER),
    }
    command = [sys.executable, "-m", "xinheng", "init", "--pack", "national"]

    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "/desk/setup" in done.stdout
    with psycopg.connect(_url(prepared, APP), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM audit_event").fetchone() != (0,)
        assert connection.execute("SELECT count(*) FROM register_record").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_event")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")

"""The embedded server: made, started, shared, stopped and recovered, always for real."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from xinheng.base.home import Home
from xinheng.base.postgres import (
    Lease,
    ServerAddress,
    discard_server,
    drop_database,
    ensure_database,
    ensure_server,
    stop_server,
)
from xinheng.base.postgres.location import locate

SHARE = """
import sys, pathlib
from xinheng.base.home import Home
from xinheng.base.postgres import Lease, ensure_database
import psycopg
with Lease(Home(pathlib.Path(sys.argv[1])), unsafe_fast=True) as address:
    access = ensure_database(address, "shared")
    with psycopg.connect(access.app.conninfo()) as connection:
        print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Home]:
    """A home of its own, in a place that the server's account can enter; its server is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    home = Home(folder)
    yield home
    discard_server(home)
    shutil.rmtree(folder)


def start_time(address: ServerAddress) -> object:
    with psycopg.connect(address.database("postgres").conninfo()) as connection:
        row = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
    assert row
    return row[0]


def postmaster(home: Home) -> int:
    return int((locate(home).data / "postmaster.pid").read_text().splitlines()[0])


def sharer(home: Home) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SHARE, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def is_running(home: Home) -> bool:
    return (locate(home).data / "postmaster.pid").exists()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    with suppress(OSError):
        while Path(f"/proc/{pid}/cwd").readlink():
            time.sleep(0.01)


def test_a_fresh_home_gets_a_server_and_a_second_call_finds_it(home: Home) -> None:
    first = ensure_server(home, unsafe_fast=True)
    started = start_time(first)

    assert ensure_server(home, unsafe_fast=True) == first
    assert start_time(first) == started


def test_nobody_else_can_reach_the_socket_and_nothing_listens_on_the_network(home: Home) -> None:
    address = ensure_server(home)

    assert Path(address.host).stat().st_mode & 0o777 == 0o700
    with psycopg.connect(address.database("postgres").conninfo()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW TimeZone").fetchone() == ("Asia/Shanghai",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_role_without_its_password_is_turned_away(home: Home) -> None:
    address = ensure_server(home, unsafe_fast=True)

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=address.host, port=address.port, user=address.superuser, dbname="postgres")


def test_passwords_are_readable_by_their_owner_only_and_never_printed(home: Home) -> None:
    address = ensure_server(home, unsafe_fast=True)
    access = ensure_database(address, "xinheng")
    files = list(home.keys.glob("postgres-*.password"))

    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert access.app.password not in repr(access)


def test_the_owner_makes_tables_and_the_application_only_uses_them(home: Home) -> None:
    access = ensure_database(ensure_server(home, unsafe_fast=True), "xinheng")
    with psycopg.connect(access.owner.conninfo()) as owner:
        owner.execute("CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, name text)")

    with psycopg.connect(access.app.conninfo(), autocommit=True) as app:
        app.execute("INSERT INTO t (name) VALUES ('甲')")
        assert app.execute("SELECT name FROM t").fetchall() == [("甲",)]
        for forbidden in ("CREATE TABLE u ()", "DROP TABLE t", "TRUNCATE t", "CREATE DATABASE x"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_ensuring_a_database_again_changes_nothing_and_a_template_is_copied(home: Home) -> None:
    address = ensure_server(home, unsafe_fast=True)
    first = ensure_database(address, "first")
    with psycopg.connect(first.owner.conninfo()) as owner:
        owner.execute("CREATE TABLE t AS SELECT 1 AS a")

    assert ensure_database(address, "first") == first
    copy = ensure_database(address, "second", template="first")
    with psycopg.connect(copy.app.conninfo()) as app:
        assert app.execute("SELECT a FROM t").fetchone() == (1,)
    drop_database(address, "second")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy.app.conninfo())


def test_several_processes_starting_at_once_share_one_server_and_the_last_stops_it(home: Home) -> None:
    processes = [sharer(home) for _ in range(3)]
    answers = {process.stdout.readline() for process in processes if process.stdout}

    assert len(answers) == 1
    for process in processes[:2]:
        process.communicate("")
        assert is_running(home)
    processes[2].communicate("")
    assert not is_running(home)
    assert [process.returncode for process in processes] == [0, 0, 0]


def test_a_killed_process_loses_its_share(home: Home) -> None:
    process = sharer(home)
    assert process.stdout
    assert process.stdout.readline()
    process.kill()
    process.communicate()
    assert is_running(home)

    with Lease(home, unsafe_fast=True):
        pass

    assert not is_running(home)


def test_a_stopped_server_starts_again_with_its_data(home: Home) -> None:
    with Lease(home, unsafe_fast=True) as address:
        access = ensure_database(address, "xinheng")
        with psycopg.connect(access.owner.conninfo()) as owner:
            owner.execute("CREATE TABLE t AS SELECT 1 AS a")

    with Lease(home, unsafe_fast=True), psycopg.connect(access.app.conninfo()) as app:
        assert app.execute("SELECT a FROM t").fetchone() == (1,)
    stop_server(home)


def test_what_was_committed_survives_a_killed_server(home: Home) -> None:
    access = ensure_database(ensure_server(home), "xinheng")
    with psycopg.connect(access.owner.conninfo()) as owner:
        owner.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS a")
    kill(postmaster(home))

    ensure_server(home)

    with psycopg.connect(access.app.conninfo()) as app:
        assert app.execute("SELECT count(*) FROM t").fetchone() == (1000,)


def test_a_pid_file_that_names_a_stranger_is_not_believed(home: Home) -> None:
    address = ensure_server(home, unsafe_fast=True)
    path = locate(home).data / "postmaster.pid"
    told = path.read_text().splitlines()
    stop_server(home)
    owner = locate(home).account
    with subprocess.Popen(["sleep", "60"], user=owner.uid if owner.foreign else None) as stranger:
        path.write_text("\n".join([str(stranger.pid), *told[1:]]) + "\n")
        owner.own(path)

        assert ensure_server(home, unsafe_fast=True) == address

        assert start_time(address)
        stranger.kill()


def test_a_server_whose_socket_was_cleaned_away_is_started_again(home: Home) -> None:
    address = ensure_server(home, unsafe_fast=True)
    shutil.rmtree(address.host)

    assert start_time(ensure_server(home, unsafe_fast=True))


def test_half_a_cluster_left_by_a_killed_setup_is_made_anew(home: Home) -> None:
    home.prepare()
    unfinished = locate(home).unfinished
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    assert start_time(ensure_server(home, unsafe_fast=True))


def test_no_value_of_a_failed_statement_reaches_the_log(home: Home) -> None:
    access = ensure_database(ensure_server(home, unsafe_fast=True), "xinheng")
    with psycopg.connect(access.owner.conninfo(), autocommit=True) as owner:
        owner.execute("CREATE TABLE t (a int CHECK (a > 0), b text UNIQUE)")
        owner.execute("INSERT INTO t VALUES (1, '植入的姓名')")
        for statement, values in [
            ("INSERT INTO t VALUES (1, %s)", ["植入的姓名"]),
            ("INSERT INTO t VALUES (-1, %s)", ["植入的姓名二"]),
            ("SELECT %s::text::int", ["植入的姓名三"]),
            ("SELECT '植入的姓名四' FROM nowhere", []),
        ]:
            with pytest.raises(psycopg.DatabaseError):
                owner.execute(statement, values)
        owner.execute("DO $$ BEGIN RAISE WARNING '植入的姓名五'; END $$")
    stop_server(home)

    log = (home.log / "postgres.log").read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert "植入" not in log


def test_a_home_with_an_awkward_and_long_path_works() -> None:
    folder = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    folder.chmod(0o755)
    home = Home(folder / '信用 $HOME\'s, "云屿"' / ("long" * 20) / "var")
    for parent in list(home.root.parents)[:2]:
        parent.mkdir(parents=True, exist_ok=True)
        parent.chmod(0o755)
    try:
        with Lease(home, unsafe_fast=True) as address:
            assert len(address.host) < 60
            assert start_time(address)
    finally:
        discard_server(home)
        shutil.rmtree(folder)
        shutil.rmtree(address.host, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change over to another account")
def test_root_below_a_closed_folder_puts_the_cluster_where_its_account_can_go() -> None:
    closed = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    home = Home(closed / "checkout" / "var")
    try:
        with Lease(home, unsafe_fast=True) as address:
            pointer = Path((home.root / "pg-location").read_text().strip())
            assert start_time(address)
            assert Path(address.host).parent == pointer
            assert not home.postgres.exists()
            assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        discard_server(home)
        shutil.rmtree(closed)
    assert not pointer.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change over to another account")
def test_root_runs_the_server_as_an_account_of_its_own(home: Home) -> None:
    ensure_server(home, unsafe_fast=True)

    owner = Path(f"/proc/{postmaster(home)}").stat().st_uid
    assert owner >= 60_000
    assert locate(home).data.stat().st_uid == owner
    assert home.keys.stat().st_uid == 0

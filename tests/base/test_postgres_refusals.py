"""What the embedded server and foreign addresses refuse, in words, each provoked for real."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xinheng.base.errors import Refused, TryLater, WrongUsage
from xinheng.base.home import Home
from xinheng.base.postgres import (
    ServerAddress,
    address,
    discard_server,
    ensure_database,
    ensure_server,
    parse_database_url,
    pg_binaries,
    require_usable,
    stop_server,
)
from xinheng.base.postgres.location import locate, socket_folder

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs to mount a small disk or change owners")


@pytest.fixture
def home() -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    home = Home(folder)
    yield home
    discard_server(home)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[ServerAddress]:
    folder = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    yield ensure_server(Home(folder), unsafe_fast=True)
    discard_server(Home(folder))
    shutil.rmtree(folder)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 150 MB, or a skip where mounting is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=150m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("mounting is not allowed here")
    folder.chmod(0o755)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"0" * 4096)


def test_a_machine_without_programs_gets_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有可用的 PostgreSQL 程序") as refusal:
        pg_binaries([tmp_path])

    assert "XINHENG_DATABASE_URL" in refusal.value.advice


def test_programs_that_are_too_old_are_named(tmp_path: Path) -> None:
    for name in ("postgres", "initdb", "pg_ctl"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (tmp_path / name).chmod(0o755)

    with pytest.raises(Refused, match="太旧") as refusal:
        pg_binaries([tmp_path])

    assert "版本 14" in refusal.value.message


def test_the_programs_of_a_chosen_folder_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = tmp_path / "bin"
    chosen.symlink_to(pg_binaries().folder)
    monkeypatch.setenv("XINHENG_PG_BIN", str(chosen))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert pg_binaries().major >= 15


def test_a_cluster_of_another_version_is_refused_with_both_versions(home: Home) -> None:
    ensure_server(home, unsafe_fast=True)
    stop_server(home)
    (locate(home).data / "PG_VERSION").write_text("14\n")

    with pytest.raises(Refused, match="由 PostgreSQL 14 建立，现在的程序是 ") as refusal:
        ensure_server(home, unsafe_fast=True)

    assert "备份" in refusal.value.advice


@ROOT_ONLY
def test_a_disk_too_small_for_a_cluster_is_refused_before_anything_is_written(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"0" * 100 * 1024 * 1024)
    home = Home(small_disk / "var")

    with pytest.raises(Refused, match="磁盘剩余空间不足"):
        ensure_server(home, unsafe_fast=True)

    assert not locate(home).data.exists()


@ROOT_ONLY
def test_a_full_disk_is_told_when_the_server_does_not_start(small_disk: Path) -> None:
    home = Home(small_disk / "var")
    ensure_server(home, unsafe_fast=True)
    stop_server(home)
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        fill(filler)

    with pytest.raises(Refused, match="磁盘已满"):
        ensure_server(home, unsafe_fast=True)

    filler.unlink()
    assert ensure_server(home, unsafe_fast=True)
    stop_server(home)


@ROOT_ONLY
def test_a_disk_that_cannot_be_written_is_told(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    with pytest.raises(Refused, match="没有权限使用"):
        ensure_server(Home(small_disk / "var"))


def test_a_file_in_place_of_the_home_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")

    with pytest.raises(Refused, match="不是目录"):
        ensure_server(Home(tmp_path / "var"))


def test_a_server_that_does_not_come_up_quotes_its_last_words(home: Home) -> None:
    ensure_server(home, unsafe_fast=True)
    stop_server(home)
    with (locate(home).data / "postgresql.conf").open("a") as file:
        file.write("\nno_such_setting = 1\n")

    with pytest.raises(Refused, match=r"没有启动。日志最后一行：.*FATAL:.*errors") as refusal:
        ensure_server(home, unsafe_fast=True)

    assert "postgres.log" in refusal.value.advice


def test_a_socket_path_that_is_too_long_everywhere_is_told(home: Home) -> None:
    home.prepare()

    with pytest.raises(Refused, match="路径太长"):
        socket_folder(locate(home), roots=[Path("/tmp") / ("long" * 30)])


def test_a_socket_folder_taken_by_somebody_else_is_refused(home: Home) -> None:
    home.prepare()
    location = locate(home)
    taken = socket_folder(location, roots=[Path(tempfile.gettempdir())])
    taken.rmdir()
    taken.symlink_to(home.root)
    try:
        with pytest.raises(Refused, match="被别的用户占用"):
            socket_folder(location, roots=[Path(tempfile.gettempdir())])
    finally:
        taken.unlink()


@ROOT_ONLY
def test_a_copied_home_does_not_take_over_the_database_of_its_original() -> None:
    closed = Path(tempfile.mkdtemp(prefix="xinheng-test-"))
    original, copy = Home(closed / "var"), Home(closed / "copy")
    ensure_server(original, unsafe_fast=True)
    shutil.copytree(original.root, copy.root)
    try:
        with pytest.raises(Refused, match="副本"):
            ensure_server(copy, unsafe_fast=True)
        stop_server(original)
        shutil.rmtree(original.root)
        assert ensure_server(copy, unsafe_fast=True)
    finally:
        discard_server(copy)
        shutil.rmtree(closed)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://u:p@h/db", "不是 PostgreSQL 地址"),
        ("xinheng", "不是 PostgreSQL 地址"),
        ("postgresql://u:p@h:port/db", "读不懂"),
        ("postgresql://u:p%zz@h/db", "读不懂"),
        ("postgresql://u:p@h", "缺少用户名或数据库名"),
        ("postgresql://h/db", "缺少用户名或数据库名"),
    ],
)
def test_an_address_that_cannot_work_is_told_before_connecting(url: str, told: str) -> None:
    with pytest.raises(WrongUsage, match=told) as refusal:
        parse_database_url(url)

    assert "p%zz" not in str(refusal.value)


def test_an_address_is_read_with_escapes_port_and_options() -> None:
    read = parse_database_url("postgresql://user:p%40ss@db.example:5433/xinheng?sslmode=require")

    assert (read.host, read.port, read.name, read.user, read.password) == (
        "db.example",
        5433,
        "xinheng",
        "user",
        "p@ss",
    )
    assert read.django()["OPTIONS"] == {"sslmode": "require"}
    assert read.environment()["PGPASSWORD"] == "p@ss"
    assert parse_database_url("postgres://u@h/d").port == 5432


def test_a_usable_server_tells_its_version(server: ServerAddress) -> None:
    assert require_usable(ensure_database(server, "xinheng").app) >= 15


def test_a_server_that_is_too_old_is_told(server: ServerAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "OLDEST_VERSION", 99)

    with pytest.raises(Refused, match="本系统需要 99 或更高版本"):
        require_usable(server.database("postgres"))


def test_a_wrong_password_a_missing_database_and_a_silent_server_are_told(server: ServerAddress) -> None:
    access = ensure_database(server, "xinheng")
    base = f"host={access.app.host}"

    with pytest.raises(Refused, match="不接受用户 xinheng_app 的密码"):
        require_usable(parse_database_url(f"postgresql://xinheng_app:wrong@/xinheng?{base}"))
    with pytest.raises(Refused, match="没有名为 nowhere 的数据库"):
        require_usable(server.database("nowhere"))
    with pytest.raises(TryLater, match="连不上数据库服务器"):
        require_usable(parse_database_url("postgresql://u:p@127.0.0.1:1/xinheng"))

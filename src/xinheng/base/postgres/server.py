"""Starting and stopping the embedded server, and knowing who still needs it."""

import errno
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from xinheng.base.errors import Refused, TryLater
from xinheng.base.home import Home
from xinheng.base.postgres.address import ServerAddress
from xinheng.base.postgres.binaries import Binaries, pg_binaries
from xinheng.base.postgres.cluster import (
    MEGABYTE,
    SUPERUSER,
    create_cluster,
    reachable_programs,
    require_same_version,
    write_settings,
)
from xinheng.base.postgres.location import SOCKET_NAME, Location, locate, socket_folder

LONGEST_WAIT = "600"  # seconds, as pg_ctl takes it; recovery after a crash may replay gigabytes
LARGEST_LOG = 10 * MEGABYTE
NO_PARALLEL_START = 20  # attempts, half a second apart, while leftover processes of a killed server end


@dataclass(frozen=True)
class _Running:
    """What a live server wrote into its pid file."""

    socket: Path
    ready: bool

    @property
    def reachable(self) -> bool:
        return (self.socket / SOCKET_NAME).exists()


def ensure_server(home: Home, *, unsafe_fast: bool = False, binaries: Binaries | None = None) -> ServerAddress:
    """The address of the running server of this home; makes the cluster and starts it where needed.

    Any number of processes may call this at once. `unsafe_fast` gives up crash safety and is for tests.
    """
    with _in_words(home), _exclusively(home):
        location = locate(home)
        location.prepare()
        running = _settled(location)
        if running and not running.reachable:
            # Somebody cleaned up the temporary folder: nobody can reach this server any more.
            _stop(location, binaries)
            running = None
        if running:
            return _address(home, running.socket)
        return _start(location, binaries or pg_binaries(), unsafe_fast=unsafe_fast)


def stop_server(home: Home) -> None:
    """Stop the server of this home; open transactions are rolled back. Nothing happens when none runs."""
    if not home.root.exists():
        return
    with _in_words(home), _exclusively(home):
        location = locate(home)
        if _running(location):
            _stop(location, None)


def discard_server(home: Home) -> None:
    """Stop the server and delete its cluster with all databases; for tests and for starting a demo afresh."""
    stop_server(home)
    if not home.root.exists():
        return
    with _in_words(home), _exclusively(home):
        location = locate(home)
        shutil.rmtree(location.folder, ignore_errors=True)
        (home.root / "pg-location").unlink(missing_ok=True)
        for password in home.keys.glob("postgres-*.password"):
            password.unlink()


class Lease:
    """A process's share in the server: the one that gives back the last share stops the server.

    A killed process loses its share by itself; then the server runs on until the next last one leaves.
    """

    def __init__(self, home: Home, *, unsafe_fast: bool = False) -> None:
        self._home = home
        self._unsafe_fast = unsafe_fast
        self._handle: int | None = None

    def take(self) -> ServerAddress:
        """Take a share and return the address of the running server."""
        with _in_words(self._home):
            self._home.prepare()
            handle = os.open(self._home.root / "pg.lease", os.O_RDWR | os.O_CREAT, 0o600)
        self._handle = handle
        fcntl.flock(handle, fcntl.LOCK_SH)
        with ExitStack() as undo:  # whatever ends the start, even Ctrl-C, gives the share back
            undo.callback(self._drop)
            address = ensure_server(self._home, unsafe_fast=self._unsafe_fast)
            undo.pop_all()
        return address

    def revive(self) -> bool:
        """Start the server again if it was killed while we hold a share; whether that was needed."""
        if self._handle is None:
            return False
        with _in_words(self._home), _exclusively(self._home):  # a server that is starting is not looked at
            if _running(locate(self._home)):
                return False
        ensure_server(self._home, unsafe_fast=self._unsafe_fast)
        return True

    def release(self) -> None:
        """Give the share back; stops the server when it was the last. A second call does nothing."""
        if self._handle is None:
            return
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._drop()
            return
        # Whoever comes now waits for its share until the server is down, and then starts it again.
        try:
            stop_server(self._home)
        finally:
            self._drop()

    def _drop(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> ServerAddress:
        return self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


@contextmanager
def _exclusively(home: Home) -> Iterator[None]:
    """One process at a time may look at, make, start or stop the server of a home."""
    home.prepare()
    handle = os.open(home.root / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _in_words(home: Home) -> Iterator[None]:
    """Tell what the operating system refuses in the officer's language."""
    try:
        yield
    except OSError as error:
        where = error.filename or home.root
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refused(f"磁盘已满，无法写入 {where}。", "请清理磁盘后再试。") from error
        if error.errno in {errno.ENOTDIR, errno.EEXIST}:
            raise Refused(f"{where} 不是目录。", "请把 XINHENG_HOME 设到一个目录。") from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise Refused(
                f"没有权限使用 {where}。", "请检查目录的所有者和读写权限，或把 XINHENG_HOME 设到自己的目录。"
            ) from error
        raise


def _address(home: Home, socket: Path) -> ServerAddress:
    return ServerAddress(host=str(socket), port=5432, superuser=SUPERUSER, keys=home.keys)


def _running(location: Location) -> _Running | None:
    """The live server of this cluster; a pid file left behind by a dead one is removed."""
    path = location.data / "postmaster.pid"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if len(lines) > 4 and lines[0].isdigit() and _is_our_server(int(lines[0]), location.data):
        return _Running(socket=Path(lines[4]), ready=[line.strip() for line in lines[7:8]] == ["ready"])
    path.unlink()
    return None


def _settled(location: Location) -> _Running | None:
    """The live server once it takes connections: whoever started it may have been killed while waiting."""
    deadline = time.monotonic() + float(LONGEST_WAIT)
    while (running := _running(location)) and not running.ready:
        if time.monotonic() > deadline:
            raise TryLater("数据库还在恢复上次没有写完的数据。", f"请稍后再试；进度见 {location.log}。")
        time.sleep(0.1)
    return running


def _is_our_server(pid: int, data: Path) -> bool:
    """Whether the process is a server on this cluster, not a stranger that got its number after a restart."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # ours would be the same user's
    try:
        # A server works in its data folder. A dying one has none any more.
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return not Path("/proc/self").exists()


def _start(location: Location, binaries: Binaries, *, unsafe_fast: bool) -> ServerAddress:
    programs = reachable_programs(location, binaries)
    if not (location.data / "PG_VERSION").exists():
        create_cluster(location, programs, unsafe_fast=unsafe_fast)
    require_same_version(location, programs)
    socket = socket_folder(location)
    # The folder is this home's alone and no server of it lives: these files are those of a killed one, and
    # PostgreSQL would believe them where its number is in use again.
    for left_over in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (socket / left_over).unlink(missing_ok=True)
    write_settings(location, socket, unsafe_fast=unsafe_fast)
    answer = ""
    for _ in range(NO_PARALLEL_START):
        code, answer = _pg_ctl_start(location, programs)
        if code == 0:
            return _address(location.home, socket)
        if "pre-existing shared memory block" not in answer:
            break
        time.sleep(0.5)
    raise _start_error(location, answer)


def _pg_ctl_start(location: Location, programs: Binaries) -> tuple[int, str]:
    """Start and wait; returns what was added to the log meanwhile."""
    if location.log.exists() and location.log.stat().st_size > LARGEST_LOG:
        location.log.replace(location.log.with_suffix(".log.1"))
    arguments = [programs.program("pg_ctl"), "start", "--wait", "--timeout", LONGEST_WAIT, "--silent"]
    # The log is opened here and inherited, so that the server's account needs no way into the log folder.
    with location.log.open("ab", buffering=0) as log:
        location.log.chmod(0o600)
        before = log.seek(0, os.SEEK_END)
        # The data folder goes by environment: pg_ctl would hand -D through a shell without quoting `$`.
        done = location.account.run(
            arguments, environment={"PGDATA": str(location.data)}, stdin=subprocess.DEVNULL, output=log
        )
    with location.log.open("rb") as log:
        log.seek(before)
        return done.returncode, log.read().decode("utf-8", "replace")


def _start_error(location: Location, answer: str) -> Refused | TryLater:
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    others = [line for line in lines if not line.startswith(("pg_ctl:", "Examine"))]
    last = (telling or others or lines or ["日志里没有内容"])[-1]
    if "No space left on device" in answer:
        return Refused("磁盘已满，数据库没有启动。", "请清理磁盘后再试。")
    return Refused(f"数据库没有启动。日志最后一行：{last}。", f"完整日志见 {location.log}。")


def _stop(location: Location, binaries: Binaries | None) -> None:
    programs = reachable_programs(location, binaries or pg_binaries())
    arguments = [programs.program("pg_ctl"), "stop", "--mode", "fast", "--wait", "--timeout", LONGEST_WAIT]
    done = location.account.run(
        arguments,
        environment={"PGDATA": str(location.data)},
        stdin=subprocess.DEVNULL,
        output=subprocess.PIPE,
    )
    if done.returncode != 0 and _running(location):
        raise TryLater("数据库没有按时停下。", f"请稍后再试；日志见 {location.log}。")

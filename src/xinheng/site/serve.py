"""`xinheng serve`: database, tables, then the website and the workers, watched over until asked to stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated
from urllib.error import HTTPError
from urllib.request import urlopen

from django.conf import settings
from django.db import connections
from typer import Option

from xinheng.base.errors import Refused, TryLater
from xinheng.cli.output import say
from xinheng.site.boot import migrate
from xinheng.site.database import revive

HOST, PORT = "127.0.0.1", 8000
WEB, CHECKS, HEAVY, LIGHT = "网站", "信用核查", "文件处理", "后台工作"
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE_OF_WEB = 1.0, 60.0, 5.0
HEALTHY_SECONDS = 60.0
"""A child that ran so long is begun again at once when it ends."""
LAST_WORDS_SECONDS = 70
"""How long children may take to end; running files are finished first."""


class Part(StrEnum):
    """What `--only` may name."""

    WEB = "web"
    WORKER = "worker"
    CHECKS = "checks"


@dataclass
class Child:
    """One process we look after."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ready: Callable[[], bool] = lambda: True
    """Whether it serves; those after it are started only then, so that the website comes first."""
    longest: float = LONGEST_PAUSE
    """Between two starts; a hall does not wait a minute for its checks."""
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command)
        self.started = time.monotonic()

    def ended(self) -> int | None:
        """The exit code of a child that has ended, else None."""
        return self.process.poll() if self.process else None

    def put_off(self, now: float) -> None:
        """Wait before the next start, longer each time it fails soon after starting."""
        if now - self.started > HEALTHY_SECONDS:
            self.pause = FIRST_PAUSE
        self.due = now + self.pause
        self.pause = min(self.pause * 2, self.longest)
        self.process = None


@dataclass
class Supervisor:
    """Keeps its children running until a signal asks to stop."""

    children: list[Child]
    stopping: bool = field(default=False)
    database: Callable[[], None] = lambda: None
    """Brings the database back when it is gone; asked for all the time."""

    def run(self) -> None:
        """Start all children and look after them; returns when they have ended after a request to stop."""
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self._stop)
        for child in self.children:
            if not self.stopping:
                child.start()
                self._wait_for(child)
        while not self.stopping:
            self.database()
            now = time.monotonic()
            for child in self.children:
                self._look_after(child, now)
            time.sleep(0.2)
        self._end()

    def _wait_for(self, child: Child) -> None:
        while not self.stopping and child.ended() is None and not child.ready():
            time.sleep(0.1)

    def _look_after(self, child: Child, now: float) -> None:
        if child.process is None:
            if now >= child.due:
                child.start()
            return
        code = child.ended()
        if code is not None:
            child.put_off(now)
            say(f"{child.name}进程结束（代码 {code}），{child.due - now:.0f} 秒后重新启动。")

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process and child.ended() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + LAST_WORDS_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve(
    port: Annotated[int, Option("--port", help="端口")] = PORT,
    host: Annotated[str, Option("--host", help="监听的地址；默认只有本机能访问")] = HOST,
    only: Annotated[Part | None, Option("--only", help="只运行网站（web）、核查（checks）或后台处理（worker）")] = None,
    web_workers: Annotated[int, Option("--web-workers", min=1, help="网站的进程数")] = 1,
) -> None:
    """Run the platform on this machine until Ctrl+C."""
    if only is not Part.WORKER:
        require_free(host, port)
    migrate()
    connections.close_all()
    say("正在启动……")
    children = []
    if only is Part.CHECKS:
        command = checks_command(host, port)
        children.append(Child(CHECKS, command, ready=lambda: _answers(host, port), longest=LONGEST_PAUSE_OF_WEB))
    elif only is not Part.WORKER:
        command = (web_command if only is Part.WEB else one_port_command)(host, port, web_workers)
        children.append(Child(WEB, command, ready=lambda: _answers(host, port), longest=LONGEST_PAUSE_OF_WEB))
    if only not in {Part.WEB, Part.CHECKS}:
        program = [sys.executable, "-m", "xinheng", "worker", "--queue"]
        children += [Child(HEAVY, [*program, "heavy"]), Child(LIGHT, [*program, "light"])]
    os.environ["XINHENG_HOME"] = str(settings.HOME.root)
    Supervisor(children, database=_keep_database).run()


def _keep_database() -> None:
    """Start the embedded server anew when it was killed; what cannot be mended now is tried again."""
    try:
        if revive():
            say("数据库意外停止，已重新启动。")
    except (Refused, TryLater) as error:
        say(f"{error.message}{error.advice}")
        time.sleep(FIRST_PAUSE)


def _answers(host: str, port: int) -> bool:
    """Whether the website answers; says so when it does."""
    try:
        with urlopen(f"http://{host}:{port}/", timeout=30):
            pass
    except HTTPError:
        pass  # it answers, if only with a refusal
    except OSError:
        return False
    say(f"网站已打开：http://{host}:{port}/  按 Ctrl+C 停止。")
    return True


def require_free(host: str, port: int) -> None:
    """Refuse in words when the port is taken or not ours to use."""
    try:
        with socket.create_server((host, port)):
            return
    except PermissionError as error:
        raise Refused(f"没有权限使用端口 {port}。", "请用 --port 选一个 1024 以上的端口。") from error
    except OSError as error:
        raise Refused(
            f"{host} 的端口 {port} 用不了，多半已被别的程序占用。",
            f"请停止那个程序，或换一个端口，例如 --port {port + 1}。",
        ) from error


def one_port_command(host: str, port: int, workers: int) -> list[str]:
    """The website and the check service on one port as a command line."""
    return checks_command(host, port, workers=workers, application="xinheng.site.asgi:application")


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The website alone as a command line."""
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(2 * (os.cpu_count() or 1)),
        "--backlog": "256",
        "--log-level": "warning",
        "--workers-kill-timeout": "10",
    }
    arguments = [part for option in options.items() for part in option]
    return [sys.executable, "-m", "granian", *arguments, "xinheng.site.wsgi:application"]


def checks_command(
    host: str, port: int, *, workers: int = 1, application: str = "xinheng.site.checks_asgi:application"
) -> list[str]:
    """The check service as a command line: one process, since a group shares one commit."""
    options = {
        "--interface": "asgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--backlog": "1024",
        "--log-level": "warning",
        "--workers-kill-timeout": "10",
    }
    arguments = [part for option in options.items() for part in option]
    return [sys.executable, "-m", "granian", *arguments, application]

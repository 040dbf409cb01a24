"""`xinheng worker`: background processing, and the sealer of the log beside it."""

import asyncio
import logging
import os
import signal
import threading
from enum import StrEnum
from typing import Annotated

from django.conf import settings
from django.db import connections
from procrastinate.contrib.django import app
from typer import Option

from xinheng.audit.actions import run_sealer
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.intake.folder import prepare_folders
from xinheng.intake.jobs import HEAVY, LIGHT

CONCURRENT_LIGHT_JOBS = 4
PATIENCE_SECONDS = 60
"""How long jobs may go on after a request to stop; one that is cut off is begun again by the schedule."""
DIED = 1
_log = logging.getLogger("xinheng.worker")


class Queue(StrEnum):
    """Which jobs a worker takes."""

    HEAVY = HEAVY
    LIGHT = LIGHT


def worker(
    queue: Annotated[Queue, Option("--queue", help="heavy 逐个处理报送的文件；light 处理其余工作并封存日志")],
) -> int:
    """Work on one queue until asked to stop; exit code 1 when the sealer of the log died."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    if queue is Queue.HEAVY:
        _work(queue, concurrency=1)
        return 0
    prepare_folders(settings.HOME)
    sealer = _Sealer(settings.HOME)
    sealer.start()
    try:
        _work(queue, concurrency=CONCURRENT_LIGHT_JOBS)
    finally:
        sealer.stop.set()
        sealer.join()
    return DIED if sealer.failed else 0


def _work(queue: Queue, *, concurrency: int) -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        asyncio.run(_run(working, queue, concurrency))


async def _run(working: "object", queue: Queue, concurrency: int) -> None:
    async with working.open_async():  # type: ignore[attr-defined]
        await working.run_worker_async(  # type: ignore[attr-defined]
            queues=[queue.value],
            name=queue.value,
            concurrency=concurrency,
            delete_jobs="successful",
            shutdown_graceful_timeout=PATIENCE_SECONDS,
        )


class _Sealer(threading.Thread):
    """Seals the log every second; when it dies the whole worker ends, so that the supervisor starts both anew."""

    def __init__(self, home: Home) -> None:
        super().__init__(name="sealer", daemon=True)
        self.home = home
        self.stop = threading.Event()
        self.failed = False

    def run(self) -> None:
        try:
            run_sealer(home=self.home, stop=self.stop, clock=clock.now)
        except BaseException:
            self.failed = True
            _log.critical("the sealer of the log died", exc_info=True)
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            connections.close_all()

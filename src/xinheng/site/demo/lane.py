"""A second process that takes in demo files beside the first.

Reading and checking need no lock, so the one works while the other commits. Nothing here may import a model, since
the new process reads this module before Django is set up.
"""

import importlib
import multiprocessing
import queue
from collections.abc import Callable, Iterator
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

from django.db import connections

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.demo.county import DemoFile
from xinheng.site.boot import boot
from xinheng.site.database import let_go
from xinheng.site.demo.files import Message, files_of

Outcome = tuple[DemoFile, list[str]]
"""A file and what of it was refused."""
PATIENCE_SECONDS = 2
"""After so long without word we look whether the other process still lives."""


class SecondLane:
    """A process of its own that takes in the files of one lane, once it is told that the subjects are known."""

    def __init__(self, home: Home, lane: "Queue[Message]") -> None:
        spawned = multiprocessing.get_context("spawn")
        self._go: Event = spawned.Event()
        self._done: Queue[Outcome | None] = spawned.Queue()
        self._through = False
        self._process = spawned.Process(target=_work, args=(home, lane, self._go, self._done), daemon=True)
        self._process.start()

    def go(self) -> None:
        """The registries have been taken in: begin."""
        self._go.set()

    def so_far(self) -> Iterator[Outcome]:
        """What the process has taken in by now; does not wait."""
        while not self._done.empty():
            yield from self._next()

    def outcomes(self) -> Iterator[Outcome]:
        """What else the process takes in, until it is through; refused when it broke off."""
        while not self._through:
            yield from self._next()
        self._process.join()
        if self._process.exitcode:
            raise Refused("收下演示文件的进程中断了。", "请重新运行；已收下的文件不会重复。")

    def _next(self) -> Iterator[Outcome]:
        try:
            outcome = self._done.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            self._through = not self._process.is_alive()
            return
        if outcome is None:
            self._through = True
        else:
            yield outcome

    def stop(self) -> None:
        """End the process if it still runs."""
        self._process.terminate()
        self._process.join()


def _work(home: Home, lane: "Queue[Message]", go: Event, done: "Queue[Outcome | None]") -> None:
    try:
        boot(home)
        # Models can be imported only now.
        take_in: Callable[[DemoFile], list[str]] = importlib.import_module("xinheng.site.demo.taking_in").take_in
        go.wait()
        for file in files_of(lane):
            done.put((file, take_in(file)))
    finally:
        done.put(None)
        connections.close_all()
        let_go()

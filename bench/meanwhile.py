"""How long checks take while something else is going on: windows of five seconds, beside the same without it."""

import json
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.checking import SERVICE, served

WINDOW_SECONDS, IDLE_WINDOWS, CONNECTIONS = 5, 4, 8


@dataclass
class Windows:
    """The p99 of every window, in milliseconds."""

    p99_ms: list[float] = field(default_factory=list)
    calls: int = 0

    @property
    def typical(self) -> float:
        return statistics.median(self.p99_ms)


@dataclass(frozen=True)
class Asking:
    """Callers who ask one after the other, without a pause."""

    port: int
    secret: str
    codes: Path

    def idle(self) -> Windows:
        """While nothing else is going on; the first window warms up."""
        found = Windows()
        for place in range(IDLE_WINDOWS + 1):
            self._window(found if place else Windows())
        return found

    @contextmanager
    def beside(self) -> Iterator[Windows]:
        """While the body runs; its last window may reach a little beyond."""
        found, over = Windows(), threading.Event()

        def ask() -> None:
            while not over.is_set():
                self._window(found)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            yield found
        finally:
            over.set()
            asking.join()

    def _window(self, found: Windows) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "bench.checks", "--port", str(self.port), "--secret", self.secret, "--codes",
             str(self.codes), "--connections", str(CONNECTIONS), "--seconds", str(WINDOW_SECONDS)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        told = json.loads(done.stdout)
        found.p99_ms.append(told["p99_ms"])
        found.calls += told["calls"]


@contextmanager
def asking(secret: str, codes: Path) -> Iterator[Asking]:
    """The check service in processes of its own, and who asks it."""
    with served(SERVICE) as port:
        yield Asking(port, secret, codes)

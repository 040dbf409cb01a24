"""Taking the files in, each measured beside a bare copy of the same bytes; goes on where it was stopped.

Each line of `loaded.jsonl` is one file. What takes them in is `worker`.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.scale.size import Size
from xinheng.base.home import Home

PARTS = "parts"
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Loaded:
    """One file: its rows, how they ended, and what it cost. `before` is how many rows the ledger held already."""

    name: str
    type: str
    rows: int
    accepted: int
    rejected: int
    before: int
    bytes: int
    seconds: float
    cpu: float
    bare: float
    peak_gb: float
    memory: str
    counts: bool
    """Whether the figures may use it: no first small file of its type, and taken in here and now.

    Who changes the program halfway sets it to false by hand for the files that came in before.
    """


def loaded(folder: Path) -> list[Loaded]:
    """What was taken in so far."""
    path = folder / "loaded.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Loaded(**json.loads(line)) for line in lines]


def load(home: Home, size: Size, which: str, *, memory: str) -> None:
    """Take a group of files in, in a process of its own."""
    environment = {**os.environ, "XINHENG_ENGINE_MEMORY": memory}
    command = [sys.executable, "-m", "bench.scale.worker", str(home.root), str(size.rows), which]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)

"""Twenty-two indicators and the archive's totals over the whole ledger, by the engines and at two memory limits.

`python -m bench.scale.figuring HOME WHAT ENGINE MASTER MEMORY`: one of them in a process of its own, which prints its
seconds and its most memory.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import django.db

from bench.answers import differing, place
from bench.memory import most_memory_gb
from xinheng.base.home import Home
from xinheng.engines.duck import DEFAULT_MEMORY
from xinheng.engines.opening import DUCKDB, opened
from xinheng.site.boot import boot
from xinheng.site.database import bring_up, let_go

ROOT = Path(__file__).resolve().parent.parent.parent
TOTALS, INDICATORS = "totals", "indicators"
LITTLE = "2GB"
LOCAL, CLUSTER = "local[2]", "local-cluster[2,1,2048]"


@dataclass(frozen=True)
class Figured:
    """One question to one engine."""

    what: str
    engine: str
    memory: str
    seconds: float
    peak_gb: float
    rows: int
    same: bool | None = None
    """Whether the answer is that of DuckDB, row for row."""


def figure(home: Home, what: str, engine: str = DUCKDB, master: str = "", memory: str = DEFAULT_MEMORY) -> Figured:
    """Ask in a process of its own, and compare the answer with DuckDB's."""
    command = [sys.executable, "-m", "bench.scale.figuring", str(home.root), what, engine, master, memory]
    ran = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"{what} by {engine} {master}: {ran.stderr[-2000:]}")
    told = json.loads(ran.stdout.splitlines()[-1])
    ours, theirs = _place(home, what, DUCKDB, "", DEFAULT_MEMORY), _place(home, what, engine, master, memory)
    same = None if ours == theirs else not differing(ours, theirs)
    return Figured(what, f"{engine} {master}".strip(), memory, **told, same=same)


def _place(home: Home, what: str, engine: str, master: str, memory: str) -> Path:
    return place(home.root / "bench" / "answers", what, engine, master, memory)


def main() -> None:
    root, what, name, master, memory = sys.argv[1:]
    home = Home(Path(root))
    boot(home)
    out = _place(home, what, name, master, memory)
    shutil.rmtree(out, ignore_errors=True)
    os.environ["XINHENG_ENGINE_MEMORY"] = memory
    # Models can only be imported once Django is set up.
    asked = importlib.import_module("bench.scale.over_ledger").ASKED[what]
    try:
        bring_up(home)
        with opened(name, home.tmp, master=master or None) as engine:
            started = time.perf_counter()
            rows = asked(engine, home, out)
            seconds = time.perf_counter() - started
    finally:
        django.db.connections.close_all()
        let_go()
    print(json.dumps({"seconds": round(seconds, 2), "peak_gb": round(most_memory_gb(), 2), "rows": rows}))


if __name__ == "__main__":
    main()

"""All rows of one subject out of a large ledger: before and after gathering, and beside a ledger nobody sorted.

`python -m bench.lookup --rows 1000000 --home DIR`: batches are written as intake writes them and listed in the
manifest; run again with more rows it goes on where it stopped. The question is the product's own
(`ledger.queries.rows_of_subject`), with the manifest, the scope and the newest statement of each key.
"""

import argparse
import importlib
import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import connections, transaction

from xinheng.base.home import Home
from xinheng.engines.duck import Duck, duck
from xinheng.site.boot import boot
from xinheng.site.database import let_go

TYPES = (
    "social_security", "tax_payment", "housing_fund", "water_use", "electricity_use", "gas_use", "logistics",
    "ip_right", "env_subject_list", "licence", "penalty", "inspection",
)  # fmt: skip
ROWS_PER_SUBJECT = 70
"""As in the national publicity system: domain/10."""
WARM = 20
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Waits:
    """How long answers took, in milliseconds, and how many rows they had."""

    asked: int
    median: float
    p99: float
    worst: float
    rows: float


@dataclass(frozen=True)
class Result:
    """One run at one size."""

    rows: int
    subjects: int
    types: int
    batches: int
    bytes_per_row: float
    loose: Waits
    optimise_seconds: float
    optimise_steps: int
    files: int
    gathered: Waits
    unsorted_seconds: float
    times_faster: float
    load: tuple[float, float, float]
    machine: str


def main() -> None:
    """Grow the ledger to the size, ask, gather, ask again."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--batch", type=int, default=0, help="rows of a batch; default: 8 batches of each type")
    options.add_argument("--questions", type=int, default=300)
    options.add_argument("--home", type=Path, required=True)
    given = options.parse_args()
    home = Home(given.home.absolute())
    boot(home)
    try:
        # Models can only be imported once Django is set up, which `boot` has just done.
        importlib.import_module("bench.lookup_world").prepare(home)
        print(json.dumps(asdict(run(home, given.rows, given.batch, given.questions)), ensure_ascii=False, indent=1))
    finally:
        connections.close_all()
        let_go()


def run(home: Home, rows: int, batch: int, questions: int) -> Result:
    """Everything at one size; what an earlier run wrote is used."""
    world = importlib.import_module("bench.lookup_world")
    per_batch = batch or max(1, rows // len(TYPES) // 8)
    subjects = max(1, rows // ROWS_PER_SUBJECT)
    unsorted = home.root / "unsorted"
    while (written := world.batches_written()) * per_batch < rows:
        type = TYPES[written % len(TYPES)]
        with duck(home.tmp) as engine, transaction.atomic():
            world.write_batch(engine, home, unsorted, type=type, number=written, rows=per_batch, subjects=subjects)
    asked = random.Random(20261122).sample(range(1, subjects + 1), min(subjects, questions + WARM))  # noqa: S311 - to be repeated
    loose = _ask(world, home, asked)
    started = time.perf_counter()
    done = world.gather(home)
    seconds = time.perf_counter() - started
    gathered = _ask(world, home, asked)
    slow = _unsorted(home, unsorted, asked[WARM : WARM + 5])
    held = world.held_now()
    return Result(
        rows=held.rows,
        subjects=subjects,
        types=len(TYPES),
        batches=world.batches_written(),
        bytes_per_row=round(held.bytes / held.rows, 1),
        loose=loose,
        optimise_seconds=round(seconds, 1),
        optimise_steps=done.steps,
        files=held.files,
        gathered=gathered,
        unsorted_seconds=round(slow, 3),
        times_faster=round(slow * 1000 / gathered.median, 1),
        load=tuple(round(one, 1) for one in os.getloadavg()),  # type: ignore[arg-type]
        machine=f"{os.cpu_count()} cores, {platform.machine()}",
    )


def _ask(world: object, home: Home, subjects: Sequence[int]) -> Waits:
    waits, rows = [], []
    question: Callable[[Home, int, date], int] = world.rows_of  # type: ignore[attr-defined]
    for subject in subjects:
        started = time.perf_counter()
        rows.append(question(home, subject, TODAY))
        waits.append((time.perf_counter() - started) * 1000)
    waits, rows = sorted(waits[WARM:]), rows[WARM:]
    return Waits(
        asked=len(waits),
        median=round(statistics.median(waits), 1),
        p99=round(waits[int(len(waits) * 0.99)], 1),
        worst=round(waits[-1], 1),
        rows=round(statistics.mean(rows), 1),
    )


def _unsorted(home: Home, folder: Path, subjects: Sequence[int]) -> float:
    """Seconds for the same question to the same rows as they came, all files, warm."""
    files = [str(path) for path in sorted(folder.glob("*.parquet"))]
    with duck(home.tmp) as engine:
        waits = [_scan(engine, files, subject) for subject in subjects]
    return statistics.median(waits)


def _scan(engine: Duck, files: list[str], subject: int) -> float:
    started = time.perf_counter()
    engine.rows("SELECT * FROM read_parquet(?, union_by_name = true) WHERE subject_no = ?", [files, subject])
    return time.perf_counter() - started


def day_of(number: int) -> date:
    """A batch comes in each hour of its own day."""
    return TODAY - timedelta(days=1 + number % 300)


if __name__ == "__main__":
    main()

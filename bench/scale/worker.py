"""The worker that takes the files of a measurement in: a process of its own, whose memory is told.

`python -m bench.scale.worker HOME ROWS parts|large-0|large-1`; see `loading`. Each file is written, and its bare copy
timed, by yet another process just before.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import django.db

from bench.memory import most_memory_gb
from bench.scale.files import csv_of
from bench.scale.loading import PARTS, ROOT, Loaded, loaded
from bench.scale.size import Part, Size
from xinheng.base.home import Home
from xinheng.site.boot import boot
from xinheng.site.database import bring_up, let_go


def _chosen(size: Size, which: str) -> Sequence[Part]:
    if which == PARTS:
        return (*size.warm_parts(), *size.parts())
    return (size.large_parts()[int(which[-1])],)


def _take_in_all(folder: Path, size: Size, which: str) -> Iterator[Loaded]:
    # Models can only be imported once Django is set up.
    county = importlib.import_module("bench.scale.county")
    done = {one.name for one in loaded(folder)}
    for part in _chosen(size, which):
        if part.name in done:
            continue
        bare = _written(folder, size, part)
        path = csv_of(folder, part)
        before = county.rows_held()
        started, used = time.perf_counter(), time.process_time()
        delivery = county.take_in(path, part.type, county.sender())
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        yield Loaded(
            name=part.name, type=part.type, rows=part.rows, accepted=county.accepted(delivery),
            rejected=delivery.batch.rejected if delivery.batch else 0, before=before, bytes=path.stat().st_size,
            seconds=round(seconds, 2), cpu=round(cpu, 2), bare=round(bare, 3),
            peak_gb=round(most_memory_gb(), 2),
            memory=os.environ.get("XINHENG_ENGINE_MEMORY", ""),
            # A run that was killed had taken it in before: what was measured now is not what it costs.
            counts=part not in size.warm_parts() and county.rows_held() > before,
        )  # fmt: skip
        path.unlink()


def _written(folder: Path, size: Size, part: Part) -> float:
    """Write the file in another process; returns the seconds of the bare copy."""
    command = [sys.executable, "-m", "bench.scale.files", str(folder), str(size.rows), part.type, str(part.number)]
    ran = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    return float(ran.stdout)


def main() -> None:
    root, rows, which = sys.argv[1:]
    home = Home(Path(root))
    boot(home)
    folder = home.root / "bench"
    try:
        bring_up(home)
        for one in _take_in_all(folder, Size(int(rows)), which):
            with (folder / "loaded.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            print(
                f"{one.name}: {one.rows:,} rows in {one.seconds:.1f} s, {one.seconds / one.bare:.1f} x the bare copy, "
                f"{one.rejected:,} rejected, peak {one.peak_gb} GB",
                flush=True,
            )
    finally:
        django.db.connections.close_all()
        let_go()


if __name__ == "__main__":
    main()

"""The phases of the measurement in their order; each is kept when it is done."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from bench import pages
from bench.aggregation import WAYS, measure
from bench.report import put_section
from bench.scale import asking, county, figuring, loading, taking_in
from bench.scale.files import bare_of, organisations_file
from bench.scale.size import Size
from bench.scale.told import section
from xinheng.base.home import Home
from xinheng.engines.duck import DEFAULT_MEMORY
from xinheng.engines.opening import DUCKDB, SPARK, missing_for_spark

SMALL_MEMORY = "1GB"
COMPARED_ROWS, COMPARED_ORGANISATIONS = 7_000_000, 1_000_000
"""pandas holds all rows in memory, so that it is compared at this size at most."""
SUBJECTS, SUBJECTS_AT_FIRST = 300, 100
"""How many organisations are looked up."""
REQUESTS, REQUESTS_AT_FIRST = 200, 50
"""How often each kind of page is asked for."""


def run(home: Home, size: Size) -> None:
    """Run what is missing, then write the section of the report."""
    folder = home.root / "bench"
    county.prepare(home)
    folder.mkdir(exist_ok=True)
    kept = _Kept(folder / "measured.json", tell=lambda found: _tell(size, found, folder))
    kept.phase("organisations", lambda: county.register_organisations(folder, size))
    kept.phase("authorisations", county.authorise_everything)
    loading.load(home, size, loading.PARTS, memory=DEFAULT_MEMORY)
    loading.load(home, size, "large-0", memory=DEFAULT_MEMORY)
    loading.load(home, size, "large-1", memory=SMALL_MEMORY)
    subjects = SUBJECTS_AT_FIRST if size.first_look else SUBJECTS
    requests = REQUESTS_AT_FIRST if size.first_look else REQUESTS
    drawn = asking.drawn(subjects + asking.WARM)
    numbers, codes = [number for number, _ in drawn], [code for _, code in drawn]
    kept.phase("loose", lambda: asking.ask(home, numbers))
    kept.phase("unsorted", lambda: asking.scan(folder, codes))
    kept.phase("gathered", lambda: asking.gather(home))
    kept.phase("clustered", lambda: asking.ask(home, numbers))
    kept.phase("pages", lambda: [asdict(one) for one in pages.measure_home(home, requests)])
    _figures(home, size, folder, kept)


def _tell(size: Size, found: Mapping[str, Any], folder: Path) -> None:
    put_section(f"scale-{size.rows}", section(size, found, loading.loaded(folder)))


def _figures(home: Home, size: Size, folder: Path, kept: "_Kept") -> None:
    for what in (figuring.TOTALS, figuring.INDICATORS):
        kept.phase(what, lambda what=what: figuring.figure(home, what))
    kept.phase("indicators-little", lambda: figuring.figure(home, figuring.INDICATORS, memory=figuring.LITTLE))
    spark = not size.first_look and not missing_for_spark()
    if spark:
        _beside_spark(home, size, folder, kept)
    rows = min(size.rows, COMPARED_ROWS)
    ways = [way for way in WAYS if spark or not way.startswith(SPARK)]
    kept.phase("compared_rows", lambda: rows)
    organisations = COMPARED_ORGANISATIONS if rows == COMPARED_ROWS else size.organisations
    kept.phase("ways", lambda: [asdict(one) for one in measure(ways, folder / "facts", rows, organisations)])
    if not spark:
        why = "the county is too small for it" if size.first_look else f"this machine has no{missing_for_spark()}"
        print(f"Spark was left out: {why}", flush=True)


def _beside_spark(home: Home, size: Size, folder: Path, kept: "_Kept") -> None:
    for what in (figuring.TOTALS, figuring.INDICATORS):
        kept.phase(f"{what}-spark", lambda what=what: figuring.figure(home, what, SPARK, figuring.LOCAL))
    tables = taking_in.write_tables(folder, bare_of(folder, size.large_parts()[0]), organisations_file(folder, size))
    kept.phase("taking-in", lambda: taking_in.ask(tables, DUCKDB))
    kept.phase("taking-in-spark", lambda: taking_in.ask(tables, SPARK, figuring.LOCAL))
    kept.phase("taking-in-cluster", lambda: taking_in.ask(tables, SPARK, figuring.CLUSTER))


class _Kept:
    """What was measured, in a file that is written after each phase; the report tells as much as there is."""

    def __init__(self, path: Path, *, tell: Callable[[Mapping[str, Any]], None]) -> None:
        self.path, self.tell = path, tell
        self.found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def phase(self, name: str, work: Callable[[], Any]) -> None:
        """Do it unless it was done, and keep what it measured and how long it took."""
        if name in self.found:
            return
        started = time.perf_counter()
        measured = work()
        told = asdict(measured) if is_dataclass(measured) and not isinstance(measured, type) else measured
        self.found[name] = {"measured": told, "took": round(time.perf_counter() - started, 1)}
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps(self.found, ensure_ascii=False, indent=1), encoding="utf-8")
        partial.replace(self.path)
        self.tell(self.found)
        print(f"{name}: {json.dumps(self.found[name], ensure_ascii=False)}", flush=True)

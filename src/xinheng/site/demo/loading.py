"""`xinheng demo`: the fictional county's files, and a county that has taken all of them in."""

import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Annotated

from django.conf import settings
from typer import Option

from xinheng.audit.actions import seal, write_checkpoint
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC, Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.cli.output import AsJson, progress, say
from xinheng.effects.queries import counts
from xinheng.ledger.queries import BatchSummary, batches
from xinheng.site.demo.centre import let_one_organisation_in
from xinheng.site.demo.determinations import determine
from xinheng.site.demo.files import FilesInTheMaking, files_of, made_meanwhile
from xinheng.site.demo.following import live_through
from xinheng.site.demo.lane import Outcome, SecondLane
from xinheng.site.demo.measures import publish_measures
from xinheng.site.demo.special import authorise_and_use
from xinheng.site.demo.summary import Line, Loaded, read_loaded, report, write_loaded
from xinheng.site.demo.taking_in import moment_of, take_in
from xinheng.site.setting_up import DEMO, prepare_home, require_same_pack

PUBLISHED_BEFORE = timedelta(days=30)
"""The list of measures is a month old, so that measures of three weeks ago could rest on it."""


def load(
    scale: Annotated[float, Option("--scale", min=0.001, help="县的大小，1 为 5 万家单位、40 万条记录")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Set up the demo county and take in all its files; a loaded one is only summed up again."""
    home: Home = settings.HOME
    require_same_pack(home, DEMO)
    loaded = read_loaded(home) or _load(home, scale=scale, quiet=as_json)
    report(home, loaded, as_json=as_json)


def _load(home: Home, *, scale: float, quiet: bool) -> Loaded:
    started = time.monotonic()
    as_at = clock.today()
    folder = home.tmp / "demo-files"
    shutil.rmtree(folder, ignore_errors=True)
    if not quiet:
        say("正在生成演示县的报送文件，并逐个核对、收下……")
    refused = []
    with made_meanwhile(folder, scale=scale, as_at=as_at) as made, progress(quiet=quiet) as bar:
        rows = bar.add_task("收下报送文件", total=made.expected_rows)
        for file, reasons in _taken_in(home, made):
            refused += reasons
            bar.update(rows, advance=file.rows, description=f"收下 {file.path.stem[4:]}")
    shutil.rmtree(folder, ignore_errors=True)
    now = clock.now()
    publish_measures(now=now - PUBLISHED_BEFORE)
    let_one_organisation_in(home, now=now)
    authorise_and_use(home, now=now)
    determine(home, now=now)
    live_through(home, now=now)
    seal(now=now)
    write_checkpoint(home=home, now=now)
    loaded = _summary(as_at, round(time.monotonic() - started), refused)
    write_loaded(home, loaded)
    return loaded


def _taken_in(home: Home, made: FilesInTheMaking) -> Iterator[Outcome]:
    """Take everything in: first who is registered, then two lanes side by side."""
    first, second = made.lanes
    files = files_of(first)
    registry = next(files)
    prepare_home(home, pack=DEMO, now=moment_of(registry))
    lane = SecondLane(home, second)
    try:
        for file in chain([registry], files):
            if file.type != registry.type:
                lane.go()
            yield file, take_in(file)
            yield from lane.so_far()
        lane.go()
        made.require_whole()
        yield from lane.outcomes()
    finally:
        lane.stop()


def _summary(as_at: date, seconds: int, refused: list[str]) -> Loaded:
    contracts = load_contracts(DEMO)
    by_type: dict[str, list[BatchSummary]] = {}
    for batch in batches(Scope(), limit=10_000):
        by_type.setdefault(batch.type, []).append(batch)
    shown = counts(PUBLIC, as_at=as_at)
    return Loaded(
        as_at=as_at.isoformat(),
        seconds=seconds,
        organisations=shown.organisations,
        published=sum(shown.by_type.values()),
        lines=tuple(_line(key, contracts[key].title, found) for key, found in sorted(by_type.items())),
        refused=tuple(refused),
    )


def _line(key: str, title: str, found: list[BatchSummary]) -> Line:
    return Line(
        type=key,
        title=title,
        files=len(found),
        rows=sum(batch.rows for batch in found),
        accepted=sum(batch.accepted for batch in found),
        amended=sum(batch.amended for batch in found),
        unchanged=sum(batch.unchanged for batch in found),
        rejected=sum(batch.rejected for batch in found),
    )

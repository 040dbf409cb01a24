"""All rows of one organisation: before and after gathering, and beside the same rows as they came."""

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.generate import engine
from bench.scale.county import sender
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.ledger.actions import optimise
from xinheng.ledger.queries import holdings, rows_of_subject
from xinheng.register.models import Organisation
from xinheng.site.setting_up import DEMO

SEED = 20261122
WARM, SCANS = 20, 5


@dataclass(frozen=True)
class Waits:
    """How long answers took, in milliseconds, and how many rows they had on average."""

    asked: int
    median: float
    p99: float
    worst: float
    rows: float


@dataclass(frozen=True)
class Gathered:
    """What `xinheng ledger optimize --all` did."""

    seconds: float
    steps: int
    rows: int
    files: int
    bytes: int


def drawn(count: int) -> list[tuple[int, str]]:
    """So many organisations (number, code) by chance, always the same."""
    known = list(Organisation.objects.exclude(credit_code="").order_by("pk").values_list("pk", "credit_code"))
    return random.Random(SEED).sample(known, min(count, len(known)))  # noqa: S311 - to be repeated, no secret


def ask(home: Home, organisations: Sequence[int]) -> Waits:
    """The product's own question, warm."""
    scope, today = Scope(region=sender().region.code), clock.today()
    waits, rows = [], []
    for number in organisations:
        started = time.perf_counter()
        rows.append(len(rows_of_subject(scope, [number], home=home, as_at=today)))
        waits.append((time.perf_counter() - started) * 1000)
    waits, rows = sorted(waits[WARM:]), rows[WARM:]
    return Waits(
        asked=len(waits),
        median=round(statistics.median(waits), 1),
        p99=round(waits[int(len(waits) * 0.99)], 1),
        worst=round(waits[-1], 1),
        rows=round(statistics.mean(rows), 1),
    )


def gather(home: Home) -> Gathered:
    """As `xinheng ledger optimize --all`."""
    started = time.perf_counter()
    done = optimise(home=home, by=Actor.system("测速"), clock=clock.now, everything=True)
    seconds = time.perf_counter() - started
    held = holdings(Scope(region=sender().region.code))
    return Gathered(
        seconds=round(seconds, 1),
        steps=done.steps,
        rows=sum(one.rows for one in held),
        files=sum(one.files for one in held),
        bytes=sum(one.bytes for one in held),
    )


def scan(folder: Path, codes: Sequence[str]) -> float:
    """Milliseconds for all rows of one code out of the bare copies of all files, warm: the median of a few."""
    connection = engine()
    contracts = load_contracts(DEMO)
    places = sorted((folder / "unsorted").iterdir())
    waits = []
    for code in codes[: SCANS + 1]:
        started = time.perf_counter()
        for place in places:
            column = contracts[place.name].roles.subject_code
            connection.execute(f"SELECT * FROM read_parquet('{place}/*.parquet') WHERE \"{column}\" = ?", [code])
            connection.fetchall()
        waits.append((time.perf_counter() - started) * 1000)
    return statistics.median(waits[1:])

"""How fast one large penalty file goes in, beside the bare tools on the same bytes in the same run.

The ledger part is everything from the delivered file to the finished ledger files; the register part is what
happens in PostgreSQL: records, links, effects, reviews and audit. Search tokens are reported apart.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.bare import copy_into_twin, csv_to_parquet
from bench.frictionless_rules import check
from bench.generate import write_organisations, write_penalties
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.demo.texts import read_departments
from xinheng.intake.actions import committing, processing
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.models import Delivery
from xinheng.ledger.models import Channel
from xinheng.people.models import Department
from xinheng.register.actions.batch import RECORD_COLUMNS

BY = Actor.system("测速")
ORGANISATIONS = 50_000
WARM_ROWS = 25_000
"""Enough rows for the set-based path, so that its SQL is planned as in a worker that has been running."""
FRICTIONLESS_ROWS = 20_000
REGISTER_STEPS = ("_write_register", "end_for_versions", "publish_batch", "_finish")
CHECK_STEPS = ("open_file", "land", "open_rows", "put_back_sealed_cells", "judge")
"""What frictionless does too, over the same file: reading it and saying of every row what is wrong."""


@dataclass(frozen=True)
class Figures:
    """Seconds of one run, and the bars they are held against."""

    rows: int
    whole: float
    ledger: float
    register: float
    tokens: float
    checked: float
    bare_parquet: float
    bare_copy: float
    frictionless_rows_per_second: float

    def lines(self) -> list[tuple[str, str, str]]:
        """(what, measured, bar) for the table."""
        speed = self.rows / self.whole
        return [
            ("收入一个文件", f"{self.whole:.1f} s，{speed:,.0f} 行/s", ""),
            ("账本部分 ÷ 裸 CSV→Parquet", f"{self.ledger / self.bare_parquet:.1f} 倍（{self.ledger:.1f} s）", "≤ 5 倍"),
            ("登记部分 ÷ 裸 COPY", f"{self.register / self.bare_copy:.1f} 倍（{self.register:.1f} s）", "≤ 6 倍"),
            ("检索词", f"{self.tokens:.1f} s", "另计"),
            (
                "读入并核对（全部规则）的行/s ÷ frictionless（规则的一部分）",
                f"{self.rows / self.checked / self.frictionless_rows_per_second:.1f} 倍（{self.checked:.1f} s）",
                "≥ 6 倍",
            ),
            ("收入全程的行/s ÷ frictionless", f"{speed / self.frictionless_rows_per_second:.1f} 倍", ""),
        ]


def measure_intake(home: Home, owner: Any, *, rows: int, folder: Path) -> Figures:
    """Take in organisations, a warm-up file and `rows` penalties; `owner` is a connection that may make tables."""
    folder.mkdir(parents=True, exist_ok=True)
    market = Department.objects.select_related("region").get(code=read_departments()["县市监局"].code)
    take_in(write_organisations(folder, count=ORGANISATIONS), "organisation", market)
    take_in(write_penalties(folder, rows=WARM_ROWS, organisations=ORGANISATIONS), "penalty", market)
    source = write_penalties(folder, rows=rows, organisations=ORGANISATIONS)
    bare_parquet = csv_to_parquet(source, folder / "bare.parquet")
    spent: dict[str, float] = defaultdict(float)
    with _timed(spent):
        started = time.perf_counter()
        delivery = take_in(source, "penalty", market)
        whole = time.perf_counter() - started
    if delivery.batch is None:
        raise RuntimeError(f"{delivery.message}{delivery.advice}")
    register = sum(spent[step] for step in REGISTER_STEPS)
    bare_copy = copy_into_twin(
        owner, "register_record", folder, columns=RECORD_COLUMNS, where=f"batch_no = {delivery.batch.number}"
    )
    speed = check(source, rows=FRICTIONLESS_ROWS, folder=folder)
    return Figures(
        rows=rows,
        whole=whole,
        ledger=whole - register - spent["count_tokens"],
        register=register,
        tokens=spent["count_tokens"],
        checked=sum(spent[step] for step in CHECK_STEPS),
        bare_parquet=bare_parquet,
        bare_copy=bare_copy,
        frictionless_rows_per_second=speed.rows_per_second,
    )


def take_in(path: Path, type: str, department: Department) -> Delivery:
    """Receive and work through one file, as the worker does."""
    sender = Sender(department, Channel.COMMAND, BY)
    (delivery,) = receive(path=path, file_name=path.name, type=type, sender=sender, now=clock.now())
    return processing.process(delivery_id=delivery.pk, by=BY, clock=clock.now)


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    """Add up the seconds of single steps while the real functions run."""
    steps = [(committing, name) for name in REGISTER_STEPS]
    steps += [(processing, name) for name in (*CHECK_STEPS, "count_tokens")]
    patches = [patch.object(module, name, _stopwatch(getattr(module, name), name, spent)) for module, name in steps]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def _stopwatch(function: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent[name] += time.perf_counter() - started

    return timed

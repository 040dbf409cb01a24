"""How fast what follows from lists is worked through, and how fast it is all taken back.

One entry with ten measures and forty tasks; then a list of many entries with three measures, eight tasks and two
recipients each: listed and noticed, served, carried out, withdrawn. The demo county's list is widened to these
numbers for the run; everything else is the product.
"""

import csv
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection

from bench.generate import write_organisations
from bench.intake import take_in
from bench.meanwhile import CONNECTIONS, Windows, asking
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.demo.texts import read_departments
from xinheng.effects.actions import hand_over, named_recipient, sequence_feed
from xinheng.effects.models import Effect, RecipientKind, Retraction, ServiceMethod
from xinheng.measures import reading
from xinheng.measures.actions import confirm_list, propose_list, serve_notices
from xinheng.measures.engine import follow
from xinheng.measures.models import MeasureTask, Notice, TaskState
from xinheng.measures.rules import Edition
from xinheng.people.actions import create_api_client
from xinheng.people.models import Department, User
from xinheng.register.models import Record

PACK, EDITION, LIST, TITLE = "demo", "demo-2026", "L04", "市场监督管理严重违法失信名单"
ENTRIES = 20_000
SINGLE = 7
"""Entries worked through one by one; the first two warm up."""
WARM = 2
OFFICERS = ("lin.xinyu", "zhou.ming")
RECIPIENTS = ("上级平台（测速）", "政务服务平台（测速）")


@dataclass(frozen=True)
class Width:
    """How many measures follow from an entry, and how many departments carry each out."""

    executors: tuple[int, ...]

    @property
    def tasks(self) -> int:
        return sum(self.executors)


ONE, MANY = Width((4,) * 10), Width((3, 3, 2))


@dataclass(frozen=True)
class Listed:
    """Seconds of one run."""

    one: float
    entries: int
    listed: float
    served: float
    withdrawn: float
    closed: float
    retractions: int
    idle: Windows
    """Checks before the removal, and beside it."""
    beside: Windows

    def lines(self) -> list[tuple[str, str, str]]:
        """(what, measured, bar) for the table."""
        number = f"{self.entries:,} 条"
        return [
            (f"一条列入，{len(ONE.executors)} 项措施、{ONE.tasks} 个任务（含送达）", f"{self.one:.2f} s", "< 1 s"),
            (f"{number}列入：生效、写告知书", f"{self.listed:.1f} s", ""),
            (f"{number}送达：{len(MANY.executors)} 项措施生效、派 {MANY.tasks} 个任务", f"{self.served:.1f} s", ""),
            (
                f"{number}撤回：全部终止，通知 {self.retractions:,} 次，关闭任务",
                f"{self.withdrawn + self.closed:.1f} s（收文件 {self.withdrawn:.1f} s）",
                "< 120 s",
            ),
            (
                f"撤回时的核查（{CONNECTIONS} 个连接不停地问，每 5 秒的 p99 取中位数）",
                f"{self.beside.typical:.0f} ms，平时 {self.idle.typical:.0f} ms："
                f"{self.beside.typical / self.idle.typical:.1f} 倍（其间答复 {self.beside.calls:,} 次）",
                "≤ 2 倍",
            ),
        ]


def measure_listing(folder: Path, *, entries: int = ENTRIES) -> Listed:
    """List, serve and withdraw in the home Django is set up for, which has its departments and officers."""
    folder.mkdir(parents=True, exist_ok=True)
    market = Department.objects.select_related("region").get(code=read_departments()["县市监局"].code)
    organisations = write_organisations(folder, count=entries + SINGLE)
    take_in(organisations, "organisation", market)
    subjects = _subjects(organisations)
    with widened(ONE):
        one = statistics.median([_work_one(folder, subjects[n], market) for n in range(SINGLE)][WARM:])
    with widened(MANY):
        return _work_many(folder, subjects[SINGLE:], market, one)


def _work_one(folder: Path, subject: tuple[str, str], market: Department) -> float:
    """Seconds from the event of one entry to its notice, and from its service to the last task."""
    take_in(_entries(folder, [subject], market), "serious_list", market)
    sequence_feed(now=clock.now())
    took = _seconds(lambda: follow(now=clock.now()))
    return took + _seconds(_serve_all)


def _work_many(folder: Path, subjects: Sequence[tuple[str, str]], market: Department, one: float) -> Listed:
    take_in(_entries(folder, subjects, market), "serious_list", market)
    sequence_feed(now=clock.now())
    listed = _seconds(lambda: follow(now=clock.now()))
    served = _seconds(_serve_all)
    sequence_feed(now=clock.now())
    follow(now=clock.now())
    _require(MeasureTask.objects.exclude(state=TaskState.CLOSED).count() >= len(subjects) * MANY.tasks, "tasks")
    _hand_over(market)
    back = _entries(folder, subjects, market, operation="撤回", reason="列入决定被撤销")
    codes = [code for _, code in subjects]
    asked = folder / "asked"
    asked.write_text("\n".join(codes), encoding="ascii")
    _, secret = create_api_client(
        name="办事大厅（测速）", department=market, scopes=("check",), by=Actor.system("测速"), now=clock.now()
    )
    with asking(secret, asked) as callers:
        idle = callers.idle()
        with callers.beside() as beside:
            withdrawn = _seconds(lambda: take_in(back, "serious_list", market))
            sequence_feed(now=clock.now())
            closed = _seconds(lambda: follow(now=clock.now()))
    records = Record.objects.filter(type="serious_list", subject_code__in=codes).values("pk")
    alive = Effect.objects.filter(record_id__in=records, ended_at=None).count()
    open_tasks = MeasureTask.objects.filter(credit_code__in=codes).exclude(state=TaskState.CLOSED).count()
    told = Retraction.objects.count()
    _require(alive == open_tasks == 0 and told >= len(subjects) * len(RECIPIENTS), "everything taken back")
    return Listed(one, len(subjects), listed, served, withdrawn, closed, told, idle, beside)


@contextmanager
def widened(width: Width) -> Iterator[None]:
    """The demo county's list of measures with so many measures and departments, published by two officers."""
    read = reading._read_edition

    def wider(*given: Any) -> Edition:
        edition = read(*given)
        return _widen(edition, width) if edition.key == EDITION else edition

    with patch.object(reading, "_read_edition", wider):
        reading.load_editions.cache_clear()
        try:
            first, second = (User.objects.select_related("region").get(username=name) for name in OFFICERS)
            proposal = propose_list(edition=EDITION, pack=PACK, by=first, now=clock.now())
            confirm_list(publication=proposal.pk, pack=PACK, by=second, now=clock.now())
            yield
        finally:
            reading.load_editions.cache_clear()


def _widen(edition: Edition, width: Width) -> Edition:
    """Copies of the measures that the list triggers instead of these, with departments to carry them out."""
    following = [one for one in edition.measures if LIST in one.list_keys]
    codes = sorted(one.code for one in read_departments().values())
    made = [
        replace(following[place % len(following)], key=f"B-{place + 1}", executors=tuple(codes[:count]))
        for place, count in enumerate(width.executors)
    ]
    idle = [replace(one, execute=False) for one in edition.measures]
    wider = replace(edition, measures=(*idle, *made))
    return replace(wider, digest=reading.digest_of(wider))


def _serve_all() -> None:
    waiting = list(Notice.objects.filter(closed_at=None, service_id=None).values_list("pk", flat=True))
    officer = User.objects.select_related("region").get(username=OFFICERS[0])
    serve_notices(
        notices=waiting, method=ServiceMethod.DIRECT, served_on=clock.today(), evidence="送达回证（测速）", by=officer,
        now=clock.now(),
    )  # fmt: skip


def _hand_over(market: Department) -> None:
    """Two recipients hold every entry, as after a night's push."""
    entries = Record.objects.filter(type="serious_list", known_to=None, withdrawn=False)
    numbers = list(entries.order_by("pk").values_list("pk", flat=True))
    officer = User.objects.select_related("region").get(username=OFFICERS[0])
    for name in RECIPIENTS:
        recipient = named_recipient(region=market.region, kind=RecipientKind.UPPER_PLATFORM, name=name, now=clock.now())
        hand_over(recipient=recipient, title="名单信息", record_ids=numbers, by=Actor.of(officer), now=clock.now())


def _subjects(organisations: Path) -> list[tuple[str, str]]:
    with organisations.open(encoding="utf-8", newline="") as file:
        return [(row["企业名称"], row["统一社会信用代码"]) for row in csv.DictReader(file)]


def _entries(
    folder: Path, subjects: Sequence[tuple[str, str]], market: Department, *, operation: str = "", reason: str = ""
) -> Path:
    """A file of the list as the market authority sends it."""
    day = clock.today() - timedelta(days=20)
    until = date(day.year + 3, day.month, day.day) - timedelta(days=1)
    path = folder / f"list-{len(subjects)}-{subjects[0][1]}{operation}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for name, code in subjects:
            writer.writerow(
                (
                    name, "法人及非法人组织", code, "某甲乙", LIST, TITLE, f"云市监列〔2026〕{code[-9:]}号",
                    "提交虚假材料取得许可", day.isoformat(), day.isoformat(), until.isoformat(), market.name,
                    market.code, market.name, market.code, operation, reason,
                )
            )  # fmt: skip
    return path


HEADERS = (
    "行政相对人名称", "行政相对人类别", "统一社会信用代码", "法定代表人", "名单代码", "名单名称", "认定文书号",
    "列入事由和依据", "认定日期", "列入起始日期", "预定移出日期", "认定单位", "认定单位统一社会信用代码",
    "数据来源单位", "数据来源单位统一社会信用代码", "数据操作", "撤回原因",
)  # fmt: skip


def _seconds(act: Callable[[], object]) -> float:
    connection.ensure_connection()
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _require(holds: bool, what: str) -> None:
    """A figure about something that did not happen is worth nothing."""
    if not holds:
        raise SystemExit(f"bench.listing: {what}: not as expected")

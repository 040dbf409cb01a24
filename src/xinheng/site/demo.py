"""`xinheng demo`: the fictional county's files, and a county that has taken all of them in."""

import json
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import date, datetime
from datetime import time as day_time
from typing import Annotated, Any

from django.conf import settings
from typer import Option

from xinheng.audit.actions import seal, write_checkpoint
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC, Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.cli.output import AsJson, print_json, print_table, progress, say
from xinheng.demo.county import DemoFile
from xinheng.effects.queries import counts
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.jobs import submit, work_on
from xinheng.intake.models import DeliveryState
from xinheng.ledger.models import Channel
from xinheng.ledger.queries import BatchSummary, batches
from xinheng.people.models import Department
from xinheng.site.demo_files import made_meanwhile
from xinheng.site.setting_up import DEMO, demo_logins, prepare_home, print_logins, require_same_pack

LOADED_FILE = "demo.json"
OPENS = day_time(9, 0)
ADDRESS = "http://127.0.0.1:8000"
_COLUMNS = ("类型", "文件", "记录", "收下", "更正或撤回", "重复", "需改正")
_COUNTED = ("files", "rows", "accepted", "amended", "unchanged", "rejected")


@dataclass(frozen=True)
class Line:
    """How the files of one record type came out."""

    type: str
    title: str
    files: int
    rows: int
    accepted: int
    amended: int
    unchanged: int
    rejected: int


@dataclass(frozen=True)
class Loaded:
    """What was loaded and how long it took."""

    as_at: str
    seconds: int
    organisations: int
    published: int
    lines: tuple[Line, ...]
    refused: tuple[str, ...]


def load(
    scale: Annotated[float, Option("--scale", min=0.001, help="县的大小，1 为 5 万家单位、40 万条记录")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Set up the demo county and take in all its files; a loaded one is only summed up again."""
    home: Home = settings.HOME
    require_same_pack(home, DEMO)
    loaded = _read(home) or _load(home, scale=scale, quiet=as_json)
    if as_json:
        print_json({**asdict(loaded), "logins": demo_logins(home)})
        return
    _print(loaded, home)


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
        for number, file in enumerate(made.files()):
            moment = datetime.combine(file.delivered_on, OPENS, clock.SHANGHAI)
            if number == 0:
                prepare_home(home, pack=DEMO, now=moment)
            refused += _take_in(file, moment)
            file.path.unlink()
            bar.update(rows, advance=file.rows, description=f"收下 {file.path.stem[4:]}")
    shutil.rmtree(folder, ignore_errors=True)
    now = clock.now()
    seal(now=now)
    write_checkpoint(home=home, now=now)
    loaded = _summary(as_at, round(time.monotonic() - started), refused)
    (home.root / LOADED_FILE).write_text(json.dumps(asdict(loaded), ensure_ascii=False, indent=1), encoding="utf-8")
    return loaded


def _take_in(file: DemoFile, moment: datetime) -> list[str]:
    """Receive and process one file on the day it was handed in; returns sentences on what was refused."""
    by = Actor.system("演示数据")
    sender = Sender(Department.objects.select_related("region").get(code=file.department), Channel.COMMAND, by)
    refused = []
    for delivery in submit(path=file.path, file_name=file.path.name, type=file.type, sender=sender, now=moment):
        done = work_on(delivery_id=delivery.pk, by=by, clock=lambda: moment)
        if done.state != DeliveryState.DONE:
            refused.append(f"{done.file_name}：{done.message}{done.advice}")
    return refused


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


def _read(home: Home) -> Loaded | None:
    path = home.root / LOADED_FILE
    if not path.exists():
        return None
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    stored["lines"] = tuple(Line(**line) for line in stored["lines"])
    stored["refused"] = tuple(stored["refused"])
    return Loaded(**stored)


def _print(loaded: Loaded, home: Home) -> None:
    total = Line(
        type="",
        title="合计",
        **{name: sum(getattr(line, name) for line in loaded.lines) for name in _COUNTED},
    )
    rows = [(line.title, *(getattr(line, name) for name in _COUNTED)) for line in (*loaded.lines, total)]
    print_table(_COLUMNS, rows, title="云屿县（虚构）各部门报送情况")
    day = clock.format_date(date.fromisoformat(loaded.as_at))
    say(
        f"{loaded.organisations:,} 家单位，{loaded.published:,} 条信息正在公示。{day}建立，用时 {loaded.seconds} 秒。",
        *loaded.refused,
        "",
        f"公示网站  {ADDRESS}/",
        f"查询      {ADDRESS}/search?q=云屿",
        f"工作台    {ADDRESS}/desk/",
        f"接口说明  {ADDRESS}/api/v1/openapi.json",
    )
    print_logins(demo_logins(home), home)

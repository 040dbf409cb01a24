"""`xinheng demo`: the fictional county's files, and a county that has taken all of them in."""

import shutil
import time
from datetime import date, datetime
from datetime import time as day_time
from typing import Annotated

from django.conf import settings
from typer import Option

from xinheng.audit.actions import seal, write_checkpoint
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC, Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.cli.output import AsJson, progress, say
from xinheng.demo.county import DemoFile
from xinheng.effects.queries import counts
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.jobs import submit, work_on
from xinheng.intake.models import DeliveryState
from xinheng.ledger.models import Channel
from xinheng.ledger.queries import BatchSummary, batches
from xinheng.people.models import Department
from xinheng.site.demo_files import made_meanwhile
from xinheng.site.demo_summary import Line, Loaded, read_loaded, report, write_loaded
from xinheng.site.setting_up import DEMO, prepare_home, require_same_pack

OPENS = day_time(9, 0)


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
    write_loaded(home, loaded)
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

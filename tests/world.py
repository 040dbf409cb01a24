"""A small county for tests, built through the real actions: departments, officers, law, and files they send."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from xinheng.audit.actor import Actor
from xinheng.base.clock import SHANGHAI
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.actions.processing import process
from xinheng.intake.models import Delivery
from xinheng.law.actions import sync_register
from xinheng.ledger.models import Batch, Channel
from xinheng.people.actions import NewDepartment, NewOfficer, NewRegion, set_up_county
from xinheng.people.models import Department, Region, Role, User
from xinheng.vault.keys import ensure_master_key

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
SYSTEM = Actor.system("测试")
PASSWORD = "云屿-海风-4721"
OFFICE = NewDepartment("1199000100000137X5", "云屿县发展和改革局", "县发改局", telephone="0990-0001011")
MARKET = NewDepartment("119900010000084085", "云屿县市场监督管理局", "县市场监管局", address="云屿县信义路1号")
SCHOOLS = NewDepartment("11990001000001740Y", "云屿县教育局", "县教育局", hold_before_publication=True)


@dataclass
class World:
    """One county with its departments and officers, and short ways to send files."""

    home: Home
    region: Region
    now: datetime = NOW
    sent: int = field(default=0)

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region.code)

    def department(self, code: str) -> Department:
        return Department.objects.get(code=code)

    def officer(self, username: str) -> User:
        return User.objects.get(username=username)

    def deliver(
        self, content: str | bytes | Path, type: str, *, department: str = MARKET.code, name: str = "数据.csv",
        channel: Channel = Channel.COMMAND, now: datetime | None = None,
    ) -> Delivery:  # fmt: skip
        """Send one file and process it; the delivery shows what came of it."""
        moment = now or self.now
        path = content if isinstance(content, Path) else self._file(content)
        sender = Sender(self.department(department), channel, SYSTEM)
        (delivery,) = receive(path=path, file_name=name, type=type, sender=sender, now=moment)
        return process(delivery_id=delivery.pk, by=SYSTEM, clock=lambda: moment)

    def batch(self, content: str | bytes | Path, type: str, **options: object) -> Batch:
        """Send one file that must go through; the batch it became."""
        delivery = self.deliver(content, type, **options)  # type: ignore[arg-type]
        assert delivery.batch is not None, f"{delivery.message}{delivery.advice}"
        return delivery.batch

    def _file(self, content: str | bytes) -> Path:
        self.sent += 1
        path = self.home.tmp / f"sent-{self.sent}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as CSV text; the columns are those of the first row."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def build_world(home: Home) -> World:
    """The county on 2026-11-21, empty of records."""
    ensure_master_key(home)
    officers = [
        NewOfficer("gu.anlan", "顾安澜", OFFICE.code, PASSWORD, (Role.ADMINISTRATOR,)),
        NewOfficer("lin.xinyu", "林信予", OFFICE.code, PASSWORD, (Role.CREDIT_OFFICE,)),
        NewOfficer("zhou.ming", "周明", OFFICE.code, PASSWORD, (Role.CREDIT_OFFICE,)),
        NewOfficer("he.shuo", "何朔", MARKET.code, PASSWORD, (Role.COLLECTOR, Role.REVIEWER)),
    ]
    region = set_up_county(
        region=NewRegion("990001", "演示省幻海市云屿县", "云屿县"),
        departments=[OFFICE, MARKET, SCHOOLS],
        officers=officers,
        now=NOW,
    )
    sync_register(pack=settings.PACK, by=SYSTEM, now=NOW)
    return World(home, region)

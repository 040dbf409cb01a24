"""A county with a published list of measures, entries of the market authority's list, and the officers they concern."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.intake.intake_rows import MILL, MILL_NAME, SHOP, SHOP_NAME, organisation
from tests.world import MARKET, NOW, OFFICE, World, table

from xinheng.audit.actor import Actor
from xinheng.effects.actions import sequence_feed
from xinheng.effects.models import Effect, ServiceMethod
from xinheng.measures.actions import confirm_list, propose_list, serve_notices
from xinheng.measures.engine import Worked, follow, work_through
from xinheng.measures.models import MeasureTask, Notice
from xinheng.people.models import User
from xinheng.register.models import Record

TODAY = NOW.date()


def entry(number: int = 3, code: str = SHOP, name: str = SHOP_NAME, **facts: str) -> dict[str, str]:
    """One row of a list as the market authority sends it."""
    return {
        "行政相对人名称": name, "行政相对人类别": "法人及非法人组织", "统一社会信用代码": code, "法定代表人": "某甲乙",
        "名单代码": "L04", "名单名称": "市场监督管理严重违法失信名单", "认定文书号": f"云市监列〔2026〕{number}号",
        "列入事由和依据": "提交虚假材料取得许可", "认定日期": "2026-11-02", "列入起始日期": "2026-11-02",
        "预定移出日期": "2029-11-01", "认定单位": MARKET.name, "认定单位统一社会信用代码": MARKET.code,
        "数据来源单位": MARKET.name, "数据来源单位统一社会信用代码": MARKET.code, "数据操作": "", "撤回原因": "",
    } | facts  # fmt: skip


@dataclass
class Engine:
    """The county and short ways to let the engine run and to say what officers say."""

    world: World

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def clerk(self) -> User:
        return self.world.officer("lin.xinyu")

    @property
    def market(self) -> User:
        return self.world.officer("he.shuo")

    def later(self, days: int) -> None:
        self.world.now = self.world.now + timedelta(days=days)

    def publish_measures(self) -> None:
        """The county's list of measures, published by two persons."""
        proposal = propose_list(edition="demo-2026", pack="demo", by=self.clerk, now=self.now)
        confirm_list(publication=proposal.pk, pack="demo", by=self.world.officer("zhou.ming"), now=self.now)

    def deliver(self, *rows: dict[str, str]) -> None:
        self.world.batch(table(rows), "serious_list")

    def run(self) -> Worked:
        """What the worker does within seconds."""
        sequence_feed(now=self.now)
        return follow(now=self.now)

    def sweep(self) -> Worked:
        return work_through(record_nos=None, now=self.now)

    def notice(self) -> Notice:
        return Notice.objects.get(closed_at=None)

    def serve(self, *, on: date | None = None) -> None:
        serve_notices(
            notices=[one.pk for one in Notice.objects.filter(closed_at=None, service_id=None)],
            method=ServiceMethod.DIRECT, served_on=on or self.now.date(), evidence="送达回证12号", by=self.clerk,
            now=self.now,
        )  # fmt: skip

    def record(self, code: str = SHOP) -> Record:
        return Record.objects.get(type="serious_list", subject_code=code, known_to=None)

    def effects(self, kind: str, code: str = SHOP) -> list[Effect]:
        return list(Effect.objects.filter(kind=kind, record_id=self.record(code).pk, ended_at=None).order_by("pk"))

    def task(self) -> MeasureTask:
        return MeasureTask.objects.filter(department=self.world.department(MARKET.code)).order_by("pk")[0]


def build(world: World) -> Engine:
    """Two companies in the register, no entries yet, the list of measures published."""
    world.batch(table([organisation(), organisation(MILL, MILL_NAME)]), "organisation")
    made = Engine(world)
    made.publish_measures()
    return made


__all__ = [
    "MARKET",
    "MILL",
    "MILL_NAME",
    "NOW",
    "OFFICE",
    "SHOP",
    "SHOP_NAME",
    "TODAY",
    "Actor",
    "Engine",
    "build",
    "entry",
]

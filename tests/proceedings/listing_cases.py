"""Two departments that may put a subject on a list, each with a clerk and two deciders, and the way through a case."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.intake.intake_rows import SHOP, organisation, penalty
from tests.proceedings.cases import PDF
from tests.world import MARKET, PASSWORD, SYSTEM, World, table

from xinheng.base.identifiers import citizen_number
from xinheng.effects.actions import sequence_feed
from xinheng.effects.models import Effect
from xinheng.measures.engine import Worked, follow
from xinheng.people.actions import create_department, create_officer
from xinheng.people.models import Role, User
from xinheng.proceedings.actions import (
    Upload,
    add_attachment,
    confirm,
    look_for_fallen_grounds,
    move,
    open_determination,
    open_removal,
    propose,
)
from xinheng.proceedings.determined import NamedPerson
from xinheng.proceedings.models import Case, ListDetermination
from xinheng.register.models import Record

LABOUR, LABOUR_NAME = "11990001000004335C", "云屿县人力资源和社会保障局"
NAME, NUMBER = "慕容霜降", citizen_number.complete("990001900307003")
BOSS = NamedPerson("法定代表人", NAME, NUMBER)
FACTS = {"ground": "L04", "facts": "拒不召回不合格食品，情节严重", "article": "《演示省社会信用条例（虚构）》第十八条"}
WAGES = {"ground": "L03", "facts": "拖欠工资，责令支付逾期未支付", "article": "《演示省社会信用条例（虚构）》第十八条"}
SERVED = {"served_how": "mail", "evidence": "邮件单号 5512"}
CLERKS = {MARKET.code: "he.shuo", LABOUR: "tao.ran"}
DECIDERS = {MARKET.code: ("song.yu", "pei.lan"), LABOUR: ("bai.chen", "yu.heng")}


@dataclass
class Listing:
    """The county and the way through a determination."""

    world: World
    code: str = MARKET.code

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def today(self) -> date:
        return self.world.now.date()

    @property
    def clerk(self) -> User:
        return self.world.officer(CLERKS[self.code])

    @property
    def deciders(self) -> tuple[User, User]:
        first, second = (self.world.officer(name) for name in DECIDERS[self.code])
        return first, second

    def later(self, days: int) -> None:
        self.world.now = self.world.now + timedelta(days=days)

    def fine(self, number: int | str = 1, *, wan: str = "60", **more: str) -> Record:
        """A penalty of the department at hand; sixty times ten thousand yuan unless said otherwise."""
        name = self.world.department(self.code).name
        of = {"处罚机关": name, "处罚机关统一社会信用代码": self.code, "数据来源单位": name}
        row = penalty(number, **{"罚款金额(万元)": wan, "数据来源单位统一社会信用代码": self.code, **of, **more})
        self.world.batch(table([row]), "penalty", department=self.code)
        return Record.objects.get(type="penalty", decision_no=row["行政处罚决定书文号"], known_to=None)

    def take_back(self, record: Record) -> None:
        """The department withdraws the penalty."""
        name = self.world.department(self.code).name
        of = {"处罚机关": name, "处罚机关统一社会信用代码": self.code, "数据来源单位": name}
        row = penalty(1, **{"数据来源单位统一社会信用代码": self.code, **of}) | {
            "行政处罚决定书文号": record.decision_no, "数据操作": "撤回", "撤回原因": "复议撤销",
        }  # fmt: skip
        self.world.batch(table([row]), "penalty", department=self.code)

    def upload(self, kind: str) -> Upload:
        path = Path(self.world.home.tmp) / f"up-{uuid.uuid4().hex}"
        path.write_bytes(PDF + uuid.uuid4().bytes.hex().encode())
        return Upload(kind, f"{kind}.pdf", path)

    def draft(self, record: Record, *, person: NamedPerson | None = None, **facts: str) -> Case:
        stated = (WAGES if self.code == LABOUR else FACTS) | facts
        return open_determination(
            record_no=record.record_no, stated=stated, uploads=[self.upload("decision")], entry=uuid.uuid4(),
            by=self.clerk, now=self.now, person=person,
        )  # fmt: skip

    def step(self, case: Case, event: str, **stated: str) -> None:
        move(case=case.pk, event=event, stated=stated, by=self.clerk, now=self.now)

    def both(self, case: Case, event: str, **stated: str) -> None:
        """Two deciders of the department, one after the other."""
        first, second = self.deciders
        proposal = propose(case=case.pk, event=event, stated=stated, by=first, now=self.now)
        confirm(proposal=proposal.pk, by=second, now=self.now)

    def heard(self, case: Case) -> None:
        """Told, and heard."""
        self.step(case, "notify", reason="事实清楚，证据确凿")
        self.step(case, "serve_notice", served_on=f"{self.today}", **SERVED)
        self.step(case, "state", statement="没有意见")

    def consent(self, case: Case) -> None:
        add_attachment(case=case.pk, upload=self.upload("consent"), by=self.clerk, now=self.now)
        self.step(case, "note_consent", consent_no="幻市监函〔2026〕9号")

    def decide(self, case: Case, **stated: str) -> None:
        self.both(case, "decide", **({"act_no": "云列〔2026〕7号", "months": "36", "reason": "符合列入条件"} | stated))

    def listed(self, record: Record, *, person: NamedPerson | None = None) -> ListDetermination:
        """The whole way to an entry."""
        case = self.draft(record, person=person)
        self.heard(case)
        if self.code == MARKET.code:
            self.consent(case)
        self.decide(case, act_no="云列〔2026〕8号" if person else "云列〔2026〕7号")
        self.step(case, "serve", served_on=f"{self.today}", **SERVED)
        return ListDetermination.objects.select_related("case").get(case=case)

    def ask_removal(self, held: ListDetermination, ground: str = "early") -> Case:
        stated = {"ground": ground, "statement": "已经全部清偿并作出承诺"}
        return open_removal(
            determination=held.pk, stated=stated, uploads=(), entry=uuid.uuid4(), by=self.clerk, now=self.now
        )

    def look(self) -> int:
        return look_for_fallen_grounds(now=self.now)

    def run(self) -> Worked:
        """What the worker does within seconds."""
        sequence_feed(now=self.now)
        return follow(now=self.now)

    def entry(self) -> Record:
        return Record.objects.get(type="serious_list", known_to=None)

    def in_force(self) -> set[str]:
        """The kinds of effects of entries that are in force now."""
        versions = Record.objects.filter(type="serious_list").values("pk")
        found = Effect.objects.filter(record_id__in=versions, ended_at=None, starts__lte=self.today)
        return {one.kind for one in found if one.ends is None or one.ends > self.today}


def build(world: World) -> Listing:
    """The shop in the register, and both departments with their officers."""
    world.batch(table([organisation()]), "organisation")
    add_departments(world)
    return Listing(world)


def add_departments(world: World) -> None:
    """The labour authority, and two deciders in each of the two departments."""
    create_department(
        region=world.region, code=LABOUR, name=LABOUR_NAME, short_name="县人社局", by=SYSTEM, now=world.now
    )
    _officer(world, "tao.ran", "陶然", LABOUR, Role.COLLECTOR, Role.REVIEWER)
    for code, names in DECIDERS.items():
        for name in names:
            _officer(world, name, name, code, Role.DECIDER)


def _officer(world: World, username: str, name: str, code: str, *roles: Role) -> None:
    create_officer(
        username=username, display_name=name, department=world.department(code), password=PASSWORD, roles=roles,
        by=SYSTEM, now=world.now,
    )  # fmt: skip


__all__ = [
    "BOSS",
    "FACTS",
    "LABOUR",
    "MARKET",
    "NAME",
    "NUMBER",
    "SERVED",
    "SHOP",
    "Listing",
    "add_departments",
    "build",
]

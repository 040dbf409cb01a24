"""A county at its counter: three companies, one of them on the market authority's list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.world import MARKET, NOW, SYSTEM, World, table

from xinheng.audit.actor import Actor
from xinheng.base.errors import XinhengError
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.checks.actions import Answered, Asked, Key, answer_checks
from xinheng.checks.asking import Asker, Errand, errand, question
from xinheng.effects.actions.listing import (
    Applied,
    ListedBy,
    apply_measures,
    list_subjects,
    measure_terms,
    note_service,
)
from xinheng.effects.models import Kind, ServiceMethod
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole
from xinheng.law.queries import reliable_provisions
from xinheng.measures.actions import confirm_list, propose_list
from xinheng.register.models import Record

LISTED, CLEAN, OTHER = "91990001MA7XH10132", "91990001MA7XH1021W", "91990001MA7XH103XL"
UNKNOWN = "91990001MA7XH1048L"
LISTED_NAME, CLEAN_NAME = "云屿县浮光食品有限公司", "云屿县晴岚书店有限公司"
ITEM, OTHER_ITEM = "SP-XK-01", "ZH-PX-01"
CITIZEN = "11010519491231002X"
TODAY = date(2026, 11, 21)


@dataclass
class Counter:
    """The county, and short ways to ask."""

    world: World

    @property
    def home(self) -> Home:
        return self.world.home

    @property
    def asker(self) -> Asker:
        market = self.world.department(MARKET.code)
        actor = Actor.client("0123456789ab", "办事大厅")
        return Asker(actor, market.region_id, self.world.region.code, market.pk, market.code, market.name)

    def as_officer(self, username: str) -> Asker:
        """An officer of another department as one who asks."""
        user = self.world.officer(username)
        place = user.department
        return Asker(Actor.of(user), place.region_id, self.world.region.code, place.pk, place.code, place.name)

    def errand(self, item: str = ITEM, case_no: str = "办件2026-1", purpose: str = "service") -> Errand:
        return errand(asker=self.asker, item=item, case_no=case_no, purpose=purpose, pack="demo")

    def ask(self, code: str, name: str = "", *, now: datetime = NOW, key: str | None = None, **about: str) -> Any:
        """The answer as a program reads it; refusals are raised."""
        asked = Asked(question(self.errand(**about), code, name), Key(key, f"{code}{name}") if key else None)
        (found,) = answer_checks(asked=[asked], pack="demo", home=self.home, now=now)
        if isinstance(found, XinhengError):
            raise found
        assert isinstance(found, Answered)
        return found.facts

    def publish_measures(self, now: datetime = NOW) -> None:
        """The county's list of measures, published by two persons."""
        proposal = propose_list(edition="demo-2026", pack="demo", by=self.world.officer("lin.xinyu"), now=now)
        confirm_list(publication=proposal.pk, pack="demo", by=self.world.officer("zhou.ming"), now=now)

    def restrain(self, measure: str = "D-3", *, served_on: date = TODAY - timedelta(days=1)) -> Record:
        """The listing of the listed company, and one measure that follows from it."""
        row = Record.objects.get(type="serious_list", subject_code=LISTED, known_to=None)
        provision = reliable_provisions(Scope())["demo-credit-regulation#第二十三条"].id
        listed = ListedBy(
            record_type="serious_list", record_value=row.list_key, list_key="L04", title="市场监督管理严重违法失信名单",
            enabling=(provision,), governing=(provision,), by_decision=True, months=36, removal_rule="移出",
        )  # fmt: skip
        list_subjects(lists=[listed], record_nos=[row.record_no], today=TODAY, now=NOW, by=SYSTEM)
        note_service(
            region_id=row.region_id, records=[(row.record_no, row.subject_no)], method=ServiceMethod.DIRECT,
            served_on=served_on, evidence="回证1号", by=SYSTEM, now=NOW, today=TODAY,
        )  # fmt: skip
        basis = intern_basis_set(members=[(provision, BasisRole.ENABLING), (provision, BasisRole.GOVERNING)], now=NOW)
        terms = measure_terms(
            measure_key=measure, edition="demo-2026", list_key="L04", title="不适用告知承诺、容缺受理",
            executing_body="行政审批部门", applies_to="单位", rests=True,
        )  # fmt: skip
        apply_measures(
            kind=Kind.RESTRAINT,
            measures=[Applied(row.pk, terms, basis, TODAY, date(2027, 11, 1), "")],
            by=SYSTEM,
            now=NOW,
        )
        return row


def open_counter(world: World) -> Counter:
    """The county on 2026-11-21 with its register and one list delivered by the market authority."""
    names = ((LISTED, LISTED_NAME), (CLEAN, CLEAN_NAME), (OTHER, "云屿县听潮建设有限公司"))
    world.batch(table([{"主体名称": name, "统一社会信用代码": code} for code, name in names]), "organisation")
    world.batch(table([entry()]), "serious_list")
    return Counter(world)


def entry(code: str = LISTED, name: str = LISTED_NAME, **facts: str) -> dict[str, str]:
    """One row of a list."""
    return {
        "行政相对人名称": name,
        "行政相对人类别": "法人及非法人组织",
        "统一社会信用代码": code,
        "法定代表人": "某甲乙",
        "名单代码": "L04",
        "名单名称": "市场监督管理严重违法失信名单",
        "认定文书号": "云市监列〔2026〕3号",
        "列入事由和依据": "提交虚假材料",
        "认定日期": "2026-11-02",
        "列入起始日期": "2026-11-02",
        "预定移出日期": "2029-11-01",
        "认定单位": MARKET.name,
        "认定单位统一社会信用代码": MARKET.code,
        "数据来源单位": MARKET.name,
        "数据来源单位统一社会信用代码": MARKET.code,
    } | facts

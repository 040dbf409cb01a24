"""A shop whose user signs letters, and the short ways through looking after them."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.intake.intake_rows import SHOP, SHOP_NAME, organisation
from tests.people.test_organisation_users import join, word_for
from tests.proceedings.cases import PDF
from tests.world import MARKET, World, table

from xinheng.base.scope import PUBLIC
from xinheng.commitments.actions import Promise, prepare, sign_online
from xinheng.commitments.models import Commitment, FollowUp
from xinheng.effects.queries import PublishedRecord, published_of
from xinheng.people.models import OrganisationMembership, User
from xinheng.proceedings.actions import Upload, confirm, move, open_breach, propose
from xinheng.proceedings.models import Case
from xinheng.register.queries import organisation as registered

TYPED = {
    "food-licence": {"licence": "食品经营许可", "place": "云屿县望灯大道7号", "met": "经营场所和设备符合规定的条件"},
    "meter-filing": {"matter": "计量器具备案", "missing": "检定证书原件", "due_on": "2026-12-20"},
    "honest-price": {"matter": "明码标价", "promises": "所有商品标明价格，标价和结算一致"},
}


def paper(number: str = "99000120261110000077", **more: str) -> dict[str, str]:
    """One paper commitment as the market authority reports it."""
    return {
        "承诺编码": number,
        "承诺人名称": SHOP_NAME,
        "承诺人类别": "法人及非法人组织",
        "承诺人代码": SHOP,
        "承诺类型": "证明事项型",
        "承诺事由": "以承诺代替经营场所证明",
        "承诺内容": "经营场所真实，有权使用。",
        "违诺责任": "记入信用记录。",
        "承诺作出日期": "2026/11/10",
        "承诺有效期": "2027/11/09",
        "承诺受理单位": MARKET.name,
        "承诺受理单位代码": MARKET.code,
        "公开类型": "可向社会公开",
        "备注": "",
    } | more


@dataclass
class Promising:
    """The county, the shop's membership, and what can be done with a commitment."""

    world: World
    membership: OrganisationMembership

    @property
    def now(self) -> datetime:
        return self.world.now

    def later(self, days: int) -> None:
        self.world.now = self.world.now + timedelta(days=days)

    def officer(self, username: str = "he.shuo") -> User:
        return self.world.officer(username)

    def promise(self, item: str = "food-licence", signed_by: str = SHOP_NAME, **facts: str) -> Promise:
        typed = TYPED[item] | facts
        letter = prepare(item=item, typed=typed, credit_code=SHOP, region=self.membership.region, now=self.now)
        return Promise(item, typed, signed_by, letter.sha256, uuid.uuid4())

    def sign(self, item: str = "food-licence", **facts: str) -> Commitment:
        return sign_online(promise=self.promise(item, **facts), membership=self.membership, now=self.now)

    def task(self, made: Commitment) -> FollowUp:
        return FollowUp.objects.get(record_no=made.record_no)

    def upload(self) -> Upload:
        path = Path(self.world.home.tmp) / f"up-{uuid.uuid4().hex}"
        path.write_bytes(PDF)
        return Upload("evidence", "检查记录.pdf", path)

    def open_breach(self, record_no: int, entry: uuid.UUID | None = None, by: str = "he.shuo") -> Case:
        return open_breach(
            record_no=record_no, found="12月3日现场检查，没有冷藏设备", reason="与承诺的条件不符",
            uploads=[self.upload()], entry=entry or uuid.uuid4(), by=self.officer(by), now=self.now,
        )  # fmt: skip

    def answer(self, case: Case) -> None:
        stated = {"statement": "设备在修，一周内装好"}
        move(case=case.pk, event="answer", stated=stated, by=self.membership.user, now=self.now)

    def determine(self, case: Case, status: str = "broken") -> None:
        stated = {"status": status, "unperformed": "没有冷藏设备", "liability": "记入信用记录", "reason": "两次检查"}
        made = propose(case=case.pk, event="determine", stated=stated, by=self.officer("lin.xinyu"), now=self.now)
        confirm(proposal=made.pk, by=self.officer("zhou.ming"), now=self.now)

    def public(self, type: str = "commitment") -> tuple[PublishedRecord, ...]:
        return published_of(PUBLIC, registered(PUBLIC, SHOP).id, as_at=self.now.date(), type=type)


def build(world: World) -> Promising:
    """The registered shop and its holder."""
    world.batch(table([organisation()]), "organisation")
    join(world, "shop.a", word_for(world))
    return Promising(
        world, OrganisationMembership.objects.select_related("user", "region").get(user__username="shop.a")
    )

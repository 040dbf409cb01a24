"""What the demo county's organisation promised, and how one promise was looked after, so that no page is empty."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.identifiers import credit_code
from xinheng.commitments import actions as promising
from xinheng.commitments.models import Commitment, FollowUp
from xinheng.commitments.rules import load_items
from xinheng.people import actions as people
from xinheng.people.models import Department, OrganisationMembership, Role, User
from xinheng.proceedings.actions import Upload, open_breach
from xinheng.proceedings.documents import pdf
from xinheng.register.models import Organisation

LETTERS: tuple[tuple[str, dict[str, str], int], ...] = (
    (
        "honest-price",
        {"matter": "明码标价", "promises": "所有商品标明价格，标价和结算一致，发现不一致的按低价结算"},
        70,
    ),
    (
        "food-licence",
        {
            "licence": "食品经营许可（虚构）",
            "place": "云屿县望灯大道7号（虚构）",
            "met": "经营场所和设备设施符合规定的条件，从业人员培训合格",
        },
        58,
    ),
)
"""Item, what was filled in, and how many days ago it was signed."""
DUE = ("meter-filing", {"matter": "计量器具备案（虚构）", "missing": "检定证书原件"})
ASSOCIATION_BODY = "MJ000001"
KEPT = "抽查十种商品，标价和结算一致。"


@transaction.atomic
def promise(home: Home, *, membership: OrganisationMembership, name: str, officer: User, now: datetime) -> None:
    """Three letters: one kept, one doubted, one with material to come; and the association the organisation is in."""
    made = [
        _sign(item, typed, membership=membership, name=name, now=now - timedelta(days=days))
        for item, typed, days in LETTERS
    ]
    code, typed = DUE
    due_on = (clock.today(now) + timedelta(days=9)).isoformat()
    _sign(code, {**typed, "due_on": due_on}, membership=membership, name=name, now=now - timedelta(days=3))
    task = FollowUp.objects.get(record_no=made[0].record_no)
    keeper = _officer_of(code, fallback=officer)
    promising.find_kept(follow_up=task.pk, found=KEPT, by=keeper, now=now - timedelta(days=5))
    _doubt(made[1], home=home, by=keeper, now=now - timedelta(days=2))
    _join(membership, by=officer, now=now)


def _doubt(promised: Commitment, *, home: Home, by: User, now: datetime) -> None:
    """The look at the second found something missing: noticed, and the organisation has not answered yet."""
    paper = home.tmp / f"evidence-{uuid.uuid4().hex}"
    paragraphs = ["（虚构）现场检查：冷藏设备没有安装，其余与承诺一致。"]
    paper.write_bytes(
        pdf(office=by.department.name, title="现场检查记录（虚构）", number="", day=clock.format_date(clock.today(now)),
            paragraphs=paragraphs, notice="演示数据，均为虚构")
    )  # fmt: skip
    try:
        open_breach(
            record_no=promised.record_no, found="现场检查，没有安装所承诺的冷藏设备。", reason="与承诺的经营条件不符。",
            uploads=[Upload("evidence", "现场检查记录.pdf", paper)], entry=uuid.uuid4(), by=by, now=now,
        )  # fmt: skip
    finally:
        paper.unlink(missing_ok=True)


def _join(membership: OrganisationMembership, *, by: User, now: datetime) -> None:
    """An association with a dozen members, of which the one with a login has promised."""
    code = credit_code.make("51", membership.region.code, ASSOCIATION_BODY)
    association = people.create_department(
        region=membership.region, code=code, name="云屿县诚信经营促进会（虚构）", short_name="县诚信促进会",
        by=Actor.system("演示数据"), now=now,
    )  # fmt: skip
    people.create_officer(
        username="tao.ran", display_name="陶然", department=association, password=secrets.token_urlsafe(18),
        roles=[Role.ASSOCIATION], by=Actor.system("演示数据"), now=now,
    )  # fmt: skip
    others = Organisation.objects.filter(kind="企业", registered=True).exclude(credit_code=None).order_by("pk")
    codes = [membership.credit_code, *(str(one) for one in others.values_list("credit_code", flat=True)[:11])]
    promising.add_members(association=association, codes=codes, joined_on=clock.today(now), by=by, now=now)


def _sign(
    item: str, typed: dict[str, str], *, membership: OrganisationMembership, name: str, now: datetime
) -> Commitment:
    letter = promising.prepare(
        item=item, typed=typed, credit_code=membership.credit_code, region=membership.region, now=now
    )
    promise = promising.Promise(item, typed, name, letter.sha256, uuid.uuid4())
    return promising.sign_online(promise=promise, membership=membership, now=now)


def _officer_of(item: str, *, fallback: User) -> User:
    """Somebody of the accepting department, else of the credit office."""
    department = Department.objects.filter(code=load_items(settings.PACK)[item].department).first()
    found = User.objects.filter(department=department, is_active=True, grants__revoked_at=None).order_by("pk")
    return found.first() or fallback

"""What the demo county's organisation says of itself, and the training it came to: so that the pages are not empty."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from xinheng.base import clock
from xinheng.base.clock import SHANGHAI
from xinheng.base.home import Home
from xinheng.people.models import OrganisationMembership, User
from xinheng.proceedings import actions as proceedings
from xinheng.proceedings.documents import pdf
from xinheng.training import actions as training


@dataclass(frozen=True)
class Item:
    """One declaration of the demo; `how` is empty for one that still waits."""

    kind: str
    title: str
    number: str
    issuer: str
    statement: str
    how: str


ITEMS = (
    Item(
        "qualification", "质量管理体系认证（虚构）", "QMS-990001-0026", "幻海认证中心（虚构）",
        "认证范围为所登记的经营范围。", "与发证单位公布的证书名录核对一致。",
    ),
    Item(
        "public_service", "望灯大道小学图书角捐赠（虚构）", "", "云屿县慈善会（虚构）",
        "捐赠图书 600 册。", "向接受捐赠的单位核对，票据属实。",
    ),
    Item(
        "contract", "镜汐路公厕保洁服务合同（虚构）", "云屿采2025-117", "云屿县环境卫生所（虚构）",
        "合同已履行完毕，验收合格。", "",
    ),
)  # fmt: skip


@transaction.atomic
def declare_and_train(
    home: Home, *, membership: OrganisationMembership, name: str, officer: User, now: datetime
) -> None:
    """Three declarations, two of them verified, and two sessions of training: one that was, one to come."""
    paper = home.tmp / f"evidence-{uuid.uuid4().hex}"
    paper.write_bytes(_paper(now))
    try:
        for item in ITEMS:
            _declare(item, paper, membership=membership, name=name, officer=officer, now=now)
    finally:
        paper.unlink()
    _train(membership=membership, name=name, officer=officer, now=now)


def _declare(
    item: Item, paper: Path, *, membership: OrganisationMembership, name: str, officer: User, now: datetime
) -> None:
    day = clock.today(now)
    typed = {
        "title": item.title,
        "certificate_no": item.number,
        "issuer": item.issuer,
        "obtained_on": (day - timedelta(days=200)).isoformat(),
        "valid_to": date(day.year + 2, day.month, 1).isoformat(),
        "statement": item.statement,
    }
    case = proceedings.open_declaration(
        kind=item.kind,
        statement=proceedings.Statement(typed, name),
        uploads=[proceedings.Upload("evidence", "证明材料（虚构）.pdf", paper)],
        entry=uuid.uuid4(),
        membership=membership,
        now=now,
    ).case
    if item.how:
        proceedings.move(case=case.pk, event="verify", stated={"verified_how": item.how}, by=officer, now=now)


def _train(*, membership: OrganisationMembership, name: str, officer: User, now: datetime) -> None:
    for days, title in ((-12, "信用修复怎样办"), (9, "看懂一条公示信息")):
        noon = datetime.combine(clock.today(now) + timedelta(days=days), datetime.min.time(), SHANGHAI)
        start = noon + timedelta(hours=14, minutes=30)
        told = start - timedelta(days=30)
        plan = training.Plan(
            title, "由信用办讲解，现场答疑。", "云屿县政务服务中心二楼会议室", start, start + timedelta(hours=2), 40
        )
        held = training.announce(plan=plan, by=officer, now=told)
        if start < now:
            seat = training.book(session=held.pk, membership=membership, name=name, seats=2, now=told)
            training.note_attendance(seat=seat.pk, by=officer, now=start + timedelta(hours=2))


def _paper(now: datetime) -> bytes:
    return pdf(
        office="幻海认证中心（虚构）",
        title="证明材料",
        number="虚构",
        day=clock.format_date(clock.today(now)),
        paragraphs=["本文件为演示所虚构。"],
        notice="演示数据，均为虚构",
    )

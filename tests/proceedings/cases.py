"""A county with public records, and short ways to go through a case."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from tests.intake.intake_rows import SHOP, SHOP_NAME, organisation, penalty
from tests.world import NOW, PASSWORD, SYSTEM, World, table

from xinheng.audit.actions import record as log
from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import PublishedRecord, published
from xinheng.people.actions import create_officer
from xinheng.people.models import Role, User
from xinheng.people.queries.misuse import MANY_OFFICER
from xinheng.proceedings.actions import Application, Opened, Upload, move, open_case, open_incident
from xinheng.proceedings.models import Case, CaseChannel, CaseEvent
from xinheng.register.models import Record

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@dataclass
class CaseWorld:
    """The county and the way through a case."""

    world: World
    record_no: int
    clerk: User
    second: User
    source: User
    auditor: User

    @property
    def now(self) -> datetime:
        return self.world.now

    def later(self, days: int) -> None:
        self.world.now = self.world.now + timedelta(days=days)

    def shown(self) -> PublishedRecord | None:
        try:
            return published(PUBLIC, self.record_no, as_at=self.now.date())
        except NotFound:
            return None

    def objection(self, ground: str = "wrong", **facts: object) -> Opened:
        stated = {"ground": ground, "statement": "罚款数额写错了，应为一万元"}
        return self.open("objection", stated, **facts)

    def repair(self, **facts: object) -> Opened:
        return self.open("repair", {"signed_by": SHOP_NAME}, uploads=[self.upload()], **facts)

    def open(self, procedure: str, stated: dict[str, str], **facts: object) -> Opened:
        values: dict[str, object] = {
            "procedure": procedure,
            "record_no": self.record_no,
            "stated": stated,
            "channel": CaseChannel.COUNTER,
            "identified": "核对了营业执照和介绍信",
            "entry": uuid.uuid4(),
        }
        by = facts.pop("by", self.clerk)
        return open_case(application=Application(**(values | facts)), by=by, now=self.now)  # type: ignore[arg-type]

    def incident(self, reader: User | None = None) -> Case:
        """The source's officer looked at very much on one day; the auditor makes a case of it."""
        who, day = Actor.of(reader or self.source), self.now - timedelta(days=1)
        with transaction.atomic():
            for number in range(MANY_OFFICER):
                log(
                    act="desk.read", by=who, now=day, region_id=self.world.region.pk, object_type="record",
                    object_id=str(self.record_no + number), purpose="核对第12号批次",
                )  # fmt: skip
        return open_incident(day=day.date(), actor_kind="officer", actor_id=who.id, by=self.auditor, now=self.now)

    def upload(self, content: bytes = PDF, name: str = "缴款凭证.pdf", kind: str = "proof") -> Upload:
        path = Path(self.world.home.tmp) / f"up-{uuid.uuid4().hex}"
        path.write_bytes(content)
        return Upload(kind, name, path)

    def step(self, case: Case, event: str, by: User | None = None, **stated: str) -> CaseEvent:
        return move(case=case.pk, event=event, stated=stated, by=by or self.clerk, now=self.now)


def build(world: World, *, decided: date = date(2026, 11, 18)) -> CaseWorld:
    """One shop, one fine of 20 000 yuan decided on that day."""
    world.batch(table([organisation()]), "organisation")
    row = penalty(1, 处罚决定日期=f"{decided:%Y/%m/%d}")
    world.batch(table([row]), "penalty")
    create_officer(
        username="su.jin", display_name="苏瑾", department=world.department("1199000100000137X5"), password=PASSWORD,
        roles=[Role.LEADER], by=SYSTEM, now=NOW,
    )  # fmt: skip
    auditor = create_officer(
        username="meng.qi", display_name="孟祁", department=world.department("1199000100000137X5"), password=PASSWORD,
        roles=[Role.AUDITOR], by=SYSTEM, now=NOW,
    )  # fmt: skip
    record = Record.objects.get(type="penalty", known_to=None)
    return CaseWorld(
        world, record.record_no, world.officer("lin.xinyu"), world.officer("zhou.ming"), world.officer("he.shuo"),
        auditor,
    )  # fmt: skip


__all__ = ["PDF", "SHOP", "CaseWorld", "build"]

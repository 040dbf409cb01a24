"""Records for the tests of the effects: a county from the real actions, versions of decisions as intake writes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from uuid import UUID, uuid4

from xinheng.audit.actor import Actor
from xinheng.base.clock import SHANGHAI
from xinheng.effects.actions import Publication, publish_batch
from xinheng.effects.models import Effect
from xinheng.law.actions import sync_register
from xinheng.people.models import Department, Region, User
from xinheng.register.models import Gate, Record

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
TODAY = date(2026, 11, 21)
SYSTEM = Actor.system("测试")
OFFICE, MARKET, SCHOOLS = "1199000100000137X5", "119900010000084085", "11990001000001740Y"


@dataclass
class EffectsWorld:
    """One county with the demo law in its register, and short ways to state decisions."""

    region: Region
    numbers: Iterator[int] = field(default_factory=lambda: count(1001))

    def department(self, code: str) -> Department:
        return Department.objects.get(code=code)

    def officer(self, username: str) -> User:
        return User.objects.get(username=username)

    def record(self, *, type: str = "penalty", decided_on: date | None = date(2026, 5, 20), **facts: object) -> Record:
        """An open version of a new record, by default a fine of 20 000 yuan decided under order 36."""
        number = next(self.numbers)
        values: dict[str, object] = {
            "record_no": number,
            "version": 1,
            "region": self.region,
            "department": self.department(SCHOOLS),
            "type": type,
            "key_hash": uuid4(),
            "content_hash": uuid4(),
            "subject_no": 500,
            "subject_name": "云屿浮光食品有限公司",
            "subject_code": "",
            "link_method": "code",
            "gate": Gate.OPEN,
            "withdrawn": False,
            "withdrawal_reason": "",
            "decision_no": f"云教罚〔2026〕{number}号",
            "title": "未按规定备案",
            "decided_on": decided_on,
            "authority_name": "云屿县教育局",
            "authority_code": SCHOOLS,
            "penalty_categories": "罚款" if type == "penalty" else "",
            "procedure": "普通程序" if type == "penalty" else "",
            "severity": "",
            "list_key": "",
            "amount_fen": 2_000_000 if type == "penalty" else None,
            "content": {"counterparty_name": "云屿浮光食品有限公司", "legal_rep_name": "顾长风", "decision_no": "一"},
            "batch_no": 7,
            "row_no": number - 999,
            "first_received_at": NOW,
            "known_from": NOW,
        }
        return Record.objects.create(**(values | facts))

    def amend(self, old: Record, *, batch_no: int = 8, now: datetime = NOW, **facts: object) -> Record:
        """The next version of a record, as the register writes it."""
        Record.objects.filter(pk=old.pk).update(known_to=now)
        values = {f.attname: getattr(old, f.attname) for f in Record._meta.concrete_fields if f.name != "id"}
        values |= {"version": old.version + 1, "batch_no": batch_no, "known_from": now, "known_to": None}
        values |= {"content_hash": UUID(int=old.version), "withdrawal_reason": "", "withdrawn": False}
        return Record.objects.create(**(values | facts))

    def publish(self, batch_no: int = 7, today: date = TODAY, now: datetime = NOW) -> Publication:
        return publish_batch(batch_no=batch_no, region_id=self.region.pk, today=today, now=now, by=SYSTEM)

    def effect(self, record: Record) -> Effect:
        return Effect.objects.get(record_id=record.pk, kind="publication")


def build(region: Region) -> EffectsWorld:
    """The world on 2026-11-21, without records."""
    sync_register(pack="demo", by=SYSTEM, now=NOW)
    return EffectsWorld(region)

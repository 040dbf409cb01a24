"""Small worlds for the register: rows as intake writes them, with only the facts a test is about spelt out."""

import hashlib
import uuid
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from xinheng.base.identifiers import credit_code
from xinheng.base.scope import Scope
from xinheng.ledger.models import Batch
from xinheng.people.models import Department, Region, User
from xinheng.register.models import (
    Gate,
    Identifier,
    LifeCycle,
    Organisation,
    OrganisationName,
    Record,
    Review,
    ReviewKind,
)
from xinheng.register.numbering import Sequence, allocate
from xinheng.register.search_tokens import count_tokens, search_columns

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
OFFICER = Scope(region="990001")
ELSEWHERE = Scope(region="990002")


def code(serial: int, kind: str = "91") -> str:
    """A valid credit code of the fictional county."""
    return credit_code.make(kind, "990001", f"MA{serial:06d}")


def region(division: str = "990001") -> Region:
    return Region.objects.get_or_create(
        code=division, defaults={"name": f"演示省幻海市{division}", "short_name": "云屿县"}
    )[0]


def department(short_name: str = "县市场监管局", *, division: str = "990001", **facts: Any) -> Department:
    serial = int(hashlib.sha256(short_name.encode()).hexdigest(), 16) % 10**6
    return Department.objects.get_or_create(
        region=region(division),
        code=code(serial, "11"),
        defaults={"name": f"云屿县{short_name}", "short_name": short_name} | facts,
    )[0]


def officer(username: str = "lin.xinyu", name: str = "林信予") -> User:
    return User.objects.get_or_create(
        username=username,
        defaults={"display_name": name, "region": region(), "department": department(), "created_at": NOW},
    )[0]


def batch(*, by: Department | None = None, known_at: datetime = NOW, type: str = "penalty", **facts: Any) -> Batch:
    sender = by or department()
    number = Batch.objects.count() + 1
    counts = dict.fromkeys(
        ("amended", "unchanged", "withdrawn", "rejected", "warnings", "errors_total", "timely", "late"), 0
    )
    return Batch.objects.create(
        number=number,
        region=sender.region,
        department=sender,
        type=type,
        edition="2018",
        channel="desk",
        file_name=f"第{number}批.csv",
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        size=1000,
        received_at=known_at - timedelta(minutes=1),
        known_at=known_at,
        rows=1,
        accepted=1,
        linked=1,
        sealed_persons=0,
        **(counts | facts),
    )


def organisation(
    name: str,
    *,
    code: str | None = None,
    former: tuple[str, ...] = (),
    known_from: datetime = NOW,
    source: Batch | None = None,
    status: LifeCycle = LifeCycle.OPERATING,
    registered: bool = True,
    **facts: Any,
) -> Organisation:
    brought_by = source or batch(type="organisation", known_at=known_from)
    columns = search_columns(name, former)
    made = Organisation.objects.create(
        id=allocate(Sequence.SUBJECT_NO, 1),
        name=name,
        name_key=columns.name_key,
        initials=columns.initials,
        pinyin_key=columns.pinyin_key,
        tokens=columns.tokens,
        credit_code=code,
        kind="企业",
        status=status,
        registered=registered,
        created_batch_no=brought_by.number,
        **facts,
    )
    origin = {"known_from": known_from, "batch_no": brought_by.number, "row_no": 2}
    for one in (name, *former):
        OrganisationName.objects.create(
            organisation=made, name=one, name_key=search_columns(one).name_key, former=one != name, **origin
        )
    if code:
        number(made, code, kind="credit_code", known_from=known_from)
    count_tokens(batch_no=brought_by.number)
    return made


def number(
    of: Organisation,
    value: str,
    *,
    kind: str = "registration_no",
    known_from: datetime = NOW,
    known_to: datetime | None = None,
) -> Identifier:
    return Identifier.objects.create(
        organisation=of,
        kind=kind,
        value=value,
        known_from=known_from,
        known_to=known_to,
        batch_no=of.created_batch_no,
        row_no=2,
    )


def record(subject: Organisation | int, *, amends: Record | None = None, **facts: Any) -> Record:
    """A version; with `amends` the next one of the same record, closing the one before."""
    brought_by = facts.pop("source", None) or batch(known_at=facts.get("known_from", NOW))
    known_from = brought_by.known_at
    if amends:
        Record.objects.filter(pk=amends.pk).update(known_to=known_from)
    known = isinstance(subject, Organisation)
    row = {
        "id": allocate(Sequence.VERSION_ID, 1),
        "record_no": amends.record_no if amends else allocate(Sequence.RECORD_NO, 1),
        "version": amends.version + 1 if amends else 1,
        "region": brought_by.region,
        "department": brought_by.department,
        "type": "penalty",
        "key_hash": amends.key_hash if amends else uuid.uuid4(),
        "content_hash": uuid.uuid4(),
        "subject_no": subject.id if known else subject,
        "subject_name": subject.name if known else "云屿某某商行",
        "subject_code": (subject.credit_code or "") if known else "",
        "link_method": "code" if known else "none",
        "gate": Gate.OPEN if known else Gate.UNLINKED,
        "withdrawn": False,
        "withdrawal_reason": "",
        "decision_no": "云市监罚〔2026〕12号",
        "title": "未按规定标示食品生产日期",
        "decided_on": date(2026, 11, 1),
        "authority_name": "云屿县市场监督管理局",
        "authority_code": brought_by.department.code,
        "penalty_categories": "罚款",
        "procedure": "普通程序",
        "severity": "",
        "list_key": "",
        "content": {},
        "batch_no": brought_by.number,
        "row_no": 2,
        "first_received_at": amends.first_received_at if amends else brought_by.received_at,
        "known_from": known_from,
    }
    return Record.objects.create(**(row | facts))


def unlinked_record(**facts: Any) -> Record:
    """A record whose subject got a provisional number."""
    return record(allocate(Sequence.SUBJECT_NO, 1), **facts)


def review(of: Record, *candidates: Organisation, kind: ReviewKind = ReviewKind.LINK, **facts: Any) -> Review:
    row = {
        "region": of.region,
        "department": of.department,
        "record_no": of.record_no,
        "batch_no": of.batch_no,
        "row_no": of.row_no,
        "reason": "名称对应多个单位",
        "candidates": [one.id for one in candidates],
        "opened_at": NOW,
    }
    return Review.objects.create(kind=kind, **(row | facts))

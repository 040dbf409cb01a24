"""Notices as a file, for those who take files only: which record versions to remove, put right, or use again.

The columns that name a record carry the codes of the exchange format it was sent in; what it says is not repeated.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.models import Recipient, Retraction
from xinheng.people.models import User
from xinheng.register.models import Record
from xinheng.register.references import retraction_ref
from xinheng.register.scoping import officers_only

NOTICE = (
    ("TZ_BH", "通知编号"),
    ("TZ_LX", "通知种类"),
    ("TZ_BB", "版本"),
    ("TZ_RQ", "通知日期"),
    ("TZ_QX", "确认期限"),
)
"""Columns of our own after those of the exchange format."""


@dataclass(frozen=True)
class NoticeFile:
    """A file ready to be handed over; `refs` are the notices in it."""

    recipient: str
    type: str
    name: str
    columns: tuple[str, ...]
    rows: int
    content: bytes


def notice_types(scope: Scope, *, recipient: int) -> tuple[tuple[str, str, int], ...]:
    """The record types about which this recipient has open notices: key, title, how many."""
    contracts = load_contracts(settings.PACK)
    counted: dict[str, int] = {}
    for _, version in _open(scope, recipient):
        counted[version.type] = counted.get(version.type, 0) + 1
    return tuple((key, contracts[key].title, count) for key, count in sorted(counted.items()))


def notice_file(scope: Scope, *, recipient: int, type: str, as_at: date) -> NoticeFile:
    """All open notices of a recipient about one record type, oldest first, as CSV in UTF-8 with a byte-order mark."""
    contract = load_contracts(settings.PACK).get(type)
    found = [(notice, version) for notice, version in _open(scope, recipient) if version.type == type]
    if contract is None or not found:
        raise NotFound("这个接收方没有这一类待确认的通知。", "请刷新页面查看。")
    named = _naming(contract)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*(code for code, _ in named), *(code for code, _ in NOTICE)])
    for notice, version in found:
        writer.writerow([*(_value(version, part) for _, part in named), *_notice(notice, version)])
    name = f"{contract.title} 撤回和恢复通知 {as_at:%Y%m%d}.csv"
    columns = tuple(code for code, _ in (*named, *NOTICE))
    who = found[0][0].recipient.name
    return NoticeFile(who, type, name, columns, len(found), buffer.getvalue().encode("utf-8-sig"))


@transaction.atomic
def log_notices(*, file: NoticeFile, recipient: int, by: User, now: datetime) -> None:
    """Keep who took which file of notices."""
    record(
        act="exchange.notices",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="recipient",
        object_id=str(recipient),
        detail={"type": file.type, "rows": file.rows},
    )


def _open(scope: Scope, recipient: int) -> list[tuple[Retraction, Record]]:
    officers_only(scope)
    receivers = Recipient.objects.filter(pk=recipient)
    if scope.region is not None:
        receivers = receivers.filter(region__code=scope.region)
    found = list(
        Retraction.objects.filter(recipient__in=receivers.values("pk"), confirmed_at=None)
        .select_related("recipient")
        .order_by("pk")
    )
    versions = Record.objects.in_bulk({one.record_id for one in found})
    return [(one, versions[one.record_id]) for one in found]


def _naming(contract: Contract) -> tuple[tuple[str, str], ...]:
    """The columns by which the receiver finds the record: code of the format (else the label), and what goes in."""
    roles, fields = contract.roles, {field.name: field for field in contract.fields}
    parts = (
        (roles.subject_name, "subject_name"),
        (roles.subject_code, "subject_code"),
        (roles.decision_no, "decision_no"),
        (roles.decided_on, "decided_on"),
        (roles.authority_code, "authority_code"),
    )
    return tuple((fields[name].code or fields[name].label, part) for name, part in parts if name)


def _value(version: Record, part: str) -> str:
    value = getattr(version, part)
    return f"{value:%Y/%m/%d}" if isinstance(value, date) else str(value or "")


def _notice(notice: Retraction, version: Record) -> tuple[str, ...]:
    return (
        retraction_ref(notice.pk),
        str(notice.kind.label),
        str(version.version),
        f"{today(notice.written_at):%Y/%m/%d}",
        f"{notice.due_on:%Y/%m/%d}",
    )

"""From a record back to file, row, sender and time, and through all its versions."""

from dataclasses import dataclass
from datetime import date, datetime

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.ledger.models import Batch
from xinheng.register.linked import link_told
from xinheng.register.models import Record
from xinheng.register.references import record_ref
from xinheng.register.scoping import officers_only, records_in


@dataclass(frozen=True)
class TracedVersion:
    """One version of a record, with the row that stated it; `known_to` is empty for the present one."""

    record_id: int
    version: int
    batch_no: int
    row_no: int
    known_from: datetime
    known_to: datetime | None
    gate: str
    gate_label: str
    withdrawn: bool
    withdrawal_reason: str
    title: str
    subject_name: str


@dataclass(frozen=True)
class Trace:
    """A version of a record and the file it came from; `row_no` counts the header as row 1."""

    record_no: int
    ref: str
    type: str
    title: str
    decision_no: str
    decided_on: date | None
    subject_name: str
    subject_code: str
    link_method: str
    linked: str
    """How it came to its organisation; empty while it waits for one."""
    batch_no: int
    row_no: int
    file_name: str
    sha256: str
    channel: str
    department: str
    submitted_by: str
    received_at: datetime
    known_at: datetime
    versions: tuple[TracedVersion, ...]


def trace(scope: Scope, record_no: int, *, version: int | None = None) -> Trace:
    """Where a record comes from; `version` picks an earlier version instead of the newest. Officers only.

    Public pages show the provenance of what is in force: `effects.queries.published`.
    """
    officers_only(scope)
    versions = list(records_in(scope).filter(record_no=record_no).order_by("-version"))
    chosen = [one for one in versions if version in (None, one.version)]
    if not chosen:
        raise NotFound("没有这条记录。", "请核对记录编号；其他地区的记录请向当地信用办查询。")
    return _trace(chosen[0], versions)


def _trace(record: Record, versions: list[Record]) -> Trace:
    batch = Batch.objects.select_related("department", "submitted_by").get(number=record.batch_no)
    return Trace(
        record_no=record.record_no,
        ref=record_ref(record.record_no),
        type=record.type,
        title=record.title,
        decision_no=record.decision_no,
        decided_on=record.decided_on,
        subject_name=record.subject_name,
        subject_code=record.subject_code,
        link_method=record.link_method,
        linked=link_told([record])[record.pk],
        batch_no=record.batch_no,
        row_no=record.row_no,
        file_name=batch.file_name,
        sha256=batch.sha256,
        channel=batch.get_channel_display(),
        department=batch.department.name,
        submitted_by=batch.submitted_by.display_name if batch.submitted_by else batch.submitted_by_client,
        received_at=batch.received_at,
        known_at=batch.known_at,
        versions=tuple(_version(one) for one in versions),
    )


def _version(record: Record) -> TracedVersion:
    return TracedVersion(
        record_id=record.pk,
        version=record.version,
        batch_no=record.batch_no,
        row_no=record.row_no,
        known_from=record.known_from,
        known_to=record.known_to,
        gate=record.gate,
        gate_label=record.get_gate_display(),
        withdrawn=record.withdrawn,
        withdrawal_reason=record.withdrawal_reason,
        title=record.title,
        subject_name=record.subject_name,
    )

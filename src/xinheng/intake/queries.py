"""What may be asked about deliveries and receipts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow.dataset as ds
from django.conf import settings
from django.db.models import QuerySet

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.catalogue.checks import explain
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.intake.models import Delivery, DeliveryState, FindingGroup
from xinheng.ledger.models import FileKind
from xinheng.ledger.queries import BatchSummary, batch, files

SHAPE = {
    "too_many": ("这一行的列数比标题行多。", "多半是内容里的逗号没有加引号，请检查后重新报送这一行。"),
    "too_few": ("这一行的列数比标题行少。", "请检查是否漏了分隔符或有多余的换行，改正后重新报送这一行。"),
    "not_json": ("这一行不是一个完整的 JSON 对象。", "每行应是一个对象，请改正后重新报送这一行。"),
}
"""Words for rows of the wrong shape, which fail before any check of a column."""


@dataclass(frozen=True)
class Finding:
    """One problem in one cell. `value` is masked, and empty where even that would say too much."""

    row: int
    column: str
    label: str
    code: str
    level: str
    message: str
    advice: str
    value: str

    def as_json(self) -> dict[str, Any]:
        """The error as the receipt's JSON spells it."""
        return {
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "advice": self.advice,
            "value": self.value,
        }


@dataclass(frozen=True)
class GroupOfFindings:
    """One kind of problem, how often it occurs, and where first."""

    code: str
    column: str
    label: str
    level: str
    message: str
    advice: str
    count: int
    first_row: int


@dataclass(frozen=True)
class Receipt:
    """What became of a delivered file."""

    batch: BatchSummary
    title: str
    groups: tuple[GroupOfFindings, ...]

    def as_json(self, errors: Iterator[Finding]) -> dict[str, Any]:
        """The receipt as a program reads it; `errors` are the single findings to list."""
        batch = self.batch
        return {
            "batch": batch.number,
            "type": batch.type,
            "rows": batch.rows,
            "accepted": batch.accepted,
            "amended": batch.amended,
            "unchanged": batch.unchanged,
            "withdrawn": batch.withdrawn,
            "rejected": batch.rejected,
            "warnings": batch.warnings,
            "errors": [finding.as_json() for finding in errors],
            "errors_total": batch.errors_total,
            "sha256": batch.sha256,
            "timely": batch.timely,
            "late": batch.late,
        }


@dataclass(frozen=True)
class DeliverySummary:
    """Where a delivered file stands."""

    id: UUID
    type: str
    title: str
    department_name: str
    file_name: str
    state: DeliveryState
    percent: int
    stage: str
    message: str
    advice: str
    received_at: datetime
    batch_no: int | None


def receipt(scope: Scope, batch_no: int) -> Receipt:
    """The receipt of a batch with its problems by kind, the most frequent first."""
    summary = batch(scope, batch_no)
    contract = load_contracts(settings.PACK)[summary.type]
    groups = FindingGroup.objects.filter(batch__number=batch_no).order_by("level", "-count", "check_id")
    return Receipt(summary, contract.title, tuple(_group(contract, group) for group in groups))


def findings(
    scope: Scope, batch_no: int, *, level: str | None = "error", code: str | None = None, column: str | None = None,
    after_row: int = 0, limit: int | None = None,
) -> Iterator[Finding]:  # fmt: skip
    """The single problems of a batch by row, without any cap unless `limit` says so."""
    summary = batch(scope, batch_no)
    contract = load_contracts(settings.PACK)[summary.type]
    wanted = ds.field("row_no") > after_row
    for name, value in (("level", level), ("check_id", code), ("column_name", column)):
        if value is not None:
            wanted = wanted & (ds.field(name) == value)
    left = limit
    for file in files(scope, batch_no, home=settings.HOME):
        if file.kind is not FileKind.FINDINGS:
            continue
        for slice_ in ds.dataset(file.path).to_batches(filter=wanted):
            for row in slice_.to_pylist():
                if left == 0:
                    return
                yield _finding(contract, row)
                left = None if left is None else left - 1


def deliveries(scope: Scope, *, limit: int = 50) -> tuple[DeliverySummary, ...]:
    """The latest deliveries within the caller's reach."""
    found = _visible(scope).order_by("-received_at", "id")[:limit]
    return tuple(_delivery(item) for item in found)


def delivery(scope: Scope, delivery_id: UUID) -> DeliverySummary:
    """One delivery; NotFound outside the caller's reach."""
    found = _visible(scope).filter(pk=delivery_id).first()
    if found is None:
        raise NotFound("没有这次报送，或者它不属于您的部门。")
    return _delivery(found)


def words(contract: Contract, code: str, column: str, variant: str) -> tuple[str, str]:
    """Message and advice for one kind of problem."""
    if not column and variant in SHAPE:
        return SHAPE[variant]
    found = explain(contract, code, column, variant)
    return found.message, found.advice


def _visible(scope: Scope) -> QuerySet[Delivery]:
    if scope.public:
        return Delivery.objects.none()
    found = Delivery.objects.select_related("department", "batch")
    if scope.region:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return found


def _delivery(item: Delivery) -> DeliverySummary:
    return DeliverySummary(
        id=item.pk,
        type=item.type,
        title=load_contracts(settings.PACK)[item.type].title,
        department_name=item.department.name,
        file_name=item.file_name,
        state=DeliveryState(item.state),
        percent=item.percent,
        stage=item.stage,
        message=item.message,
        advice=item.advice,
        received_at=item.received_at,
        batch_no=item.batch.number if item.batch else None,
    )


def _group(contract: Contract, group: FindingGroup) -> GroupOfFindings:
    message, advice = words(contract, group.check_id, group.column, group.variant)
    return GroupOfFindings(
        code=group.check_id,
        column=group.column,
        label=_label(contract, group.column),
        level=group.level,
        message=message,
        advice=advice,
        count=group.count,
        first_row=group.first_row,
    )


def _finding(contract: Contract, row: dict[str, Any]) -> Finding:
    message, advice = words(contract, row["check_id"], row["column_name"], row["variant"])
    return Finding(
        row=row["row_no"],
        column=row["column_name"],
        label=_label(contract, row["column_name"]),
        code=row["check_id"],
        level=row["level"],
        message=message,
        advice=advice,
        value=row["value"] or "",
    )


def _label(contract: Contract, column: str) -> str:
    return contract.field(column).label if column else "整行"

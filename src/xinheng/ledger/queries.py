"""What may be asked about batches and their files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Count, Q, QuerySet, Sum

from xinheng.base.errors import NotFound
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.ledger.lookup import (
    AcceptedFile,
    LedgerRow,
    accepted_files,
    accepted_row,
    batches_in_reach,
    rows_of_subject,
    visible_files,
)
from xinheng.ledger.models import Batch, Channel, DataFile, FileKind

__all__ = [
    "AcceptedFile",
    "BatchSummary",
    "Holding",
    "LedgerFile",
    "LedgerRow",
    "RetiredFiles",
    "accepted_files",
    "accepted_row",
    "batch",
    "batches",
    "batches_in_reach",
    "files",
    "holdings",
    "retired_files",
    "rows_of_subject",
]


@dataclass(frozen=True)
class BatchSummary:
    """One delivered file and how its rows ended."""

    number: int
    type: str
    department_id: int
    department_name: str
    channel: str
    file_name: str
    sha256: str
    size: int
    submitted_by: str
    received_at: datetime
    known_at: datetime
    rows: int
    accepted: int
    amended: int
    unchanged: int
    withdrawn: int
    rejected: int
    warnings: int
    errors_total: int
    timely: int
    late: int
    linked: int
    sealed_persons: int
    held: bool
    released_at: datetime | None


@dataclass(frozen=True)
class LedgerFile:
    """A file of the manifest, where it lies now."""

    kind: FileKind
    path: Path
    rows: int
    sha256: str


@dataclass(frozen=True)
class Holding:
    """The accepted rows of one record type; `loose` files were not gathered yet."""

    type: str
    rows: int
    files: int
    loose: int
    bytes: int


@dataclass(frozen=True)
class RetiredFiles:
    """Files out of sight that are still on the disk."""

    files: int
    bytes: int


def holdings(scope: Scope) -> tuple[Holding, ...]:
    """What the ledger holds of each type in the caller's region."""
    found = (
        visible_files(scope)
        .values("type")
        .annotate(
            total=Sum("rows"), number=Count("pk"), loose=Count("pk", filter=Q(batch__isnull=False)), length=Sum("size")
        )
        .order_by("type")
    )
    return tuple(Holding(one["type"], one["total"], one["number"], one["loose"], one["length"]) for one in found)


def retired_files(scope: Scope) -> RetiredFiles:
    """What left the manifest of the caller's region and waits for its end on the disk."""
    found = DataFile.objects.filter(visible_until__isnull=False)
    if scope.public:
        found = found.none()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    total = found.aggregate(number=Count("pk"), length=Sum("size"))
    return RetiredFiles(total["number"], total["length"] or 0)


def batches(
    scope: Scope, *, type: str | None = None, department: int | None = None, held: bool | None = None,
    submitted_by: int | None = None, before: int | None = None, limit: int = 50,
) -> tuple[BatchSummary, ...]:  # fmt: skip
    """Batches of the caller's region and departments, newest first, continuing below number `before`."""
    found = _visible(scope)
    if type:
        found = found.filter(type=type)
    if department:
        found = found.filter(department_id=department)
    if held is not None:
        found = found.filter(held=held, released_at=None)
    if submitted_by is not None:
        found = found.filter(submitted_by_id=submitted_by)
    if before:
        found = found.filter(number__lt=before)
    return tuple(_summary(batch) for batch in found.order_by("-number")[:limit])


def batch(scope: Scope, number: int) -> BatchSummary:
    """One batch; NotFound outside the caller's reach."""
    return _summary(_one(scope, number))


def files(scope: Scope, number: int, *, home: Home) -> tuple[LedgerFile, ...]:
    """The files of a batch; its accepted rows may have been gathered with others, see `accepted_files`."""
    found = DataFile.objects.filter(batch=_one(scope, number), visible_until=None).order_by("id")
    return tuple(LedgerFile(FileKind(f.kind), home.root / f.path, f.rows, f.sha256) for f in found)


def _one(scope: Scope, number: int) -> Batch:
    found = _visible(scope).filter(number=number).first()
    if found is None:
        raise NotFound(f"没有第 {number} 号批次，或者它不属于您的部门。", "请核对批次号。")
    return found


def _visible(scope: Scope) -> QuerySet[Batch]:
    if scope.public:
        return Batch.objects.none()
    found = Batch.objects.select_related("department", "submitted_by")
    if scope.region:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return found


def _summary(batch: Batch) -> BatchSummary:
    return BatchSummary(
        number=batch.number,
        type=batch.type,
        department_id=batch.department_id,
        department_name=batch.department.name,
        channel=str(Channel(batch.channel).label),
        file_name=batch.file_name,
        sha256=batch.sha256,
        size=batch.size,
        submitted_by=batch.submitted_by.display_name if batch.submitted_by else batch.submitted_by_client,
        received_at=batch.received_at,
        known_at=batch.known_at,
        rows=batch.rows,
        accepted=batch.accepted,
        amended=batch.amended,
        unchanged=batch.unchanged,
        withdrawn=batch.withdrawn,
        rejected=batch.rejected,
        warnings=batch.warnings,
        errors_total=batch.errors_total,
        timely=batch.timely,
        late=batch.late,
        linked=batch.linked,
        sealed_persons=batch.sealed_persons,
        held=batch.held,
        released_at=batch.released_at,
    )

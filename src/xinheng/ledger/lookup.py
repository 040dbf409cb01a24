"""All rows of one subject out of the whole ledger: few files by the manifest, few row groups by their statistics."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.expressions import CombinedExpression

from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.duck import duck
from xinheng.engines.point import rows_where
from xinheng.ledger.models import Batch, DataFile, FileKind

WITHDRAWN = "withdrawn"
"""What a row states that takes an earlier one back."""
PLACES = ("batch_no", "row_no", "type", "subject_no", "statement", "record_no", "version", "key_hash", "content_hash")
"""Columns of every file of accepted rows; the others are the fields of the contract."""


@dataclass(frozen=True)
class AcceptedFile:
    """A file of accepted rows, all of one region and type; some rows may be of batches outside the caller's reach."""

    path: Path
    type: str
    region_id: int
    rows: int
    size: int
    first_batch: int
    last_batch: int


@dataclass(frozen=True)
class LedgerRow:
    """What one row states; `values` are the contract's fields that are no personal ones, as stored."""

    type: str
    batch_no: int
    row_no: int
    subject_no: int | None
    key_hash: str
    withdrawn: bool
    department_id: int
    department_name: str
    received_at: datetime
    known_at: datetime
    day: date | None
    """The contract's day of decision, where it has one."""
    values: dict[str, Any]


@dataclass(frozen=True)
class _Sent:
    """By whom and when a batch was sent."""

    department_id: int
    department_name: str
    received_at: datetime
    known_at: datetime


def accepted_files(
    scope: Scope, *, home: Home, types: Collection[str] | None = None, batches: Collection[int] | None = None
) -> tuple[AcceptedFile, ...]:
    """The files that hold the accepted rows of the caller's region, of these types and batches; none for the public.

    A file gathered from many batches may hold rows of other batches as well: filter rows by `batch_no`, and by
    `batches_in_reach` for a caller who is bound to departments. Take a hold before reading for longer than a page.
    """
    found = visible_files(scope)
    if types is not None:
        found = found.filter(type__in=types)
    if batches is not None:
        inside = sorted(set(batches))
        if not inside:
            return ()
        found = found.filter(first_batch__lte=inside[-1], last_batch__gte=inside[0])
        wanted = set(inside)
        found_files = [file for file in found.order_by("pk") if file.batch_id is None or file.first_batch in wanted]
    else:
        found_files = list(found.order_by("pk"))
    return tuple(_file(home, file) for file in found_files)


def batches_in_reach(scope: Scope, *, types: Collection[str] | None = None) -> dict[int, int]:
    """The department of each batch whose rows the caller may read; of certain types only, if these are given."""
    found = _batches(scope)
    if types is not None:
        found = found.filter(type__in=types)
    return dict(found.values_list("number", "department_id"))


def rows_of_subject(
    scope: Scope, subjects: Collection[int], *, home: Home, as_at: date, types: Collection[str] | None = None,
    known_before: datetime | None = None,
) -> tuple[LedgerRow, ...]:  # fmt: skip
    """What the ledger states of the subject with these numbers (its own and those linked to it), newest day first.

    Of several statements with one business key the latest counts; one that takes back is given with `withdrawn`.
    Rows of a later day than `as_at` and batches known at `known_before` or later are left out.
    """
    numbers = sorted(set(subjects))
    if not numbers or (types is not None and not types):
        return ()
    files = visible_files(scope).filter(_may_hold(numbers))
    if types is not None:
        files = files.filter(type__in=types)
    by_type: dict[str, list[Path]] = defaultdict(list)
    for type, path in files.values_list("type", "path"):
        by_type[type].append(home.root / path)
    rows = rows_where(list(by_type.values()), "subject_no", numbers)
    return _stated(scope, rows, as_at=as_at, known_before=known_before)


def accepted_row(scope: Scope, number: int, row_no: int, *, home: Home) -> dict[str, Any] | None:
    """One accepted row of a batch with all its columns, typed; None when the ledger has no such row."""
    files = accepted_files(scope, home=home, batches=[number])
    types = set(_batches(scope).filter(number=number).values_list("type", flat=True))
    paths = [str(file.path) for file in files if file.type in types]
    if not paths:
        return None
    with duck(home.tmp) as engine:
        cursor = engine.raw.execute(
            "SELECT * FROM read_parquet(?, union_by_name = true) WHERE batch_no = ? AND row_no = ?",
            [paths, number, row_no],
        )
        names = [column[0] for column in cursor.description]
        row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def _may_hold(numbers: Iterable[int]) -> Q:
    """Files whose range and remainder admit one of the subject numbers; those with no range are from before it."""
    found = Q(first_subject=None)
    for number in numbers:
        remainder = CombinedExpression(Value(number), "%%", F("modulus"), output_field=IntegerField())
        found |= Q(first_subject__lte=number, last_subject__gte=number, remainder=remainder)
    return found


def _stated(
    scope: Scope, rows: list[dict[str, Any]], *, as_at: date, known_before: datetime | None
) -> tuple[LedgerRow, ...]:
    batches = _batches(scope).filter(number__in={row["batch_no"] for row in rows})
    if known_before is not None:
        batches = batches.filter(known_at__lt=known_before)
    columns = ("number", "department_id", "department__name", "received_at", "known_at")
    known = {number: _Sent(*facts) for number, *facts in batches.values_list(*columns)}
    latest: dict[tuple[str, str], LedgerRow] = {}
    for row in sorted(rows, key=lambda row: (row["batch_no"], row["row_no"])):
        if sent := known.get(row["batch_no"]):
            latest[row["type"], row["key_hash"]] = _row(row, sent)
    kept = [row for row in latest.values() if row.day is None or row.day <= as_at]
    return tuple(sorted(kept, key=lambda row: (row.day or date.min, row.batch_no, row.row_no), reverse=True))


def _row(row: dict[str, Any], sent: _Sent) -> LedgerRow:
    contract = load_contracts(settings.PACK).get(row["type"])
    day = row.get(contract.roles.decided_on) if contract else None
    return LedgerRow(
        type=row["type"],
        batch_no=row["batch_no"],
        row_no=row["row_no"],
        subject_no=row.get("subject_no"),
        key_hash=row["key_hash"],
        withdrawn=row["statement"] == WITHDRAWN,
        department_id=sent.department_id,
        department_name=sent.department_name,
        received_at=sent.received_at,
        known_at=sent.known_at,
        day=date.fromisoformat(day) if day else None,
        values={name: value for name, value in row.items() if name not in PLACES},
    )


def _file(home: Home, file: DataFile) -> AcceptedFile:
    return AcceptedFile(
        path=home.root / file.path,
        type=file.type,
        region_id=file.region_id or 0,
        rows=file.rows,
        size=file.size,
        first_batch=file.first_batch or 0,
        last_batch=file.last_batch or 0,
    )


def visible_files(scope: Scope) -> QuerySet[DataFile]:
    """The lines of the manifest that readers of this region see."""
    found = DataFile.objects.filter(kind=FileKind.ACCEPTED, visible_until=None)
    if scope.public:
        return found.none()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    return found


def _batches(scope: Scope) -> QuerySet[Batch]:
    if scope.public:
        return Batch.objects.none()
    found = Batch.objects.select_related("department")
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return found

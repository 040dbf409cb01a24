"""What may be asked about codes at fault: the findings, one of them, and the rates by department."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.engines.duck import duck
from xinheng.governance.looking import look
from xinheng.governance.models import DOUBLE, WRONG, CodeCheck, Figure, Finding, Kind, Outcome, Step
from xinheng.ledger.models import Batch
from xinheng.people.guarding import officers_only
from xinheng.people.models import Department, User
from xinheng.people.queries import regions
from xinheng.register.references import record_ref

PER = 10_000
"""Rates are told per so many subjects."""


@dataclass(frozen=True)
class FindingLine:
    """One fault of a department's rows."""

    id: int
    kind: str
    kind_label: str
    key: str
    department_id: int
    department_name: str
    found_at: datetime
    assigned_to: str
    closed_at: datetime | None
    outcome: str
    outcome_label: str
    note: str


@dataclass(frozen=True)
class EvidenceLine:
    """A row that shows it: batch and file, row, and the record, where it became one."""

    batch_no: int
    file_name: str
    row_no: int
    record_ref: str
    code: str
    name: str


@dataclass(frozen=True)
class StepLine:
    """What happened to a finding."""

    at: datetime
    label: str
    by: str
    note: str


@dataclass(frozen=True)
class FindingPage:
    """One finding with the rows that show it, what the same key looks like elsewhere, and its history."""

    line: FindingLine
    rows: tuple[EvidenceLine, ...]
    others: tuple[FindingLine, ...]
    steps: tuple[StepLine, ...]
    clerks: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class DepartmentRates:
    """Faults of one department by kind, and its rates per 10 000 subjects."""

    department_id: int
    department_name: str
    subjects: int
    faults: dict[str, int]

    def rate(self, *kinds: Kind) -> Decimal:
        """Faults of these kinds per 10 000 subjects, to two places; 0 without subjects."""
        if not self.subjects:
            return Decimal("0.00")
        count = sum(self.faults.get(kind.value, 0) for kind in kinds)
        return (Decimal(count * PER) / Decimal(self.subjects)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def wrong(self) -> Decimal:
        """错码率, per 10 000."""
        return self.rate(*WRONG)

    @property
    def double(self) -> Decimal:
        """重码率, per 10 000."""
        return self.rate(*DOUBLE)

    @property
    def without(self) -> Decimal:
        """Without a code of today, per 10 000."""
        return self.rate(Kind.MISSING, Kind.OLD_CODE)


@dataclass(frozen=True)
class Rates:
    """What one look counted; `at` is None where it was not kept."""

    at: datetime | None
    last_batch: int
    departments: tuple[DepartmentRates, ...]

    @property
    def total(self) -> DepartmentRates:
        """All departments together."""
        faults: dict[str, int] = defaultdict(int)
        for one in self.departments:
            for kind, count in one.faults.items():
                faults[kind] += count
        return DepartmentRates(0, "合计", sum(one.subjects for one in self.departments), dict(faults))


def findings(
    scope: Scope, *, kind: str = "", department: int | None = None, assigned_to: int | None = None,
    closed: bool = False, before: int | None = None, limit: int = 100,
) -> tuple[FindingLine, ...]:  # fmt: skip
    """Findings within the caller's reach, newest first: the open ones, or those that ended."""
    found = _visible(scope).filter(closed_at__isnull=not closed)
    if kind:
        found = found.filter(kind=kind)
    if department:
        found = found.filter(department=department)
    if assigned_to:
        found = found.filter(assigned_to=assigned_to)
    if before:
        found = found.filter(pk__lt=before)
    return tuple(_line(one) for one in found.order_by("-pk")[:limit])


def finding(scope: Scope, number: int) -> FindingPage:
    """One finding; NotFound outside the caller's reach."""
    found = _visible(scope).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这项代码问题，或者它不属于您的部门。", "请从列表重新进入。")
    others = Finding.objects.select_related("department", "assigned_to").filter(
        region=found.region_id, kind=found.kind, key=found.key, closed_at=None
    )
    rows = list(found.rows.order_by("batch_no", "row_no"))
    files = dict(Batch.objects.filter(number__in={row.batch_no for row in rows}).values_list("number", "file_name"))
    return FindingPage(
        line=_line(found),
        rows=tuple(
            EvidenceLine(
                row.batch_no, files.get(row.batch_no, ""), row.row_no,
                record_ref(row.record_no) if row.record_no is not None else "", row.code, row.name,
            )
            for row in rows
        ),
        others=tuple(_line(one) for one in others.exclude(pk=found.pk)),
        steps=tuple(
            StepLine(one.at, str(Step(one.step).label), one.actor_name, one.note) for one in found.steps.order_by("pk")
        ),
        clerks=tuple(
            User.objects.filter(department=found.department_id, is_active=True)
            .order_by("pk").values_list("pk", "display_name")
        ),
    )  # fmt: skip


def rates(scope: Scope) -> Rates | None:
    """What the last look at all codes counted, the department with most faults first; None before the first."""
    officers_only(scope)
    run = CodeCheck.objects.filter(region__code=scope.region).order_by("-pk").first()
    if run is None:
        return None
    figures = Figure.objects.filter(check_run=run).select_related("department")
    if scope.departments:
        figures = figures.filter(department__in=scope.departments)
    counted: dict[int, tuple[str, int, dict[str, int]]] = {}
    for one in figures:
        _, _, faults = counted.setdefault(one.department_id, (one.department.name, one.subjects, {}))
        faults[one.kind] = one.faults
    return Rates(run.at, run.last_batch, _sorted(counted))


def rates_as_at(scope: Scope, *, as_at: date, folder: Path) -> Rates:
    """The same counted anew by what was known at the end of a day; nothing is kept."""
    officers_only(scope)
    found = regions(scope)[0]
    with duck(folder) as engine, connection.cursor() as cursor:
        seen = look(engine, cursor, region_id=found.id, as_at=as_at, folder=folder)
        subjects = dict(engine.rows("SELECT department_id, subjects FROM subjects_of"))
        names = dict(Department.objects.filter(pk__in=subjects).values_list("pk", "name"))
        counted = {number: (names[number], int(count), dict[str, int]()) for number, count in subjects.items()}
        for department, kind, count in engine.rows(
            "SELECT department_id, kind, count(DISTINCT key) FROM faults GROUP BY 1, 2"
        ):
            counted[department][2][kind] = int(count)
    return Rates(None, seen.last_batch, _sorted(counted))


def needs_look(scope: Scope) -> bool:
    """Whether something came in since the last look."""
    officers_only(scope)
    newest = (
        Batch.objects.filter(region__code=scope.region).order_by("-number").values_list("number", flat=True).first()
    )
    seen = (
        CodeCheck.objects.filter(region__code=scope.region).order_by("-pk").values_list("last_batch", flat=True).first()
    )
    return newest is not None and (seen is None or newest > seen)


def _sorted(counted: dict[int, tuple[str, int, dict[str, int]]]) -> tuple[DepartmentRates, ...]:
    found = [DepartmentRates(number, name, subjects, faults) for number, (name, subjects, faults) in counted.items()]
    return tuple(sorted(found, key=lambda one: (-sum(one.faults.values()), one.department_id)))


def _visible(scope: Scope) -> QuerySet[Finding]:
    officers_only(scope)
    found = Finding.objects.select_related("department", "assigned_to")
    if scope.region:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department__in=scope.departments)
    return found


def _line(row: Finding) -> FindingLine:
    return FindingLine(
        id=row.pk,
        kind=row.kind,
        kind_label=str(Kind(row.kind).label),
        key=row.key,
        department_id=row.department_id,
        department_name=row.department.name,
        found_at=row.found_at,
        assigned_to=row.assigned_to.display_name if row.assigned_to else "",
        closed_at=row.closed_at,
        outcome=row.outcome,
        outcome_label=str(Outcome(row.outcome).label) if row.outcome else "",
        note=row.note,
    )

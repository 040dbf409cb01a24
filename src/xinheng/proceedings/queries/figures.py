"""How objections and repairs are handled, in numbers: nothing in them leads to an organisation."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet

from xinheng.base.clock import SHANGHAI, today, working_days_between
from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.effects.models import Effect, Kind
from xinheng.people.models import Region
from xinheng.proceedings.models import Case, CaseEvent
from xinheng.proceedings.procedures import load_procedures

UPHELD = ("upheld", "corrected")
PER = 100_000
TARGET_DAYS = 5
TARGET_PER_100_000 = 1


@dataclass(frozen=True)
class ObjectionFigures:
    """Objections received in a period. Hundredths keep the figures whole numbers."""

    received: int
    closed: int
    upheld: int
    published: int
    """Publications of the region that stood at some time of the period."""
    upheld_per_100_000_in_hundredths: int | None
    mean_days_in_hundredths: int | None
    """Working days from receipt to the end, over the closed ones."""

    @property
    def mean_days(self) -> str:
        return _hundredths(self.mean_days_in_hundredths)

    @property
    def upheld_per_100_000(self) -> str:
        return _hundredths(self.upheld_per_100_000_in_hundredths)

    @property
    def ratio_met(self) -> bool | None:
        value = self.upheld_per_100_000_in_hundredths
        return None if value is None else value <= TARGET_PER_100_000 * 100

    @property
    def days_met(self) -> bool | None:
        value = self.mean_days_in_hundredths
        return None if value is None else value <= TARGET_DAYS * 100


@dataclass(frozen=True)
class RepairFigures:
    """Repairs received in a period; the local part runs from the approval to its execution."""

    received: int
    repaired: int
    local_mean_days_in_hundredths: int | None
    late: int
    local_limit: int | None
    """Working days the local part may take, by the rules of the last day; None where none is verified."""

    @property
    def local_mean_days(self) -> str:
        return _hundredths(self.local_mean_days_in_hundredths)


def objection_figures(scope: Scope, *, first: date, last: date) -> ObjectionFigures:
    """Ratio of upheld objections and mean handling time of what was received from `first` to `last`."""
    cases = list(_received(scope, "objection", first, last).values_list("state", "opened_at", "closed_at"))
    closed = [(opened, ended) for _, opened, ended in cases if ended is not None]
    upheld = sum(state in UPHELD for state, _, _ in cases)
    published = _published(scope, first, last)
    return ObjectionFigures(
        received=len(cases),
        closed=len(closed),
        upheld=upheld,
        published=published,
        upheld_per_100_000_in_hundredths=upheld * PER * 100 // published if published else None,
        mean_days_in_hundredths=_mean(closed),
    )


def repair_figures(scope: Scope, *, first: date, last: date) -> RepairFigures:
    """How long the local part of a repair takes."""
    cases = _received(scope, "repair", first, last)
    done = list(CaseEvent.objects.filter(case__in=cases.values("pk"), event="execute").values_list("case_id", "at"))
    approved = dict(
        CaseEvent.objects.filter(case__in=[case for case, _ in done], to_state="approved").values_list("case_id", "at")
    )
    spans = [(approved[case], at) for case, at in done if case in approved]
    limit = _execution_days(last)
    late = sum(limit is not None and working_days_between(today(a), today(b)).days > limit for a, b in spans)
    return RepairFigures(cases.count(), len(done), _mean(spans), late, limit)


def _received(scope: Scope, procedure: str, first: date, last: date) -> QuerySet[Case]:
    if scope.public:
        raise Refused("此项信息不对外公开。")
    begins = datetime.combine(first, time.min, tzinfo=SHANGHAI)
    ends = datetime.combine(last + timedelta(days=1), time.min, tzinfo=SHANGHAI)
    found = Case.objects.filter(procedure=procedure, opened_at__gte=begins, opened_at__lt=ends)
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return found


def _published(scope: Scope, first: date, last: date) -> int:
    found = Effect.objects.filter(kind=Kind.PUBLICATION, starts__lte=last).exclude(ends__lte=first)
    begins = datetime.combine(first, time.min, tzinfo=SHANGHAI)
    found = found.exclude(ended_at__lt=begins)
    if scope.region is not None:
        found = found.filter(region_id__in=Region.objects.filter(code=scope.region).values("pk"))
    return found.count()


def _hundredths(value: int | None) -> str:
    return "" if value is None else f"{value // 100}.{value % 100:02d}"


def _mean(spans: list[tuple[datetime, datetime]]) -> int | None:
    if not spans:
        return None
    return sum(working_days_between(today(a), today(b)).days for a, b in spans) * 100 // len(spans)


def _execution_days(day: date) -> int | None:
    versions = load_procedures(settings.PACK).get("repair", ())
    rule = versions[-1].deadline("execution") if versions else None
    value = rule.value_at(day) if rule else None
    return value.days if value else None

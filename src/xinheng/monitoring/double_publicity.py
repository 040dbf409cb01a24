"""The three rates of double publicity, per department and month, counted in the database.

Compliance counts rows by month of receipt, timeliness records by the month of their first receipt, coverage
records by month of decision against the department's own ledger.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.monitoring.case_ledger import Counted, acts_by_department
from xinheng.people.queries import departments
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.rules import value_at

DOUBLE_PUBLICITY = ("行政许可", "行政处罚")
ACTS = (
    "行政许可",
    "行政处罚",
    "行政强制",
    "行政确认",
    "行政征收",
    "行政给付",
    "行政裁决",
    "行政补偿",
    "行政奖励",
    "行政监督检查",
)
_FORMULAS = ("quality_compliance_rate", "quality_timeliness_rate", "quality_report_rate")

Month = date
"""A month, by its first day."""


@dataclass(frozen=True)
class Rate:
    """A share; `percent` has two decimals, rounded down, and is None where it cannot be known."""

    part: int
    whole: int
    percent: str | None
    reason: str = ""


@dataclass(frozen=True)
class Quality:
    """How one department reported in one month."""

    department_id: int
    department_name: str
    month: Month
    received: int
    compliance: Rate
    timeliness: Rate
    coverage: Rate


@dataclass(frozen=True)
class Formula:
    """How a rate is counted, and on whose word."""

    name: str
    text: str
    citation: str
    verified: bool


@dataclass(frozen=True)
class _Counts:
    rows: Mapping[tuple[int, Month], tuple[int, int]]
    """Rows received, and among them refused ones."""
    records: Mapping[tuple[int, Month], tuple[int, int]]
    """Records first received, and among them timely ones."""
    decided: Mapping[tuple[int, Month], Mapping[str, int]]
    """Records by month of decision, for each kind of act."""
    ledger: Mapping[tuple[int, Month], Mapping[str, int]]
    """The acts the departments listed, for each kind."""


def quality_by_department(scope: Scope, *, month: Month, act: str | None, pack: str, home: Home) -> tuple[Quality, ...]:
    """All departments of the caller's reach in one month; `act` None means licences and penalties."""
    counts = _count(scope, month, _next(month), act, pack, home)
    return tuple(_quality(one.id, one.name, month, counts) for one in departments(scope, active_only=False))


def quality_by_month(
    scope: Scope, *, department: int, months: Sequence[Month], act: str | None, pack: str, home: Home
) -> tuple[Quality, ...]:
    """One department in these months, in the order given."""
    counts = _count(scope, min(months), _next(max(months)), act, pack, home)
    names = {one.id: one.name for one in departments(scope, active_only=False)}
    return tuple(_quality(department, names[department], month, counts) for month in months if department in names)


def formulas(scope: Scope, *, pack: str, as_at: date) -> tuple[Formula, ...]:
    """How the rates are counted, from the rulebook."""
    rules = load_pack(pack).rules()
    found = []
    for key in _FORMULAS:
        dated = value_at(rules[key], as_at)
        found.append(Formula(rules[key].description, str(dated.value), dated.citation, dated.verified))
    return tuple(found)


def _quality(department: int, name: str, month: Month, counts: _Counts) -> Quality:
    place = (department, month)
    received, refused = counts.rows.get(place, (0, 0))
    first, timely = counts.records.get(place, (0, 0))
    return Quality(
        department_id=department,
        department_name=name,
        month=month,
        received=received,
        compliance=_rate(received - refused, received, "这个月没有收到"),
        timeliness=_rate(timely, first, "这个月没有首次收到的记录"),
        coverage=_coverage(counts.decided.get(place, {}), counts.ledger.get(place, {})),
    )


def _coverage(decided_by_act: Mapping[str, int], listed_by_act: Mapping[str, int]) -> Rate:
    """Known only when every kind of act that was sent is also listed: else the sent ones prove nothing."""
    decided, listed = sum(decided_by_act.values()), sum(listed_by_act.values())
    if not listed_by_act:
        return Rate(decided, 0, None, "没有这个月的履职台账")
    if unlisted := [act for act in decided_by_act if act not in listed_by_act]:
        return Rate(decided, listed, None, f"台账没有登记{'、'.join(unlisted)}")
    if decided > listed:
        return Rate(decided, listed, None, f"已报送 {decided} 件，多于台账的 {listed} 件，请核对台账")
    return _rate(decided, listed, "台账登记为 0 件")


def _rate(part: int, whole: int, nothing: str) -> Rate:
    if not whole:
        return Rate(part, whole, None, nothing)
    hundredths = part * 10_000 // whole
    return Rate(part, whole, f"{hundredths // 100}.{hundredths % 100:02}")


def _count(scope: Scope, first: Month, end: Month, act: str | None, pack: str, home: Home) -> _Counts:
    if scope.public:
        raise Refused("此项信息不对外公开。")
    acts = (act,) if act else DOUBLE_PUBLICITY
    acts_of = {key: contract.act for key, contract in load_contracts(pack).items() if contract.act in acts}
    reach, parameters = _reach(scope)
    parameters |= {
        "types": list(acts_of),
        "first": first,
        "end": end,
        "from_moment": datetime.combine(first, time.min, tzinfo=SHANGHAI),
        "to_moment": datetime.combine(end, time.min, tzinfo=SHANGHAI),
    }
    return _Counts(
        rows=_pairs(_ROWS.format(reach=reach), parameters),
        records=_pairs(_RECORDS.format(reach=reach), parameters),
        decided=_decided(_DECIDED.format(reach=reach), parameters, acts_of),
        ledger=_listed(acts_by_department(scope, home=home), acts),
    )


_MONTH = "date_trunc('month', {} AT TIME ZONE 'Asia/Shanghai')::date"
_ROWS = (
    "SELECT x.department_id, "
    + _MONTH.format("x.received_at")
    + """, sum(x.rows), sum(x.rejected) FROM ledger_batch x JOIN people_region g ON g.id = x.region_id
    WHERE x.type = ANY(%(types)s) AND x.received_at >= %(from_moment)s AND x.received_at < %(to_moment)s {reach}
    GROUP BY 1, 2"""
)
_RECORDS = (
    "SELECT x.department_id, "
    + _MONTH.format("x.first_received_at")
    + """, count(*), count(*) FILTER (WHERE x.timely)
    FROM register_record x JOIN people_region g ON g.id = x.region_id
    WHERE x.type = ANY(%(types)s) AND x.known_to IS NULL AND NOT x.withdrawn AND x.timely IS NOT NULL
      AND x.first_received_at >= %(from_moment)s AND x.first_received_at < %(to_moment)s {reach}
    GROUP BY 1, 2"""
)
_DECIDED = """
    SELECT x.department_id, date_trunc('month', x.decided_on)::date, x.type, count(*)
    FROM register_record x JOIN people_region g ON g.id = x.region_id
    WHERE x.type = ANY(%(types)s) AND x.known_to IS NULL AND NOT x.withdrawn
      AND x.decided_on >= %(first)s AND x.decided_on < %(end)s {reach}
    GROUP BY 1, 2, 3
"""


def _reach(scope: Scope) -> tuple[str, dict[str, Any]]:
    condition, parameters = "", dict[str, Any]()
    if scope.region is not None:
        condition += " AND g.code = %(region)s"
        parameters["region"] = scope.region
    if scope.departments:
        condition += " AND x.department_id = ANY(%(departments)s)"
        parameters["departments"] = list(scope.departments)
    return condition, parameters


def _pairs(statement: str, parameters: Mapping[str, Any]) -> dict[tuple[int, Month], tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {(int(row[0]), row[1]): (int(row[2]), int(row[3])) for row in cursor.fetchall()}


def _decided(
    statement: str, parameters: Mapping[str, Any], acts_of: Mapping[str, str]
) -> dict[tuple[int, Month], Counter[str]]:
    found: dict[tuple[int, Month], Counter[str]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for department, month, type, count in cursor.fetchall():
            found[int(department), month][acts_of[type]] += int(count)
    return found


def _listed(counted: Sequence[Counted], acts: Sequence[str]) -> dict[tuple[int, Month], Counter[str]]:
    found: dict[tuple[int, Month], Counter[str]] = defaultdict(Counter)
    for one in counted:
        if one.act in acts:
            found[one.department_id, one.month][one.act] += one.count
    return found


def _next(month: Month) -> Month:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)

"""Figures of measures: by measure, department and list; and the listed subjects with their treatment and share."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from django.conf import settings
from django.db import connection

from xinheng.base.scope import Scope
from xinheng.effects.queries.in_force import within
from xinheng.measures.models import Treatment
from xinheng.measures.reading import load_lists
from xinheng.register.models import LifeCycle
from xinheng.register.scoping import officers_only

By = Literal["measure", "department", "list"]
TARGET = Decimal("0.30")
"""Per cent of the operating entities that may be listed (seed figure of the county plan; not a legal rule)."""


@dataclass(frozen=True)
class Figure:
    """The tasks of one measure, department or list."""

    key: str
    title: str
    tasks: int
    waiting: int
    late: int
    executed: int
    cannot: int
    closed: int
    silent: int
    """Closed or late without a single word of the department."""
    feedback: int
    amount_fen: int


@dataclass(frozen=True)
class ListedSubject:
    """One subject with entries in force, as the office found it."""

    subject_no: int
    name: str
    credit_code: str
    lists: tuple[str, ...]
    situation: LifeCycle
    treatment: str
    noted_at: datetime | None
    noted_by: str


@dataclass(frozen=True)
class Governed:
    """The listed subjects and their share: operating listed subjects ÷ operating entities of the register."""

    subjects: tuple[ListedSubject, ...]
    listed: int
    untreated: int
    by_situation: tuple[tuple[LifeCycle, int], ...]
    operating_listed: int
    operating: int

    @property
    def share(self) -> Decimal | None:
        """Per cent, two decimals; None while the register knows no operating entity."""
        if not self.operating:
            return None
        return (Decimal(self.operating_listed) * 100 / self.operating).quantize(Decimal("0.01"))

    @property
    def on_target(self) -> bool:
        return self.share is not None and self.share < TARGET


_GROUPS: dict[By, tuple[str, str]] = {
    "measure": ("t.measure_key", "max(t.title)"),
    "department": ("d.code", "max(d.name)"),
    "list": ("t.list_key", "coalesce(max(l.title), t.list_key)"),
}


def task_figures(scope: Scope, *, by: By, as_at: date) -> tuple[Figure, ...]:
    """All tasks ever handed out, grouped; the most first."""
    officers_only(scope)
    condition, parameters = within(scope, "m")
    key, title = _GROUPS[by]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {key}, {title}, count(*),
                count(*) FILTER (WHERE m.state = 'waiting'),
                count(*) FILTER (WHERE m.state = 'waiting' AND m.due_on < %(as_at)s),
                count(*) FILTER (WHERE m.state = 'executed'),
                count(*) FILTER (WHERE m.state = 'cannot'),
                count(*) FILTER (WHERE m.state = 'closed'),
                count(*) FILTER (WHERE m.answered_at IS NULL AND m.due_on < coalesce(
                    (m.closed_at AT TIME ZONE 'Asia/Shanghai')::date, %(as_at)s)),
                coalesce(sum(f.number), 0), coalesce(sum(f.amount), 0)
            FROM measures_measuretask m
            JOIN effects_measureterms t ON t.id = m.terms_id
            JOIN people_department d ON d.id = m.department_id
            LEFT JOIN (
                SELECT DISTINCT ON (list_key) list_key, title FROM effects_listingterms ORDER BY list_key, id DESC
            ) l ON l.list_key = t.list_key
            LEFT JOIN (
                SELECT task_id, count(*) AS number, sum(amount_fen) AS amount FROM measures_feedback GROUP BY task_id
            ) f ON f.task_id = m.id
            WHERE true {condition} GROUP BY {key} ORDER BY count(*) DESC, {key}
            """,
            {"as_at": as_at, **parameters},
        )
        return tuple(Figure(str(row[0]), str(row[1]), *(int(one) for one in row[2:])) for row in cursor.fetchall())


def governed(scope: Scope, *, as_at: date) -> Governed:
    """Every subject of the region on a serious-dishonesty list that day, and their share of operating entities.

    Lists of abnormal operation are not counted: an address that cannot be found is no serious dishonesty.
    """
    officers_only(scope)
    serious = [one.key for one in load_lists(settings.PACK).values() if one.kind == "serious"]
    condition, parameters = within(Scope(region=scope.region), "e")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT e.subject_no, coalesce(max(o.name), max(r.subject_name)), coalesce(max(o.credit_code), ''),
                array_agg(DISTINCT t.title), coalesce(max(o.status), 'unknown')
            FROM effects_effect e
            JOIN effects_listingterms t ON t.id = e.terms_id
            JOIN register_record r ON r.id = e.record_id
            LEFT JOIN register_subjectlink l ON l.number = e.subject_no AND l.known_to IS NULL
            LEFT JOIN register_organisation o ON o.id = coalesce(l.organisation_id, e.subject_no)
            WHERE e.kind = 'listing' AND e.ended_at IS NULL AND e.starts <= %(as_at)s
              AND (e.ends IS NULL OR e.ends > %(as_at)s) AND t.list_key = ANY(%(serious)s) {condition}
            GROUP BY e.subject_no ORDER BY e.subject_no
            """,
            {"as_at": as_at, "serious": serious, **parameters},
        )
        rows = cursor.fetchall()
        cursor.execute(
            """
            SELECT count(*) FROM register_organisation o JOIN ledger_batch b ON b.number = o.created_batch_no
            JOIN people_region g ON g.id = b.region_id
            WHERE o.registered AND o.status = 'operating' AND (%(region)s::text IS NULL OR g.code = %(region)s)
            """,
            {"region": scope.region},
        )
        operating = int(cursor.fetchone()[0])
    newest = _treatments(scope, [int(row[0]) for row in rows])
    subjects = tuple(_subject(row, newest.get(int(row[0]))) for row in rows)
    counts = [(one, sum(1 for each in subjects if each.situation is one)) for one in LifeCycle]
    return Governed(
        subjects=subjects,
        listed=len(subjects),
        untreated=sum(1 for one in subjects if not one.treatment),
        by_situation=tuple((one, count) for one, count in counts if count),
        operating_listed=sum(1 for one in subjects if one.situation is LifeCycle.OPERATING),
        operating=operating,
    )


def _treatments(scope: Scope, numbers: list[int]) -> dict[int, Treatment]:
    found = Treatment.objects.filter(subject_no__in=numbers).select_related("noted_by").order_by("pk")
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    return {one.subject_no: one for one in found}


def _subject(row: tuple[int, str, str, list[str], str], noted: Treatment | None) -> ListedSubject:
    number, name, code, lists, status = row
    return ListedSubject(
        subject_no=number,
        name=name,
        credit_code=code,
        lists=tuple(lists),
        situation=LifeCycle(noted.situation if noted else status),
        treatment=noted.treatment if noted else "",
        noted_at=noted.noted_at if noted else None,
        noted_by=noted.noted_by.display_name if noted else "",
    )

"""Looking for misuse of access: mass reading, reading without a case, reading out of hours.

What is found is a lead for a person: it proves nothing and has no effect by itself.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xinheng.audit.queries import ReadingDay, reading_days
from xinheng.base.clock import is_working_day
from xinheng.base.scope import Scope
from xinheng.people.models import ApiClient, User
from xinheng.people.queries.offices import regions

DAYS = 30
"""How far the search goes back."""
OPENS, CLOSES = 7, 20
"""Hours of the day between which looking is nothing unusual."""
MANY_OFFICER, MANY_PROGRAM = 60, 5_000
"""Different objects read in one day that are more than ordinary work needs."""
MANY_UNNUMBERED = 10
"""Looks a day whose purpose names no case, batch or document."""


@dataclass(frozen=True)
class MisuseLead:
    """One day of one officer or program that deserves a look, with the reasons in words."""

    day: date
    actor_kind: str
    actor_id: str
    actor_name: str
    department_name: str
    looks: int
    objects: int
    reasons: tuple[str, ...]


def misuse_leads(scope: Scope, *, now: datetime, days: int = DAYS) -> tuple[MisuseLead, ...]:
    """Days of unusual reading in the scope's region, newest first."""
    found = reading_days(
        scope,
        region_ids=[one.id for one in regions(scope)],
        since=now - timedelta(days=days),
        opens=OPENS,
        closes=CLOSES,
    )
    flagged = [(one, reasons) for one in found if (reasons := _reasons(one))]
    departments = _departments([one for one, _ in flagged])
    return tuple(
        MisuseLead(
            day=one.day,
            actor_kind=one.actor_kind,
            actor_id=one.actor_id,
            actor_name=one.actor_name,
            department_name=departments.get((one.actor_kind, one.actor_id), ""),
            looks=one.looks,
            objects=one.objects,
            reasons=reasons,
        )
        for one, reasons in flagged
    )


def _reasons(one: ReadingDay) -> tuple[str, ...]:
    program = one.actor_kind == "client"
    found = []
    if one.objects >= (MANY_PROGRAM if program else MANY_OFFICER):
        found.append(f"一天查阅 {one.objects} 个对象")
    if program:  # a program works at night, and by its own department's tasks
        return tuple(found)
    if one.without_number >= MANY_UNNUMBERED:
        found.append(f"{one.without_number} 次查阅的用途没有写明案件、批次或文书编号")
    if not is_working_day(one.day):
        found.append(f"非工作日查阅 {one.looks} 次")
    elif one.outside:
        found.append(f"{CLOSES} 时以后或 {OPENS} 时以前查阅 {one.outside} 次")
    return tuple(found)


def _departments(days: list[ReadingDay]) -> dict[tuple[str, str], str]:
    officers = {int(one.actor_id) for one in days if one.actor_kind == "officer"}
    programs = {one.actor_id for one in days if one.actor_kind == "client"}
    rows = User.objects.filter(pk__in=officers).values_list("pk", "department__name")
    clients = ApiClient.objects.filter(prefix__in=programs).values_list("prefix", "department__name")
    return {("officer", str(number)): name for number, name in rows} | {
        ("client", prefix): name for prefix, name in clients
    }

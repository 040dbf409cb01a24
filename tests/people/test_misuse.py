"""Leads to misuse of access, found in the log."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from tests.world import NOW, World

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.people.queries import misuse_leads
from xinheng.people.queries.misuse import MANY_OFFICER, MANY_UNNUMBERED

FRIDAY = NOW - timedelta(days=1)
NUMBERED = "办理异议案件第 12 号"


def look(world: World, times: int = 1, *, at: datetime = FRIDAY, purpose: str = NUMBERED, same: bool = False) -> None:
    actor = Actor.of(world.officer("he.shuo"))
    with transaction.atomic():
        for number in range(times):
            record(
                act="desk.read", by=actor, now=at, region_id=world.region.pk, object_type="record",
                object_id="1" if same else str(number), purpose=purpose,
            )  # fmt: skip


def reasons(world: World) -> list[str]:
    return [reason for lead in misuse_leads(world.scope, now=NOW) for reason in lead.reasons]


def test_ordinary_work_is_no_lead(world):
    look(world, MANY_OFFICER - 1)
    assert reasons(world) == []


def test_reading_very_many_objects_in_a_day_is_one(world):
    look(world, MANY_OFFICER)
    (lead,) = misuse_leads(world.scope, now=NOW)
    assert lead.reasons == (f"一天查阅 {MANY_OFFICER} 个对象",)
    assert (lead.actor_name, lead.department_name) == ("何朔", "云屿县市场监督管理局")


def test_reading_the_same_again_and_again_is_not_many(world):
    look(world, MANY_OFFICER, same=True)
    assert reasons(world) == []


@pytest.mark.parametrize(
    ("purpose", "flagged"), [("工作需要", True), ("核对第十二号批次", False), ("云市监罚〔2026〕5号", False)]
)
def test_purposes_without_a_number_are_one_when_they_add_up(world, purpose, flagged):
    look(world, MANY_UNNUMBERED, purpose=purpose)
    assert bool(reasons(world)) is flagged


@pytest.mark.parametrize(("hour", "flagged"), [(6, True), (7, False), (19, False), (20, True), (23, True)])
def test_reading_at_night_is_one(world, hour, flagged):
    look(world, at=FRIDAY.replace(hour=hour))
    assert bool(reasons(world)) is flagged


def test_reading_on_a_day_off_is_one(world):
    look(world, at=NOW)
    assert reasons(world) == ["非工作日查阅 1 次"]


def test_a_worked_saturday_is_a_working_day(world):
    look(world, at=datetime(2026, 10, 10, 10, tzinfo=NOW.tzinfo))
    assert misuse_leads(world.scope, now=NOW, days=90) == ()


def test_another_countys_log_is_not_searched(world):
    look(world, at=NOW)
    elsewhere = type(world.scope)(region="990002")
    assert misuse_leads(elsewhere, now=NOW) == ()

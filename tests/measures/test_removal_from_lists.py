"""What the deciding body says about a removal: the entry ends on that day, with everything that hangs on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from tests.kept import building, lent
from tests.measures.engine_world import NOW, TODAY, Engine, build, entry
from tests.world import SYSTEM, World, table

from xinheng.base.home import Home
from xinheng.effects.actions import hand_over, named_recipient
from xinheng.effects.models import Effect, EndReason, RecipientKind, Retraction
from xinheng.measures.models import MeasureTask, Notice, TaskState
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    with building(module_world) as world:
        made = build(world)
        made.deliver(entry())
        made.run()
        made.serve()
        made.later(1)
        return made


@pytest.fixture
def county(kept: Engine, home: Home, db: None):
    """One company on the list since yesterday, its measures in force today."""
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))


def removed(day: date, ground: str = "提前移出", **facts: str) -> dict[str, str]:
    return entry(移出日期=f"{day}", 移出原因=ground, **facts)


def alive(county: Engine) -> set[str]:
    """The kinds of effects of the entry that are in force now."""
    versions = Record.objects.filter(type="serious_list").values("pk")
    today = county.now.date()
    found = Effect.objects.filter(record_id__in=versions, ended_at=None, starts__lte=today)
    return {one.kind for one in found if one.ends is None or one.ends > today}


def test_a_removal_ends_entry_publicity_and_measures_on_that_day(county: Engine) -> None:
    assert alive(county) == {"publication", "listing", "restraint"}
    county.deliver(removed(county.now.date()))
    assert alive(county) == set()
    gone = Effect.objects.exclude(ended_at=None)
    assert {one.end_reason for one in gone} == {EndReason.REMOVED}
    assert len(gone) == 5


def test_tasks_close_and_whoever_has_a_copy_is_asked_to_remove_it(county: Engine) -> None:
    holder = named_recipient(
        region=county.world.region, kind=RecipientKind.EXPORT, name="县公共资源交易中心", now=county.now
    )
    hand_over(recipient=holder, title="名单", record_ids=[county.record().pk], by=SYSTEM, now=county.now)
    county.deliver(removed(county.now.date()))
    county.run()
    assert set(MeasureTask.objects.values_list("state", flat=True)) == {TaskState.CLOSED}
    assert Notice.objects.get().closed_reason == "列入已终止"
    assert Retraction.objects.count() == 1


def test_a_removal_ahead_is_scheduled_and_measures_end_with_it_without_a_second_notice(county: Engine) -> None:
    day = county.now.date() + timedelta(days=10)
    county.deliver(removed(day))
    county.run()
    assert alive(county) == {"publication", "listing", "restraint"}
    assert {one.ends for kind in ("publication", "listing", "restraint") for one in county.effects(kind)} == {day}
    assert Notice.objects.count() == 1
    county.later(10)
    assert alive(county) == set()


def test_a_removal_before_the_entry_is_refused_with_the_sentence(county: Engine) -> None:
    delivery = county.world.deliver(table([removed(date(2026, 11, 1))]), "serious_list")
    assert delivery.batch is not None
    assert delivery.batch.rejected == 1
    assert alive(county) == {"publication", "listing", "restraint"}


def test_a_removal_noted_in_error_is_corrected_and_the_subject_is_told_anew(county: Engine) -> None:
    county.deliver(removed(county.now.date()))
    county.run()
    county.deliver(entry(移出日期="", 移出原因=""))
    county.run()
    assert alive(county) == {"publication", "listing"}
    assert county.notice().service_id is None
    county.serve()
    county.later(1)
    assert alive(county) == {"publication", "listing", "restraint"}


def test_a_removal_moved_to_a_later_day_moves_the_end(county: Engine) -> None:
    first, second = (county.now.date() + timedelta(days=days) for days in (5, 20))
    county.deliver(removed(first))
    county.run()
    county.deliver(removed(second))
    county.run()
    assert {one.ends for one in county.effects("listing")} == {second}
    assert {one.ends for one in county.effects("restraint")} == {second}


def test_the_register_says_what_stood_before_and_after_the_removal(county: Engine) -> None:
    before = county.now
    county.later(1)
    county.deliver(removed(county.now.date()))
    then = Record.objects.get(type="serious_list", known_from__lte=before, known_to__gt=before)
    now = Record.objects.get(type="serious_list", known_to=None)
    assert (then.removed_on, then.valid_to) == (None, date(2029, 11, 1))
    assert (now.removed_on, now.valid_to) == (county.now.date(), TODAY + timedelta(days=1))
    assert now.content["removal_ground"] == "提前移出"
    assert now.content["planned_to"] == "2029-11-01"


def test_what_ran_out_needs_no_delivery(county: Engine) -> None:
    county.later((date(2029, 11, 2) - county.now.date()).days)
    assert alive(county) == set()
    assert not Effect.objects.exclude(ended_at=None).exists()

"""What was wrong is made good: a measure that never should have been, an entry that should not have left its list."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.kept import building, lent
from tests.measures.engine_world import NOW, Engine, build, entry
from tests.measures.test_following_pages import desk
from tests.world import World

from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.base.home import Home
from xinheng.effects.actions import end_effects, list_again
from xinheng.effects.models import Effect, EndReason
from xinheng.measures.actions import Done, annul_measure, feed_back, put_right
from xinheng.measures.engine import ENGINE
from xinheng.measures.models import Correction, MeasureTask, Notice, TaskState
from xinheng.measures.queries import task_counts
from xinheng.people.models import Message
from xinheng.proceedings.actions import Application, move, open_case
from xinheng.proceedings.models import Case, CaseChannel

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    """One company on the list, its measures in force, one of them carried out once."""
    with building(module_world) as world:
        county = build(world)
        county.deliver(entry())
        county.run()
        county.serve()
        county.later(1)
        done = Done(county.now.date(), "年度抽查计划")
        feed_back(task=county.task().pk, done=done, by=county.market, now=county.now)
        return county


@pytest.fixture
def county(kept: Engine, home: Home, db: None) -> Iterator[Engine]:
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        yield replace(kept, world=lent(kept.world, home))


def carried_out(county: Engine) -> Effect:
    return Effect.objects.get(pk=county.task().effect_id)


def annul(county: Engine, effect: int, reason: str = "信异〔2026〕0001号：对象不在第二十四条之列") -> int:
    return annul_measure(effect=effect, reason=reason, by=county.clerk, now=county.now)


def test_one_wrong_measure_ends_alone_and_whoever_carried_it_out_puts_it_right(county: Engine) -> None:
    wrong = carried_out(county)
    assert annul(county, wrong.pk) == 1
    wrong.refresh_from_db()
    assert wrong.end_reason == EndReason.UNFOUNDED
    assert len(county.effects("restraint")) == 2
    assert county.effects("listing")
    assert MeasureTask.objects.get(effect_id=wrong.pk, department=county.market.department).state == TaskState.CLOSED
    assert Message.objects.filter(title="有 1 项措施自始不当，须纠正").count() == 1
    put_right(task=county.task().pk, what="已从重点抽查名录中移出", by=county.market, now=county.now)
    assert task_counts(county.world.scope, as_at=county.now.date())["wrong"] == 0


def test_it_does_not_come_back_by_itself(county: Engine) -> None:
    annul(county, carried_out(county).pk)
    county.deliver(entry(列入事由和依据="提交虚假材料取得行政许可"))
    county.run()
    county.sweep()
    assert len(county.effects("restraint")) == 2
    assert Notice.objects.filter(closed_at=None, service_id=None).count() == 0


def test_it_is_found_wrong_once_with_a_reason_by_the_office_of_the_region(county: Engine) -> None:
    wrong = carried_out(county).pk
    with pytest.raises(WrongUsage):
        annul(county, wrong, " ")
    annul(county, wrong)
    with pytest.raises(Conflict):
        annul(county, wrong)
    with pytest.raises(NotFound):
        annul(county, county.effects("listing")[0].pk)


def test_what_was_put_right_is_said_once_by_the_department_that_did_it(county: Engine) -> None:
    annul(county, carried_out(county).pk)
    with pytest.raises(NotFound):
        put_right(task=county.task().pk, what="已移出", by=county.clerk, now=county.now)
    put_right(task=county.task().pk, what="已移出", by=county.market, now=county.now)
    with pytest.raises(Conflict):
        put_right(task=county.task().pk, what="又移出", by=county.market, now=county.now)


def test_a_measure_that_ran_out_may_be_found_wrong_too(county: Engine) -> None:
    county.deliver(entry(数据操作="撤回", 撤回原因="提前移出"))
    county.run()
    assert not Correction.objects.exists()
    assert annul(county, carried_out(county).pk) == 1


def test_an_objection_to_what_was_done_ends_the_measures_and_leaves_the_entry(county: Engine) -> None:
    objection(county, "measures")
    assert not county.effects("restraint")
    assert county.effects("listing")
    county.run()
    assert Correction.objects.count() == 1
    assert set(MeasureTask.objects.values_list("state", flat=True)) == {TaskState.CLOSED}


def test_an_objection_that_the_entry_was_wrong_asks_for_corrections_too(county: Engine) -> None:
    objection(county, "withdraw")
    county.run()
    assert not county.effects("listing")
    assert Correction.objects.count() == 1


def objection(county: Engine, remedy: str) -> Case:
    application = Application(
        procedure="objection", record_no=county.record().record_no,
        stated={"ground": "measure", "statement": "抽查没有依据"}, channel=CaseChannel.COUNTER,
        identified="核对了营业执照和介绍信", entry=uuid.uuid4(),
    )  # fmt: skip
    case = open_case(application=application, by=county.clerk, now=county.now).case
    for event, by, stated in (
        ("accept", county.clerk, {}),
        ("forward", county.clerk, {}),
        ("answer", county.market, {"finding": "wrong", "answer": "确有不当"}),
        ("uphold", county.clerk, {"remedy": remedy, "reason": "措施超出条款"}),
    ):
        move(case=case.pk, event=event, stated=stated, by=by, now=county.now)
    return case


def removed_by_mistake(county: Engine) -> None:
    """A repair ends the entry and all that hangs on it; later the repair turns out to rest on false papers."""
    hanging = [one.pk for kind in ("listing", "restraint", "publication") for one in county.effects(kind)]
    end_effects(
        effect_ids=hanging, reason=EndReason.REPAIRED, why="信修〔2026〕0001号", by=ENGINE, now=county.now,
        today=county.now.date(),
    )  # fmt: skip
    county.run()
    county.later(1)


def restore(county: Engine) -> None:
    list_again(record_no=county.record().record_no, why="信修〔2026〕0001号撤销修复", by=county.clerk, now=county.now)
    county.sweep()


def test_an_entry_that_should_not_have_left_returns_to_the_same_last_day(county: Engine) -> None:
    (before,) = county.effects("listing")
    removed_by_mistake(county)
    restore(county)
    (after,) = county.effects("listing")
    assert (after.restores_id, after.ends, after.starts) == (before.pk, before.ends, county.now.date())


def test_what_followed_returns_only_after_a_new_notice_was_served(county: Engine) -> None:
    before, tasks = {one.pk for one in county.effects("restraint")}, MeasureTask.objects.count()
    removed_by_mistake(county)
    restore(county)
    assert not county.effects("restraint")
    county.serve()
    found = county.effects("restraint")
    assert {one.restores_id for one in found} == before
    assert {one.starts for one in found} == {county.now.date() + timedelta(days=1)}
    assert MeasureTask.objects.exclude(state=TaskState.CLOSED).count() == tasks


def test_what_was_wrong_in_itself_does_not_return_with_the_entry(county: Engine) -> None:
    annul(county, carried_out(county).pk)
    removed_by_mistake(county)
    restore(county)
    county.serve()
    assert len(county.effects("restraint")) == 2


def test_an_entry_returns_once_and_may_leave_and_return_again(county: Engine) -> None:
    with pytest.raises(Conflict):
        restore(county)
    for _ in range(2):
        removed_by_mistake(county)
        restore(county)
        with pytest.raises(Conflict):
            restore(county)
        county.serve()
        county.later(1)
    assert len(county.effects("listing")) == 1
    assert len(county.effects("restraint")) == 3


def test_the_office_finds_a_measure_wrong_on_its_page_and_the_department_answers_on_its_own(county: Engine) -> None:
    page = f"/desk/measures/{carried_out(county).pk}/why"
    office, market = desk(county, "lin.xinyu"), desk(county, "he.shuo")
    assert "<summary>认定这项措施自始不当" in text(office, page)
    assert market.post(page, {"reason": "不当"}).status_code == 400
    assert office.post(page, {"reason": "信异〔2026〕0001号：不在条款之列"}).status_code == 302
    assert "<summary>认定这项措施自始不当" not in text(office, page)
    task = county.task().pk
    assert "须纠正" in text(market, f"/desk/measure-tasks/{task}")
    assert market.post(f"/desk/measure-tasks/{task}/correct", {"what": "已移出"}).status_code == 302
    assert "已纠正" in text(market, f"/desk/measure-tasks/{task}")


def text(client: Client, page: str) -> str:
    return client.get(page).content.decode()

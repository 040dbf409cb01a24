"""From an entry to its end: listed, noticed, served, in force, carried out, and gone with its cause."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from tests.kept import building, lent
from tests.measures.engine_world import MILL, MILL_NAME, NOW, TODAY, Engine, build, entry
from tests.world import World

from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused, WrongUsage
from xinheng.base.home import Home
from xinheng.effects.actions import resume_effects, suspend_effects
from xinheng.effects.models import Effect, Kind, MeasureTerms, Service, ServiceMethod, Suspension
from xinheng.measures.actions import (
    Done,
    accept_task,
    cannot_execute,
    chase_tasks,
    feed_back,
    serve_notices,
    withdraw_list,
)
from xinheng.measures.engine import Worked
from xinheng.measures.models import ListPublication, MeasureTask, Notice, TaskState, TaskStep
from xinheng.people.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: Engine, home: Home, db: None):
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))


@pytest.fixture
def listed(county: Engine) -> Engine:
    """One company on the list, its notice written."""
    county.deliver(entry())
    county.run()
    return county


@pytest.fixture
def restrained(listed: Engine) -> Engine:
    """The notice was served yesterday, its measures are in force."""
    listed.serve()
    listed.later(1)
    return listed


def test_an_entry_lists_its_subject_for_the_time_the_decision_names(listed: Engine) -> None:
    (listing,) = listed.effects("listing")
    assert (listing.starts, listing.ends) == (TODAY, date(2029, 11, 2))


def test_the_notice_names_every_measure_with_basis_and_reasons_and_nothing_is_in_force_before(listed: Engine) -> None:
    notice = listed.notice()
    text = "".join(notice.paragraphs)
    assert [one.measure_key for one in notice.measures.order_by("pk")] == ["D-1", "D-3", "D-4"]
    assert "提交虚假材料取得许可" in text
    assert "《演示省社会信用条例（虚构）》第二十三条" in text
    assert "提出异议" in text or "有异议" in text
    assert not listed.effects("restraint")
    listed.later(3)
    listed.sweep()
    assert not listed.effects("restraint")


def test_measures_begin_on_the_day_after_service(listed: Engine) -> None:
    listed.serve()
    found = listed.effects("restraint")
    assert {one.starts for one in found} == {TODAY + timedelta(days=1)}
    assert {one.ends for one in found} == {date(2029, 11, 2)}
    keys = MeasureTerms.objects.filter(pk__in=[one.terms_id for one in found]).values_list("measure_key", flat=True)
    assert sorted(keys) == ["D-1", "D-3", "D-4"]


def test_a_restraint_has_the_same_cause_as_its_listing(restrained: Engine) -> None:
    (listing,) = restrained.effects("listing")
    assert {one.record_id for one in restrained.effects("restraint")} == {listing.record_id}
    assert all(one.parent_id is None for one in restrained.effects("restraint"))


def test_every_department_that_carries_a_measure_out_gets_a_task_and_one_message(restrained: Engine) -> None:
    """Of the executors of D-1, D-3 and D-4 the county of the tests has two departments."""
    tasks = MeasureTask.objects.order_by("department__code")
    assert {one.department.short_name for one in tasks} == {"县发改局", "县市场监管局"}
    assert {one.state for one in tasks} == {TaskState.WAITING}
    assert Message.objects.filter(title__contains="新的措施任务").count() == 2


def test_running_again_finds_nothing_to_do(restrained: Engine) -> None:
    before = Effect.objects.count(), Notice.objects.count(), MeasureTask.objects.count(), Message.objects.count()
    assert restrained.run() == Worked()
    assert restrained.sweep() == Worked()
    assert before == (
        Effect.objects.count(), Notice.objects.count(), MeasureTask.objects.count(), Message.objects.count()
    )  # fmt: skip


def test_what_no_event_told_is_found_by_the_sweep(county: Engine) -> None:
    county.deliver(entry())
    assert county.sweep().notices == 1


def test_without_a_published_list_an_entry_lists_and_nothing_follows(county: Engine) -> None:
    standing = ListPublication.objects.get(closed_at=None)
    withdraw_list(publication=standing.pk, reason="试运行结束", by=county.clerk, now=county.now)
    county.deliver(entry())
    county.run()
    assert county.effects("listing")
    assert not Notice.objects.exists()


def test_measures_of_a_list_taken_off_the_portal_rest(restrained: Engine) -> None:
    standing = ListPublication.objects.get(closed_at=None)
    withdraw_list(publication=standing.pk, reason="内容有误", by=restrained.clerk, now=restrained.now)
    restrained.sweep()
    resting = Suspension.objects.filter(resumed_at=None, hides=True).values_list("effect_id", flat=True)
    assert set(resting) == {one.pk for one in restrained.effects("restraint")}
    restrained.publish_measures()
    restrained.sweep()
    assert not Suspension.objects.filter(resumed_at=None).exists()


def test_a_withdrawn_entry_ends_everything_at_once_and_everybody_is_told(restrained: Engine) -> None:
    effects = [one.pk for one in restrained.effects("restraint")]
    accept_task(task=restrained.task().pk, by=restrained.market, now=restrained.now)
    restrained.deliver(entry(数据操作="撤回", 撤回原因="列入决定被撤销"))
    assert set(Effect.objects.filter(pk__in=effects).values_list("end_reason", flat=True)) == {"withdrawn"}
    restrained.run()
    assert set(MeasureTask.objects.values_list("state", flat=True)) == {TaskState.CLOSED}
    assert Message.objects.filter(title__contains="项措施已终止").count() == 2
    assert Notice.objects.get().closed_reason == "列入已终止"


def test_a_correction_that_leaves_the_end_keeps_the_service(restrained: Engine) -> None:
    restrained.deliver(entry(列入事由和依据="提交虚假材料取得行政许可"))
    restrained.run()
    assert Notice.objects.count() == 1
    assert {one.starts for one in restrained.effects("restraint")} == {restrained.now.date()}


def test_a_correction_to_a_later_end_is_announced_anew(restrained: Engine) -> None:
    restrained.deliver(entry(认定日期="2026-11-03", 预定移出日期="2029-11-02"))
    restrained.run()
    assert not restrained.effects("restraint")
    assert Notice.objects.filter(closed_at=None, service_id=None).count() == 1


def test_tasks_are_signed_for_carried_out_and_fed_back(restrained: Engine) -> None:
    task = restrained.task()
    accept_task(task=task.pk, by=restrained.market, now=restrained.now)
    done = Done(restrained.now.date(), "年度抽查计划", 1_000_00, "云市监抽〔2026〕2号")
    feed_back(task=task.pk, done=done, by=restrained.market, now=restrained.now)
    feed_back(task=task.pk, done=replace(done, item="专项抽查"), by=restrained.market, now=restrained.now)
    task.refresh_from_db()
    assert task.state == TaskState.EXECUTED
    assert [one.step for one in task.steps.order_by("pk")] == ["accept", "execute"]
    assert [one.item for one in task.feedback.order_by("pk")] == ["年度抽查计划", "专项抽查"]


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "填写的日期尚无执行的依据"), (1, "不能晚于今天")], ids=["before it began", "tomorrow"]
)
def test_nothing_is_fed_back_for_a_day_without_ground(restrained: Engine, days: int, said: str) -> None:
    done = Done(restrained.now.date() + timedelta(days=days), "专项抽查")
    with pytest.raises(Refused, match=said):
        feed_back(task=restrained.task().pk, done=done, by=restrained.market, now=restrained.now)
    assert not restrained.task().feedback.exists()


def test_nothing_is_fed_back_for_a_day_on_which_the_measure_rested(restrained: Engine) -> None:
    restrained.later(3)
    why = {"cause": "异议:1", "reason": "异议处理中", "by": Actor.system("测试")}
    suspend_effects(
        effect_ids=[one.pk for one in restrained.effects("restraint")], hides=True, now=restrained.now,
        today=restrained.now.date(), **why,
    )  # fmt: skip
    restrained.later(1)
    rested = restrained.now.date()
    restrained.later(1)
    resume_effects(now=restrained.now, today=restrained.now.date(), **why)
    with pytest.raises(Refused, match="处于暂停中"):
        feed_back(task=restrained.task().pk, done=Done(rested, "抽查"), by=restrained.market, now=restrained.now)


def test_an_amount_is_not_negative(restrained: Engine) -> None:
    with pytest.raises(WrongUsage, match="不能小于零"):
        feed_back(
            task=restrained.task().pk, done=Done(restrained.now.date(), "抽查", -1), by=restrained.market,
            now=restrained.now,
        )  # fmt: skip


def test_a_department_that_cannot_says_why(restrained: Engine) -> None:
    cannot_execute(task=restrained.task().pk, reason="不属于本部门职责", by=restrained.market, now=restrained.now)
    assert restrained.task().state == TaskState.CANNOT
    with pytest.raises(Conflict):
        accept_task(task=restrained.task().pk, by=restrained.market, now=restrained.now)


def test_unanswered_tasks_are_chased_once_a_day(restrained: Engine) -> None:
    restrained.later(9)
    assert chase_tasks(now=restrained.now) == MeasureTask.objects.count()
    assert chase_tasks(now=restrained.now) == 0
    assert TaskStep.objects.filter(step="remind").count() == MeasureTask.objects.count()


def test_service_is_noted_once_and_never_for_a_day_to_come(listed: Engine) -> None:
    with pytest.raises(Refused):
        listed.serve(on=TODAY + timedelta(days=1))
    with pytest.raises(Refused):
        listed.serve(on=TODAY - timedelta(days=1))
    listed.serve()
    with pytest.raises(Conflict):
        serve_notices(
            notices=[listed.notice().pk], method=ServiceMethod.MAIL, served_on=TODAY, evidence="邮件1号",
            by=listed.clerk, now=listed.now,
        )  # fmt: skip
    assert Service.objects.count() == 1


def test_two_companies_get_a_notice_each(county: Engine) -> None:
    county.deliver(entry(), entry(4, MILL, MILL_NAME))
    assert county.run().notices == 2
    numbers = Notice.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["信惩告〔2026〕0001号", "信惩告〔2026〕0002号"]


def test_a_notice_names_the_last_day_of_each_measure(listed: Engine) -> None:
    assert "期限：至2029年11月1日止" in "".join(listed.notice().paragraphs)


def test_only_measures_ever_follow_from_lists(restrained: Engine) -> None:
    assert set(Effect.objects.values_list("kind", flat=True)) == {Kind.PUBLICATION, Kind.LISTING, Kind.RESTRAINT}

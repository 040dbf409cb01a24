"""An objection to an entry: what this region carries out rests, a court's goes on, and all returns or ends."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from tests.kept import building, lent
from tests.measures.engine_world import NOW, Engine, build, entry
from tests.world import World

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.effects.models import Effect, Suspension
from xinheng.measures.actions import Done, feed_back
from xinheng.measures.models import MeasureTask, TaskState
from xinheng.measures.queries import task, why_measure
from xinheng.proceedings.actions import Application, move, open_case
from xinheng.proceedings.models import Case, CaseChannel

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    """One company on the list, the notice served the day before, the measures in force."""
    with building(module_world) as world:
        county = build(world)
        county.deliver(entry())
        county.run()
        county.serve()
        county.later(1)
        return county


@pytest.fixture
def county(kept: Engine, home: Home, db: None) -> Iterator[Engine]:
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        yield replace(kept, world=lent(kept.world, home))


def objection(county: Engine) -> Case:
    application = Application(
        procedure="objection", record_no=county.record().record_no,
        stated={"ground": "wrong", "statement": "没有提交过虚假材料"}, channel=CaseChannel.COUNTER,
        identified="核对了营业执照和介绍信", entry=uuid.uuid4(),
    )  # fmt: skip
    case = open_case(application=application, by=county.clerk, now=county.now).case
    step(county, case, "accept")
    return case


def step(county: Engine, case: Case, event: str, **stated: str) -> None:
    move(case=case.pk, event=event, stated=stated, by=county.clerk, now=county.now)


def resting(county: Engine) -> set[int]:
    return set(Suspension.objects.filter(hides=True, resumed_at=None).values_list("effect_id", flat=True))


def test_what_departments_here_carry_out_rests_and_the_entry_is_only_marked(county: Engine) -> None:
    objection(county)
    assert resting(county) == {one.pk for one in county.effects("restraint")}
    (listing,) = county.effects("listing")
    assert not Suspension.objects.get(effect_id=listing.pk).hides


def test_a_resting_measure_is_not_carried_out(county: Engine) -> None:
    objection(county)
    assert task(county.world.scope, county.task().pk, as_at=county.now.date()).line.resting
    with pytest.raises(Refused, match="暂停"):
        feed_back(task=county.task().pk, done=Done(county.now.date(), "抽查"), by=county.market, now=county.now)


def test_it_goes_on_when_the_objection_is_withdrawn(county: Engine) -> None:
    case = objection(county)
    step(county, case, "withdraw", reason="先撤回")
    assert resting(county) == set()


def test_what_is_announced_and_served_meanwhile_begins_at_rest(county: Engine) -> None:
    objection(county)
    county.deliver(entry(列入事由和依据="提交虚假材料取得行政许可"))
    county.run()
    found = county.effects("restraint")
    assert len(found) == 3
    assert {one.pk for one in found} <= resting(county)


def test_an_upheld_objection_ends_everything_and_closes_the_tasks(county: Engine) -> None:
    case = objection(county)
    for event, by, stated in (
        ("forward", county.clerk, {}),
        ("answer", county.market, {"finding": "wrong", "answer": "列入有误"}),
        ("uphold", county.clerk, {"remedy": "withdraw", "reason": "列入有误"}),
    ):
        move(case=case.pk, event=event, stated=stated, by=by, now=county.now)
    ended = Effect.objects.filter(kind__in=["listing", "restraint"])
    assert set(ended.values_list("end_reason", flat=True)) == {"objection_upheld"}
    county.run()
    assert set(MeasureTask.objects.values_list("state", flat=True)) == {TaskState.CLOSED}


def test_why_walks_from_the_measure_to_the_row(county: Engine) -> None:
    effect = county.effects("restraint")[0]
    words: list[str] = []

    def walk(node) -> None:
        words.append(f"{node.label} {node.text}")
        for child in node.children:
            walk(child)

    walk(why_measure(county.world.scope, effect.pk, as_at=county.now.date()))
    for said in (
        "信惩告〔2026〕0001号",
        "送达回证12号",
        "云市监列〔2026〕3号",
        "行 第 2 行",
        "《演示省社会信用条例（虚构）》",
    ):
        assert any(said in one for one in words), (said, words)

"""Whatever course entries take: no measure in force without its entry, before service, twice, or answered at rest."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.checks.counter import Counter
from tests.kept import building, lent
from tests.measures.engine_world import MILL, MILL_NAME, NOW, SHOP, SHOP_NAME, Engine, build, entry
from tests.world import World

from xinheng.base.errors import XinhengError
from xinheng.base.home import Home
from xinheng.checks.actions import Answered, Asked, answer_checks
from xinheng.checks.asking import question
from xinheng.effects.actions import end_effects, list_again
from xinheng.effects.models import Effect, EndReason, Kind, MeasureTerms, Service, Suspension
from xinheng.measures.actions import annul_measure, withdraw_list
from xinheng.measures.engine import ENGINE, Worked
from xinheng.measures.models import ListPublication, MeasureTask, TaskState
from xinheng.proceedings.actions import Application, move, open_case
from xinheng.proceedings.models import Case, CaseChannel
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
MEASURES = ("D-1", "D-3", "D-4")
NAMES = {SHOP: SHOP_NAME, MILL: MILL_NAME}


@dataclass
class Course:
    """One company's entry and everything that may befall it, in any order."""

    county: Engine
    clock: Any
    facts: dict[str, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def send(self) -> None:
        self.county.deliver(entry(**self.facts))

    def correct(self) -> None:
        self.facts = {"列入事由和依据": f"提交虚假材料{uuid.uuid4().hex[:6]}"}
        self.send()

    def end_sooner(self) -> None:
        self.facts = {"预定移出日期": "2028-11-01"}
        self.send()

    def take_back(self) -> None:
        self.county.deliver(entry(**self.facts, 数据操作="撤回", 撤回原因="列入决定被撤销"))

    def follow(self) -> None:
        self.county.run()

    def sweep(self) -> None:
        self.county.sweep()

    def serve(self) -> None:
        self.county.serve()

    def tomorrow(self) -> None:
        self.county.later(1)
        self.clock.move_to(self.county.now)

    def object_to_it(self) -> None:
        application = Application(
            procedure="objection", record_no=self.county.record().record_no, channel=CaseChannel.COUNTER,
            stated={"ground": "wrong", "statement": "没有提交过虚假材料"}, identified="核对了执照", entry=uuid.uuid4(),
        )  # fmt: skip
        case = open_case(application=application, by=self.county.clerk, now=self.county.now).case
        self.cases.append(case)
        self._move("accept")

    def give_up_objection(self) -> None:
        self._move("withdraw", reason="先撤回")

    def uphold(self) -> None:
        self._uphold("withdraw")

    def uphold_against_measures(self) -> None:
        self._uphold("measures")

    def repair(self) -> None:
        versions = Record.objects.filter(type="serious_list").values("pk")
        hanging = Effect.objects.filter(record_id__in=versions, ended_at=None).values_list("pk", flat=True)
        end_effects(
            effect_ids=list(hanging), reason=EndReason.REPAIRED, why="信修〔2026〕0001号", by=ENGINE,
            now=self.county.now, today=self.county.now.date(),
        )  # fmt: skip

    def bring_back(self) -> None:
        number = self.county.record().record_no
        list_again(record_no=number, why="撤销修复", by=self.county.clerk, now=self.county.now)

    def annul_one(self) -> None:
        found = Effect.objects.filter(kind=Kind.RESTRAINT, ended_at=None).order_by("pk").first()
        if found is not None:
            annul_measure(effect=found.pk, reason="不在条款之列", by=self.county.clerk, now=self.county.now)

    def unpublish(self) -> None:
        for one in ListPublication.objects.filter(closed_at=None, confirmed_at__isnull=False):
            withdraw_list(publication=one.pk, reason="有误", by=self.county.clerk, now=self.county.now)

    def publish(self) -> None:
        self.county.publish_measures()

    def _uphold(self, remedy: str) -> None:
        if not self.cases:
            return
        self._move("forward")
        move(case=self.cases[-1].pk, event="answer", stated={"finding": "wrong", "answer": "有误"},
             by=self.county.market, now=self.county.now)  # fmt: skip
        self._move("uphold", remedy=remedy, reason="有误")

    def _move(self, event: str, **stated: str) -> None:
        if self.cases:
            move(case=self.cases[-1].pk, event=event, stated=stated, by=self.county.clerk, now=self.county.now)


STEPS: tuple[Callable[[Course], None], ...] = (
    Course.send, Course.correct, Course.end_sooner, Course.take_back, Course.follow, Course.sweep, Course.serve,
    Course.tomorrow, Course.object_to_it, Course.give_up_objection, Course.uphold, Course.uphold_against_measures,
    Course.repair, Course.bring_back, Course.annul_one, Course.unpublish, Course.publish,
)  # fmt: skip
BEGUN = (Course.send, Course.follow, Course.serve, Course.tomorrow)
courses = st.lists(st.sampled_from(STEPS), max_size=9).map(lambda more: [*BEGUN, *more])


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: Engine, home: Home, db: None) -> Iterator[Engine]:
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))


@pytest.mark.slow
@settings(
    max_examples=30, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(courses)
def test_no_measure_is_in_force_without_its_entry_and_none_at_rest_is_answered(
    county: Engine, steps: list[Callable[[Course], None]]
) -> None:
    with time_machine.travel(NOW, tick=False) as clock, transaction.atomic():
        course = Course(replace(county, world=replace(county.world)), clock)
        for step in steps:
            with suppress(XinhengError), transaction.atomic():
                step(course)
            require_order(course.county)
        require_rest_after_a_sweep(course.county)
        transaction.set_rollback(True)


def require_order(county: Engine) -> None:
    """What holds after every single step."""
    alive = list(Effect.objects.filter(kind=Kind.RESTRAINT, ended_at=None))
    listed = set(Effect.objects.filter(kind=Kind.LISTING, ended_at=None).values_list("record_id", flat=True))
    assert {one.record_id for one in alive} <= listed
    keys = [key_of(one) for one in alive]
    assert len(keys) == len(set(keys))
    first_service = min(Service.objects.values_list("served_on", flat=True), default=None)
    assert all(first_service is not None and first_service < one.starts for one in alive)
    resting = set(Suspension.objects.filter(hides=True, resumed_at=None).values_list("effect_id", flat=True))
    day = county.now.date()
    may = {
        key_of(one) for one in alive if one.pk not in resting and one.starts <= day and (not one.ends or one.ends > day)
    }
    assert answered(county) <= may


def require_rest_after_a_sweep(county: Engine) -> None:
    """Everything was followed: a second look finds nothing, and no task is open for what is over."""
    county.sweep()
    assert county.sweep() == Worked()
    over = Effect.objects.filter(ended_at__isnull=False).values("pk")
    assert not MeasureTask.objects.filter(effect_id__in=over).exclude(state=TaskState.CLOSED).exists()
    open_now = MeasureTask.objects.exclude(state=TaskState.CLOSED).values_list("effect_id", flat=True)
    restraints = Effect.objects.filter(kind=Kind.RESTRAINT, ended_at=None).values_list("pk", flat=True)
    executed_here = {"D-1", "D-4"}
    assert set(open_now) == {one.pk for one in Effect.objects.filter(pk__in=restraints) if key_of(one) in executed_here}


def key_of(effect: Effect) -> str:
    return MeasureTerms.objects.values_list("measure_key", flat=True).get(pk=effect.terms_id or 0)


def answered(county: Engine) -> set[str]:
    """The measures that a check names which asks about all of them."""
    counter = Counter(county.world)
    about = counter.errand()
    about = replace(about, item=replace(about.item, measures=MEASURES))
    (found,) = answer_checks(asked=[Asked(question(about, SHOP))], pack="demo", home=county.world.home, now=county.now)
    assert isinstance(found, Answered)
    return {str(line["key"]) for line in found.facts["measures"]}


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    st.permutations([SHOP, MILL]),
    st.booleans(),
    st.lists(st.sampled_from([Engine.run, Engine.sweep]), min_size=1, max_size=4),
    st.lists(st.sampled_from([Engine.run, Engine.sweep]), max_size=3),
)
def test_the_same_entries_in_any_order_and_however_often_have_the_same_effects(
    county: Engine, order: list[str], together: bool, first: list[Callable], then: list[Callable]
) -> None:
    with transaction.atomic():
        one = replace(county, world=replace(county.world))
        rows = [entry(number, code, NAMES[code]) for number, code in enumerate((SHOP, MILL), start=3)]
        rows = [row for code in order for row in rows if row["统一社会信用代码"] == code]
        if together:
            one.deliver(*rows)
        for row in [] if together else rows:
            one.deliver(row)
            first[0](one)
        for run in first:
            run(one)
        one.serve()
        for run in then:
            run(one)
        assert state(one) == {
            (code, kind, key, starts, date(2029, 11, 2))
            for code in NAMES
            for kind, key, starts in (
                ("listing", "", NOW.date()), *(("restraint", key, date(2026, 11, 22)) for key in MEASURES)
            )
        }  # fmt: skip
        transaction.set_rollback(True)


def state(county: Engine) -> set[tuple[str, str, str, date, date | None]]:
    """Every effect in force that follows from entries, each once."""
    found = [
        (code, one.kind, key_of(one) if one.kind == Kind.RESTRAINT else "", one.starts, one.ends)
        for code in NAMES
        for kind in ("listing", "restraint")
        for one in county.effects(kind, code)
    ]
    assert len(found) == len(set(found))
    return set(found)

"""Honour lists: organisations only; what they bring begins at once, is answered as an incentive, and ends with them."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.db import connection
from tests.kept import building, lent
from tests.measures.engine_world import MARKET, NOW, SHOP, SHOP_NAME, TODAY, Engine, build
from tests.world import World, table

from xinheng.audit.actor import Actor
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.checks.actions import Answered, Asked, answer_checks
from xinheng.checks.asking import Asker, errand, question
from xinheng.effects.models import Effect, EndReason, MeasureTerms
from xinheng.measures.actions import withdraw_list
from xinheng.measures.models import ListPublication, MeasureTask, Notice, TaskState
from xinheng.measures.queries import governed
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: Engine, home: Home, db: None):
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))


def honour(key: str = "H01", **facts: str) -> dict[str, str]:
    """One row of a list of honour as its body sends it."""
    titles = {"H01": "纳税信用A级纳税人", "demo-honour": "守信激励名单"}
    return {
        "单位名称": SHOP_NAME, "统一社会信用代码": SHOP, "名单代码": key, "名单名称": titles[key],
        "认定文书号": f"云信〔2026〕{len(key)}号", "认定日期": "2026-11-02", "列入起始日期": "2026-11-02",
        "预定移出日期": "2027-11-01", "移出日期": "", "移出原因": "", "认定单位": MARKET.name,
        "认定单位统一社会信用代码": MARKET.code, "数据来源单位": MARKET.name,
        "数据来源单位统一社会信用代码": MARKET.code,
    } | facts  # fmt: skip


def deliver(county: Engine, *rows: dict[str, str]) -> None:
    county.world.batch(table(rows), "honour_entry")
    county.run()


def effects(kind: str) -> list[Effect]:
    return list(Effect.objects.filter(kind=kind, ended_at=None).order_by("pk"))


def keys(kind: str) -> list[str]:
    terms = [one.terms_id for one in effects(kind)]
    return sorted(MeasureTerms.objects.filter(pk__in=terms).values_list("measure_key", flat=True))


def answered(county: Engine, item: str) -> dict[str, object]:
    market = county.world.department(MARKET.code)
    asker = Asker(Actor.client("0123456789ab", "大厅"), market.region_id, "990001", market.pk, market.code, market.name)
    asked = Asked(question(errand(asker=asker, item=item, case_no="办件1", purpose="service", pack="demo"), SHOP, ""))
    (found,) = answer_checks(asked=[asked], pack="demo", home=county.world.home, now=county.now)
    assert isinstance(found, Answered)
    return found.facts


def test_an_honour_brings_its_incentive_at_once_and_without_a_notice(county: Engine) -> None:
    deliver(county, honour())
    (entry,) = effects("honour")
    (incentive,) = effects("incentive")
    assert (entry.starts, entry.ends) == (TODAY, date(2027, 11, 2))
    assert (incentive.starts, incentive.ends, incentive.record_id) == (TODAY, date(2027, 11, 2), entry.record_id)
    assert keys("incentive") == ["D-9"]
    assert not Notice.objects.exists()


def test_each_list_brings_what_its_own_article_says(county: Engine) -> None:
    deliver(county, honour(), honour("demo-honour"))
    assert keys("incentive") == ["D-7", "D-9"]


def test_the_departments_that_grant_it_get_a_task(county: Engine) -> None:
    deliver(county, honour())
    assert [one.department.code for one in MeasureTask.objects.all()] == [MARKET.code]


def test_running_again_writes_nothing_twice(county: Engine) -> None:
    deliver(county, honour())
    before = Effect.objects.count(), MeasureTask.objects.count()
    county.sweep()
    county.sweep()
    assert (Effect.objects.count(), MeasureTask.objects.count()) == before


def test_it_is_answered_as_an_incentive_and_is_no_hit(county: Engine) -> None:
    deliver(county, honour())
    found = answered(county, "JG-CC-01")
    assert (found["hit"], found["entries"], found["measures"]) == (False, [], [])
    assert [one["key"] for one in found["incentives"]] == ["D-9"]  # type: ignore[attr-defined, index]


def test_an_item_to_which_it_does_not_belong_answers_nothing_of_it(county: Engine) -> None:
    deliver(county, honour())
    assert answered(county, "SP-XK-01")["incentives"] == []


def test_an_honour_is_no_listing_anywhere(county: Engine) -> None:
    deliver(county, honour())
    assert not effects("listing")
    assert governed(Scope(region="990001"), as_at=TODAY).subjects == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM check_answer_v1(ARRAY[%s], ARRAY[%s]::bigint[], %s)",
                       [SHOP, county.world.region.pk, TODAY])  # fmt: skip
        assert [kind for (kind,) in cursor.fetchall()] == ["incentive"]


def test_what_it_brought_ends_with_the_honour_and_its_tasks_close(county: Engine) -> None:
    deliver(county, honour())
    deliver(county, honour(移出日期=f"{TODAY}", 移出原因="提前移出"))
    assert not effects("honour")
    assert not effects("incentive")
    assert {one.end_reason for one in Effect.objects.filter(kind="incentive")} == {EndReason.REMOVED}
    assert {one.state for one in MeasureTask.objects.all()} == {TaskState.CLOSED}
    assert answered(county, "JG-CC-01")["incentives"] == []


def test_an_honour_runs_out_by_itself(county: Engine) -> None:
    deliver(county, honour())
    county.later(347)
    assert answered(county, "JG-CC-01")["incentives"] == []


def test_without_a_published_list_of_measures_an_honour_is_only_shown(county: Engine) -> None:
    standing = ListPublication.objects.get(closed_at=None)
    withdraw_list(publication=standing.pk, reason="试行结束", by=county.clerk, now=county.now)
    deliver(county, honour())
    assert {one.kind for one in Effect.objects.all()} == {"publication", "honour"}


def test_a_natural_person_is_refused_and_not_kept(county: Engine) -> None:
    delivery = county.world.deliver(
        table([honour(单位名称="某甲乙", 统一社会信用代码="11010519491231002X")]), "honour_entry"
    )
    assert delivery.batch is not None
    assert (delivery.batch.rejected, delivery.batch.accepted) == (1, 0)
    assert not Record.objects.filter(type="honour_entry").exists()


def test_the_portal_shows_it_as_what_it_is(county: Engine) -> None:
    deliver(county, honour())
    (shown,) = Effect.objects.filter(kind="publication")
    assert (shown.starts, shown.ends) == (TODAY, date(2027, 11, 2))

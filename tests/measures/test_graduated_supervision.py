"""Below the lists: inspections more often, conveniences less, by the reasons of the entry, and never a restraint."""

from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from tests.kept import building, lent
from tests.measures.engine_world import MARKET, NOW, SHOP, SHOP_NAME, TODAY, Engine, build
from tests.measures.packs import DAY, REFERENCE, article, edition, ground, measure, published, rule
from tests.world import World, table

from xinheng.base.home import Home
from xinheng.effects.models import Effect, EndReason, MeasureTerms
from xinheng.measures.judging import executable, set_off_by
from xinheng.measures.models import MeasureTask, Notice
from xinheng.measures.rules import Trigger

YEARLY, LOST = "未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告", "通过登记的住所或者经营场所无法联系"


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: Engine, home: Home, db: None):
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))


def abnormal(reason: str = LOST, **facts: str) -> dict[str, str]:
    """One row of the register of abnormal operation as the market authority sends it."""
    return {
        "主体名称": SHOP_NAME, "统一社会信用代码": SHOP, "异常种类": "经营异常名录",
        "列入决定书文号": "云市监异〔2026〕1号",
        "列入原因": reason, "列入日期": "2026-11-02", "列入机关": MARKET.name, "列入机关统一社会信用代码": MARKET.code,
        "移出日期": "", "移出原因": "", "移出机关": "", "数据来源单位": MARKET.name,
        "数据来源单位统一社会信用代码": MARKET.code,
    } | facts  # fmt: skip


def deliver(county: Engine, row: dict[str, str]) -> None:
    county.world.batch(table([row]), "abnormal_entry")
    county.run()


def keys(kind: str) -> list[str]:
    terms = Effect.objects.filter(kind=kind, ended_at=None).values("terms_id")
    return sorted(MeasureTerms.objects.filter(pk__in=terms).values_list("measure_key", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "follows"), [(LOST, "D-10"), (YEARLY, "D-11")])
def test_only_what_the_article_ties_to_these_reasons_follows(county: Engine, reason: str, follows: str) -> None:
    deliver(county, abnormal(reason))
    assert [one.measure_key for one in Notice.objects.get().measures.all()] == [follows]
    county.serve()
    county.later(1)
    county.run()
    assert keys("graduated") == [follows]
    assert keys("restraint") == []


@pytest.mark.django_db
def test_reasons_that_no_article_names_bring_nothing(county: Engine) -> None:
    deliver(county, abnormal("未按规定履行即时信息公示义务"))
    assert Effect.objects.filter(kind="listing", ended_at=None).exists()
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_nothing_begins_before_the_notice_is_served(county: Engine) -> None:
    deliver(county, abnormal())
    county.later(5)
    county.sweep()
    assert keys("graduated") == []


@pytest.mark.django_db
def test_no_check_answers_it_as_a_restraint(county: Engine) -> None:
    deliver(county, abnormal(YEARLY))
    county.serve()
    county.later(1)
    county.run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM check_answer_v1(ARRAY[%s], ARRAY[%s]::bigint[], %s)",
                       [SHOP, county.world.region.pk, county.now.date()])  # fmt: skip
        assert {kind for (kind,) in cursor.fetchall()} == {"listing"}


@pytest.mark.django_db
def test_when_the_entry_is_removed_everything_ends(county: Engine) -> None:
    deliver(county, abnormal())
    county.serve()
    county.later(1)
    county.run()
    deliver(county, abnormal(移出日期=f"{county.now:%Y-%m-%d}", 移出原因="已恢复联系"))
    assert keys("graduated") == []
    assert not Effect.objects.filter(kind="listing", ended_at=None).exists()
    assert {one.end_reason for one in Effect.objects.filter(kind="graduated")} == {EndReason.REMOVED}
    assert {one.state for one in MeasureTask.objects.all()} == {"closed"}


@pytest.mark.django_db
def test_other_reasons_sent_as_a_correction_end_what_no_longer_follows(county: Engine) -> None:
    deliver(county, abnormal())
    county.serve()
    county.later(1)
    county.run()
    deliver(county, abnormal(YEARLY))
    county.sweep()
    assert keys("graduated") == []
    assert [one.measure_key for one in Notice.objects.get(closed_at=None, service_id=None).measures.all()] == ["D-11"]


GRADED = {
    "measure_class": "graduated", "consequence": "inspection", "triggers": (Trigger("E1", REFERENCE, "欠薪名单"),),
}  # fmt: skip


def reasons(list_kind: str, **changes: object) -> str:
    one = measure(**changes)
    made = edition(one)
    known = replace(ground(made, published(made), article=article()), lists={"E1": rule(kind=list_kind)})
    return "".join(executable(one, known, DAY).reasons)


def test_a_restraint_set_off_by_what_is_below_a_list_is_refused() -> None:
    assert "不得引起惩戒" in reasons("adverse")
    assert "不得引起惩戒" in reasons("adverse", measure_class="II")


def test_graduated_supervision_names_one_of_its_two_consequences() -> None:
    assert reasons("adverse", **GRADED) == ""
    assert "须写明是哪一种" in reasons("adverse", **GRADED | {"consequence": ""})


def test_graduated_supervision_does_not_follow_from_a_list_of_serious_dishonesty() -> None:
    assert "只由名单以下" in reasons("serious", **GRADED)


def test_an_attention_tag_sets_nothing_off() -> None:
    assert "内部标签" in reasons("attention", **GRADED)


def test_a_restraint_cannot_pass_itself_off_as_graduated() -> None:
    assert "只有分级监管措施写明" in reasons("serious", consequence="inspection")


def test_grounds_stand_in_the_words_of_the_article() -> None:
    trigger = Trigger("E1", REFERENCE, "欠薪名单", ("失联",))
    assert "不在触发条件抄录的原话里" in reasons("serious", triggers=(trigger,))


def test_an_article_without_a_list_is_set_off_by_entries_that_cite_it() -> None:
    one = measure(triggers=(Trigger("", REFERENCE, "欠薪名单"),))
    known = {REFERENCE: article()}
    assert set_off_by(one, rule(), "拖欠工资（《示例条例》第一条）", known)
    assert not set_off_by(one, rule(), "拖欠工资（《示例条例》第二条）", known)
    assert not set_off_by(one, rule(kind="adverse"), "《示例条例》第一条", known)
    assert TODAY == DAY

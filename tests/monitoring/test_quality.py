"""The three rates of double publicity, and that what cannot be known is never called complete."""

from datetime import date, datetime

import pytest
from tests.desk.second_county import found_second_county
from tests.kept import building, lent
from tests.portal.senders import MILL, MILL_NAME, SHOP, SHOP_NAME, licence, organisation, penalty
from tests.world import MARKET, NOW, SCHOOLS, World, table

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC, Scope
from xinheng.monitoring.queries import Quality, formulas, quality_by_department, quality_by_month

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
EARLIER = datetime(2026, 11, 3, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        module_world.batch(table([organisation(SHOP, SHOP_NAME), organisation(MILL, MILL_NAME)]), "organisation")
    return module_world


@pytest.fixture
def registered(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


def listed(count: int, *, act: str = "行政处罚", month: str = "2026/11/01", number: str = "") -> dict[str, str]:
    return {
        "部门名称": MARKET.name,
        "部门统一社会信用代码": MARKET.code,
        "行政行为种类": act,
        "所属月份": month,
        "决定书文号": number,
        "件数": str(count),
    }


def market(world: World, month: date = NOVEMBER, act: str | None = "行政处罚") -> Quality:
    rows = quality_by_department(world.scope, month=month, act=act, pack="demo", home=world.home)
    (found,) = [row for row in rows if row.department_name == MARKET.name]
    return found


def test_compliance_is_the_share_of_rows_without_errors(registered):
    registered.batch(table([penalty(1), penalty(2), penalty(3, "9199")]), "penalty")
    found = market(registered)
    assert (found.received, found.compliance.part, found.compliance.percent) == (3, 2, "66.66")


def test_timeliness_counts_seven_working_days_from_the_decision(registered):
    rows = [penalty(1, 处罚决定日期="2026/11/12"), penalty(2, 处罚决定日期="2026/11/11")]
    registered.batch(table(rows), "penalty")
    assert (market(registered).timeliness.part, market(registered).timeliness.whole) == (1, 2)


def test_a_correction_keeps_the_day_of_the_first_receipt(registered):
    registered.batch(table([penalty(1, 处罚决定日期="2026/10/30")]), "penalty", now=EARLIER)
    registered.batch(table([penalty(1, 处罚决定日期="2026/10/30", 处罚内容="罚款贰万元整")]), "penalty", now=NOW)
    assert (market(registered).timeliness.percent, market(registered).timeliness.whole) == ("100.00", 1)


def test_without_a_ledger_of_the_department_coverage_is_unknown(registered):
    registered.batch(table([penalty(1)]), "penalty")
    found = market(registered).coverage
    assert (found.percent, found.reason) == (None, "没有这个月的履职台账")


def test_coverage_is_what_came_against_what_the_department_listed(registered):
    registered.batch(table([penalty(1), penalty(2), penalty(3)]), "penalty")
    registered.batch(table([listed(4)]), "case_ledger")
    assert (market(registered).coverage.part, market(registered).coverage.percent) == (3, "75.00")
    assert market(registered, OCTOBER).coverage.percent is None


def test_a_ledger_may_list_every_act_or_one_total(registered):
    registered.batch(table([penalty(1)]), "penalty")
    registered.batch(table([listed(1, number=f"云市监罚〔2026〕{n}号") for n in (1, 2)]), "case_ledger")
    assert market(registered).coverage.percent == "50.00"
    registered.batch(table([listed(5)]), "case_ledger")
    assert market(registered).coverage.percent == "20.00"


def test_the_newest_total_of_a_month_counts(registered):
    registered.batch(table([penalty(1)]), "penalty")
    registered.batch(table([listed(4)]), "case_ledger")
    registered.batch(table([listed(2)]), "case_ledger")
    assert market(registered).coverage.percent == "50.00"


def test_more_records_than_the_ledger_lists_is_no_full_marks(registered):
    registered.batch(table([penalty(1), penalty(2)]), "penalty")
    registered.batch(table([listed(1)]), "case_ledger")
    found = market(registered).coverage
    assert found.percent is None
    assert "多于台账" in found.reason


def test_licences_without_a_ledger_are_not_covered_by_the_ledger_of_penalties(registered):
    registered.batch(table([penalty(1)]), "penalty")
    registered.batch(table([licence(1)]), "licence")
    registered.batch(table([listed(2)]), "case_ledger")
    found = market(registered, act=None).coverage
    assert (found.percent, found.reason) == (None, "台账没有登记行政许可")


def test_a_share_just_below_all_is_not_rounded_up(registered):
    registered.batch(table([penalty(1)]), "penalty")
    registered.batch(table([listed(3)]), "case_ledger")
    assert market(registered).coverage.percent == "33.33"


def test_a_department_over_a_year(registered):
    registered.batch(table([penalty(1)]), "penalty")
    department = registered.department(MARKET.code).pk
    rows = quality_by_month(
        registered.scope, department=department, months=[NOVEMBER, OCTOBER], act=None, pack="demo", home=registered.home
    )
    assert [(row.month, row.received) for row in rows] == [(NOVEMBER, 1), (OCTOBER, 0)]
    assert rows[1].compliance.percent is None


def test_everybody_sees_her_own_reach_and_the_public_nothing(registered):
    registered.batch(table([penalty(1)]), "penalty")
    found_second_county()
    facts = {"month": NOVEMBER, "act": None, "pack": "demo", "home": registered.home}
    other = quality_by_department(Scope(region="990002"), **facts)
    assert [(row.department_name, row.received) for row in other] == [("雾屿县市场监督管理局", 0)]
    schools = Scope(region="990001", departments=frozenset({registered.department(SCHOOLS.code).pk}))
    assert [row.department_name for row in quality_by_department(schools, **facts)] == [SCHOOLS.name]
    with pytest.raises(Refused):
        quality_by_department(PUBLIC, **facts)


def test_the_formulas_are_configuration_and_say_so():
    found = formulas(Scope(region="990001"), pack="demo", as_at=NOW.date())
    assert [one.name for one in found] == ["合规率", "及时率", "上报率"]
    assert not any(one.verified for one in found)

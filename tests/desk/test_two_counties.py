"""An officer sees her own county and department, on every page; lists cost no more for many rows than for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.desk.reading import text_of
from tests.desk.second_county import found_second_county
from tests.kept import building, lent
from tests.portal.senders import MILL_NAME, SHOP_NAME, licence, penalty, send_files
from tests.world import NOW, SCHOOLS, World, table

from xinheng.base.home import Home
from xinheng.effects.actions import propose_takedown
from xinheng.register.models import Record

LISTS = (
    "/desk/",
    "/desk/deliveries",
    "/desk/batches",
    "/desk/reviews",
    "/desk/takedowns",
    "/desk/quality",
    "/desk/departments",
    "/desk/records/find?type=penalty&q=云市监罚〔2026〕1号",
)


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        send_files(module_world)
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def county(office: World) -> World:
    return office


def fill(world, first: int, count: int) -> None:
    rows = [penalty(first + n, 处罚类别="其他-责令学习", **{"罚款金额(万元)": ""}) for n in range(count)]
    world.batch(table(rows), "penalty")
    world.batch(table([penalty(first + n) for n in range(50, 50 + count)]), "penalty", department=SCHOOLS.code)
    for record in Record.objects.filter(type="penalty", known_to=None, decision_no__contains=f"〕{first}"):
        propose_takedown(record_no=record.record_no, reason="核对", by=world.officer("zhou.ming"), now=NOW)


def test_nothing_of_one_county_stands_on_any_page_of_the_other(county, at_desk):
    fill(county, 100, 3)
    found_second_county()
    client = at_desk("wu.deng")
    for address in LISTS:
        text = text_of(client, address)
        for word in ("云市监罚", "云屿县市场监督管理局", SHOP_NAME, MILL_NAME):
            assert word not in text.replace("云市监罚〔2026〕1号", "", 1), (address, word)


def test_a_department_sees_only_what_it_sent(county, at_desk):
    fill(county, 100, 1)
    client = at_desk("he.shuo")
    for address in ("/desk/batches", "/desk/deliveries", "/desk/reviews", "/desk/quality"):
        assert "云屿县教育局" not in text_of(client, address), address


def test_lists_cost_no_more_for_many_rows(county, at_desk):
    client = at_desk("lin.xinyu")
    fill(county, 100, 1)
    few = {address: _cost(client, address) for address in LISTS}
    fill(county, 300, 12)
    for n in range(4):
        county.batch(table([licence(400 + n)]), "licence")
    many = {address: _cost(client, address) for address in LISTS}
    for address in LISTS:
        assert many[address] <= few[address], address
        assert many[address] <= 40, (address, many[address])


def test_the_log_and_the_officers_cost_no_more_for_many_rows(office, at_desk):
    client = at_desk("gu.anlan")
    few = _cost(client, "/desk/officers")
    found_second_county()
    assert _cost(client, "/desk/officers") <= few
    assert "吴灯" not in text_of(client, "/desk/officers")


def _cost(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as spent:
        assert client.get(address).status_code == 200
    return len(spent)

"""Names near what somebody searched stand apart from the hits, and say how they differ."""

import pytest
import time_machine
from tests.kept import building, lent
from tests.portal.senders import SHOP_NAME, organisation, penalty, send_files
from tests.world import NOW, table

from xinheng.base.identifiers import credit_code

pytestmark = pytest.mark.django_db

NEIGHBOUR = "云屿县浮光食材有限公司"


@pytest.fixture(scope="module", autouse=True)
def _register(module_world):
    with building(module_world) as county:
        send_files(county)
        code = credit_code.make("91", "990001", "MA000009")
        county.batch(table([organisation(code, NEIGHBOUR)]), "organisation")
        county.batch(table([penalty(90, code, NEIGHBOUR)]), "penalty")


@pytest.fixture
def county(module_world, home, db):
    with time_machine.travel(NOW, tick=False):
        yield lent(module_world, home)


def test_a_name_written_in_full_otherwise_is_found_and_said_how_it_differs(county, client):
    page = client.get("/search", {"q": "云屿浮光食品有限责任公司"}).content.decode()
    similar = page[page.index("名称相近的单位") :]
    assert SHOP_NAME in similar
    assert "区划写法不同：“云屿”与“云屿县”" in similar


def test_a_neighbour_of_an_exact_hit_stands_apart_with_the_difference(county, client):
    page = client.get("/search", {"q": SHOP_NAME}).content.decode()
    hits, _, similar = page.partition("名称相近的单位")
    assert SHOP_NAME in hits
    assert NEIGHBOUR in similar
    assert "有 1 个字不同：“品”与“材”" in similar


def test_programs_are_told_the_same(county, client):
    told = client.get("/api/v1/search", {"q": SHOP_NAME}).json()
    (near,) = told["similar"]
    assert (near["organisation"]["name"], near["matched"]) == (NEIGHBOUR, "有 1 个字不同：“品”与“材”")

"""The counter issues reports of organisations; a person is refused and not kept."""

import pytest
from tests.desk.reading import text_of
from tests.kept import lent
from tests.portal.senders import MILL, SHOP
from tests.world import World

from xinheng.base.home import Home
from xinheng.products.models import IssuedReport

pytestmark = pytest.mark.django_db
PERSON = "99000119900307001X"


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def county(office: World) -> World:
    return office


def test_a_report_is_issued_and_listed(county, at_desk):
    client = at_desk("lin.xinyu")
    answer = client.post("/desk/reports", {"code": SHOP, "kind": "plain", "purpose": "招标投标"})
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    page = text_of(client, "/desk/reports")
    assert IssuedReport.objects.get().number in page
    assert "林信予" in page


def test_violations_bar_the_version_without_them(county, at_desk):
    client = at_desk("lin.xinyu")
    answer = client.post("/desk/reports", {"code": SHOP, "kind": "clean", "purpose": "招标投标"})
    assert answer.status_code == 400
    assert "不能出具无违法违规记录版" in answer.content.decode()
    assert client.post("/desk/reports", {"code": MILL, "kind": "clean", "purpose": "招标"}).status_code == 200


@pytest.mark.parametrize("given", [{"code": PERSON}, {"code": SHOP, "purpose": f"给{PERSON}办事"}])
def test_a_citizen_number_is_refused_and_does_not_come_back(county, at_desk, given):
    answer = at_desk("lin.xinyu").post("/desk/reports", {"kind": "plain", "purpose": "办事"} | given)
    assert answer.status_code == 400
    assert PERSON not in answer.content.decode()
    assert not IssuedReport.objects.exists()


def test_only_the_credit_office_issues(county, at_desk):
    assert at_desk("he.shuo").get("/desk/reports").status_code == 403
    assert at_desk("he.shuo").post("/desk/reports", {"code": SHOP}).status_code == 403

"""A declaration waits in the queue of whoever verifies it, and the desk shows what was declared."""

import pytest
from django.test import Client
from tests.declarations.declaring import Declaring
from tests.world import PASSWORD

from xinheng.proceedings.actions import confirm, move, propose

pytestmark = pytest.mark.django_db


def desk(username: str) -> Client:
    client = Client()
    client.post("/desk/login", {"username": username, "password": PASSWORD})
    return client


def test_it_waits_for_the_department_named_for_its_kind(county: Declaring):
    case = county.declare()
    assert case.number in desk("he.shuo").get("/desk/cases").content.decode()
    assert case.number not in desk("lin.xinyu").get("/desk/cases").content.decode()
    page = desk("he.shuo").get(f"/desk/cases/{case.pk}").content.decode()
    assert "FSMS-990001-0026" in page
    assert "我单位自愿申报" in page
    answer = desk("he.shuo").post(f"/desk/cases/{case.pk}/steps/verify", {"verify-verified_how": "与名录核对一致"})
    assert answer.status_code == 302
    assert county.public()


def test_what_no_department_is_named_for_waits_for_the_office(county: Declaring):
    case = county.declare(kind="public_service")
    assert case.number in desk("lin.xinyu").get("/desk/cases").content.decode()
    answer = desk("lin.xinyu").post(f"/desk/cases/{case.pk}/steps/verify", {"verify-verified_how": "向受赠单位核对"})
    assert answer.status_code == 302


def test_whoever_verifies_the_next_one_reads_what_was_untrue_before(county: Declaring):
    case = county.declare()
    county.verify(case)
    county.step(case, "doubt", reason="发证单位称没有发过")
    move(case=case.pk, event="explain", stated={"statement": "代办"}, by=county.membership.user, now=county.now)
    stated = {"reason": "发证单位书面证明"}
    made = propose(case=case.pk, event="find_untrue", stated=stated, by=county.officer("lin.xinyu"), now=county.now)
    confirm(proposal=made.pk, by=county.officer("zhou.ming"), now=county.now)
    again = county.declare()
    assert "曾有申报被认定不实" in desk("he.shuo").get(f"/desk/cases/{again.pk}").content.decode()


def test_an_officer_of_another_department_does_not_see_it(county: Declaring):
    case = county.declare(kind="public_service")
    assert desk("he.shuo").get(f"/desk/cases/{case.pk}").status_code == 404

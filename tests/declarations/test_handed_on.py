"""Whoever was given a verified declaration is told when it ends, and sees everywhere what it is."""

import pytest
from tests.declarations.declaring import SHOP, Declaring
from tests.products.reports import issue, text_of

from xinheng.base.clock import today
from xinheng.base.scope import PUBLIC
from xinheng.effects.models import Retraction
from xinheng.proceedings.actions import move
from xinheng.products.queries import Verdict, verify_number

pytestmark = pytest.mark.django_db


def reported(county: Declaring, **more: object) -> str:
    return text_of(issue(SHOP, now=county.now, today=today(county.now), **more))


def test_the_report_shows_it_in_a_section_of_its_own_and_not_before_it_was_verified(county: Declaring):
    case = county.declare()
    assert "FSMS-990001-0026" not in reported(county)
    county.verify(case)
    text = reported(county)
    assert "自主申报信息（已核验）" in text
    assert "FSMS-990001-0026" in text
    assert f"申报编号{case.number}" in text
    assert "核验部门云屿县市场监督管理局" in text


def test_a_report_with_it_says_that_it_is_out_of_date_and_its_holder_is_asked_for_it(county: Declaring):
    case = county.declare()
    county.verify(case)
    given = issue(SHOP, now=county.now, today=today(county.now))
    assert not Retraction.objects.exists()
    move(case=case.pk, event="withdraw", stated={"reason": "不再持有"}, by=county.membership.user, now=county.now)
    assert Retraction.objects.count() == 1
    assert verify_number(PUBLIC, given.number, as_at=today(county.now)).verdict is Verdict.UPDATED


def test_it_does_not_bar_the_version_without_violations(county: Declaring):
    county.verify(county.declare())
    assert "没有云屿县浮光食品有限公司" in reported(county, kind="clean")

"""Doubtful names at the desk: both sides with what was compared, decided, put off, undone."""

from datetime import date

import pytest
import time_machine
from tests.kept import building, lent
from tests.matching.matching_world import fined, firm, question, record, register_firms
from tests.world import NOW

from xinheng.audit.models import AuditEvent
from xinheng.register.references import record_ref

pytestmark = pytest.mark.django_db

DOUBTFUL = "云屿县云航机械配件有限公司"
SLIP = "云屿云帆机械配件有限公司"


@pytest.fixture(scope="module", autouse=True)
def _register(module_world):
    with building(module_world) as county:
        register_firms(county)


@pytest.fixture
def office(module_world, home, db):
    with time_machine.travel(NOW, tick=False):
        yield lent(module_world, home)


@pytest.fixture
def desk(office, at_desk):
    return at_desk("lin.xinyu")


def address(number=1):
    return f"/desk/reviews/{question(number).pk}"


def page(desk, path):
    return desk.get(path).content.decode()


def test_the_page_shows_the_candidate_with_score_and_reasons(office, desk):
    fined(office, DOUBTFUL)
    shown = page(desk, address())
    assert firm("sail").name in shown
    assert '<span class="number">840</span> 分（满分 1000）' in shown
    assert "有 1 个字不同：“航”与“帆”" in shown
    assert "同一部门再以这个写法报送时不再提示这些单位" in shown


def test_the_decision_and_its_end_stand_on_the_page(office, desk):
    fined(office, DOUBTFUL)
    path = address()
    desk.post(path, {"answer": str(firm("sail").pk), "note": "电话核对"})
    assert "林信予：是“云屿县云帆机械配件有限公司”（电话核对）" in page(desk, path)
    told = desk.post(path, {"answer": "undo", "note": "看错了"}, follow=True).content.decode()
    assert "已撤销关联，1 条公示随即终止" in told
    assert "由林信予撤销：撤销关联：看错了" in page(desk, path)


def test_a_record_that_an_officer_linked_tells_it_without_her_note(office, desk):
    fined(office, DOUBTFUL)
    desk.post(address(), {"answer": str(firm("sail").pk), "note": "电话核对"})
    desk.post("/desk/purpose", {"purpose": "case", "note": "核对第 1 号批次"})
    shown = page(desk, f"/desk/records/{record_ref(record(1).record_no)}")
    assert "<dt>怎样归到单位</dt><dd>由信用办核对后归到这个单位</dd>" in shown


def test_a_question_is_put_off_with_a_reason_and_comes_back_on_its_day(office, desk, at_desk):
    fined(office, DOUBTFUL)
    path = address()
    told = desk.post(path, {"answer": "later", "until": "2026-12-01", "note": "等部门答复"}, follow=True)
    assert "已放到 2026年12月1日 再处理" in told.content.decode()
    assert DOUBTFUL not in page(desk, "/desk/reviews")
    assert "林信予" in page(desk, "/desk/reviews?show=later")
    assert AuditEvent.objects.get(act="register.review_put_off").detail["note"] == "等部门答复"
    with time_machine.travel(NOW.replace(month=12, day=1), tick=False):
        again = at_desk("lin.xinyu")
        assert DOUBTFUL in page(again, "/desk/reviews")
        assert DOUBTFUL not in page(again, "/desk/reviews?show=later")


@pytest.mark.parametrize(
    ("until", "note"), [("2026-12-01", ""), ("", "等"), ("2026-11-21", "等"), ("2027-11-21", "等"), ("明天", "等")]
)
def test_it_is_not_put_off_without_a_reason_or_for_ever(office, desk, until, note):
    fined(office, DOUBTFUL)
    assert desk.post(address(), {"answer": "later", "until": until, "note": note}).status_code == 400
    assert question(1).put_off_until is None


def test_a_question_put_off_may_be_answered_before(office, desk):
    fined(office, DOUBTFUL)
    desk.post(address(), {"answer": "later", "until": "2026-12-01", "note": "等部门答复"})
    assert question(1).put_off_until == date(2026, 12, 1)
    desk.post(address(), {"answer": str(firm("sail").pk)})
    assert record(1).link_method == "officer"


def test_links_that_nobody_was_asked_about_can_be_looked_at_and_undone(office, desk):
    fined(office, SLIP)
    assert SLIP not in page(desk, "/desk/reviews")
    assert SLIP in page(desk, "/desk/reviews?show=alone")
    path = address()
    assert "名称比对一致，自动关联，没有经过人工。" in page(desk, path)
    assert "区划写法不同" in page(desk, path)
    desk.post(path, {"answer": "undo", "note": "不是同一单位"})
    assert record(1).link_method == "none"


def test_a_collector_decides_nothing(office, at_desk):
    fined(office, DOUBTFUL)
    posted = at_desk("gu.anlan").post(address(), {"answer": str(firm("sail").pk)})
    assert posted.status_code == 403

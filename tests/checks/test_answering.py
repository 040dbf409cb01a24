"""What a check answers, what it refuses, and what is left behind of it."""

from datetime import timedelta

import pytest
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED, LISTED_NAME, OTHER_ITEM, UNKNOWN, Counter
from tests.world import NOW

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, Refused, WrongUsage
from xinheng.base.scope import PUBLIC
from xinheng.checks.models import CheckRequest
from xinheng.checks.queries import verify_receipt

pytestmark = pytest.mark.django_db


def test_an_entry_in_force_is_answered_with_its_basis(counter: Counter):
    found = counter.ask(LISTED)

    assert found["hit"]
    assert [one["list_title"] for one in found["entries"]] == ["市场监督管理严重违法失信名单"]
    assert found["entries"][0]["basis"]


def test_a_measure_of_this_item_is_answered_with_basis_and_last_day(counter: Counter):
    counter.publish_measures()
    counter.restrain()

    (measure,) = counter.ask(LISTED)["measures"]

    assert measure["title"] == "不适用告知承诺、容缺受理"
    assert measure["basis"] == ["《演示省社会信用条例（虚构）》第二十三条"]
    assert measure["last_day"] == "2027-10-31"


def test_a_measure_of_another_item_is_not_answered(counter: Counter):
    counter.publish_measures()
    counter.restrain()

    assert counter.ask(LISTED, item=OTHER_ITEM)["measures"] == []


def test_a_measure_whose_list_is_not_published_is_not_answered(counter: Counter):
    counter.restrain()

    assert counter.ask(LISTED, item=ITEM)["measures"] == []


def test_nothing_found_is_not_said_while_a_source_is_late(counter: Counter):
    found = counter.ask(CLEAN)

    assert not found["hit"]
    assert "以下来源未更新，不能认定无记录" in found["sentence"]
    assert "失信被执行人名单（县法院）（从未报送）" in found["sentence"]


def test_a_source_is_fresh_until_its_days_are_over(counter: Counter):
    fresh = {one["key"]: one["fresh"] for one in counter.ask(CLEAN)["sources"]}
    later = {one["key"]: one["fresh"] for one in counter.ask(CLEAN, now=NOW + timedelta(days=32))["sources"]}

    assert fresh["market"]
    assert not later["market"]


def test_another_name_than_the_registered_one_is_warned_of(counter: Counter):
    assert counter.ask(LISTED, LISTED_NAME)["warnings"] == []
    assert "名称与代码不符" in counter.ask(LISTED, "云屿县别家有限公司")["warnings"][0]


def test_an_unknown_code_is_answered_as_unknown(counter: Counter):
    found = counter.ask(UNKNOWN)

    assert not found["known"]
    assert found["warnings"] == ["本平台没有这个代码的登记信息，请核对代码。"]


def test_a_citizen_number_is_refused_and_leaves_nothing_behind(counter: Counter):
    before = AuditEvent.objects.count()

    with pytest.raises(Refused, match="只回答单位"):
        counter.ask(CITIZEN)

    assert AuditEvent.objects.count() == before
    assert not CheckRequest.objects.exists()


def test_a_citizen_number_as_name_or_case_is_refused(counter: Counter):
    with pytest.raises(Refused, match="只回答单位"):
        counter.ask(CLEAN, CITIZEN)
    with pytest.raises(Refused, match="只回答单位"):
        counter.ask(CLEAN, case_no=f"办件{CITIZEN}")


def test_nobody_checks_without_item_and_purpose(counter: Counter):
    with pytest.raises(WrongUsage, match="业务事项"):
        counter.ask(CLEAN, item="")
    with pytest.raises(WrongUsage, match="用途"):
        counter.ask(CLEAN, purpose="")
    with pytest.raises(Refused, match="没有这个用途代码"):
        counter.ask(CLEAN, purpose="whatever")


def test_a_department_checks_for_its_own_items_only(counter: Counter):
    with pytest.raises(Refused, match="不由云屿县市场监督管理局办理"):
        counter.ask(CLEAN, item="CG-ZG-01")


def test_every_answer_has_an_audit_row_that_names_its_receipt(counter: Counter):
    found = counter.ask(CLEAN)

    event = AuditEvent.objects.get(act="check.answer")
    assert event.detail["check"] == found["number"]
    assert (event.object_id, event.purpose) == (CLEAN, "[service] 办件2026-1")


def test_a_receipt_verifies_for_hits_and_for_nothing_found(counter: Counter):
    for code in (LISTED, CLEAN):
        found = counter.ask(code)
        receipt = verify_receipt(PUBLIC, found["receipt"], home=counter.home)
        assert receipt.genuine
        assert receipt.facts["number"] == found["number"]
        assert receipt.facts["sentence"] == found["sentence"]


def test_the_same_key_and_content_give_the_same_answer(counter: Counter):
    first = counter.ask(CLEAN, key="abcdefgh")
    second = counter.ask(CLEAN, key="abcdefgh", now=NOW + timedelta(minutes=1))

    assert first == second
    assert CheckRequest.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(counter: Counter):
    counter.ask(CLEAN, key="abcdefgh")

    with pytest.raises(Conflict):
        counter.ask(LISTED, key="abcdefgh")

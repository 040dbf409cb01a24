"""The three calls of a hall, by the Python client, against the served county."""

from datetime import date

import pytest
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED, LISTED_NAME, UNKNOWN
from tests.clients.conftest import IMPATIENT, Served

from xinheng.audit.models import AuditEvent
from xinheng.checks.models import CheckFeedback, CheckRequest
from xinheng_client import Done, NotAllowed, Platform, Refused, Unusable


def test_entries_and_measures_come_typed(platform: Platform):
    found = platform.check(LISTED, name=LISTED_NAME, item=ITEM, purpose="service", case_no="办件2026-7")

    assert found.hit
    assert (found.code, found.name, found.case_no) == (LISTED, LISTED_NAME, "办件2026-7")
    assert found.entries[0].list_key == "L04"
    assert found.measures[0].key == "D-3"
    assert found.measures[0].last_day == date(2027, 10, 31)
    assert "第二十三条" in found.measures[0].basis[0]
    assert found.warnings == ()


def test_a_late_source_is_told_as_such(platform: Platform):
    found = platform.check(CLEAN, item=ITEM, purpose="service")

    assert not found.hit
    assert found.stale
    assert "不能认定无记录" in found.sentence
    assert {one.key: one.fresh for one in found.sources}["market"]


def test_another_name_is_warned_of(platform: Platform):
    found = platform.check(CLEAN, name="云屿县别家书店", item=ITEM, purpose="service")

    assert "名称与代码不符" in found.warnings[0]


def test_many_are_answered_in_order_under_one_receipt(platform: Platform):
    found = platform.check_many([CLEAN, CITIZEN, LISTED, UNKNOWN], item=ITEM, purpose="service")

    assert [one.hit for one in found.lines] == [False, False, True, False]
    assert (found.codes, found.hits, found.refused) == (4, 1, 1)
    assert "只回答单位" in found.lines[1].refused
    assert found.lines[2].measures[0].key == "D-3"


def test_what_was_done_is_noted(platform: Platform):
    number = platform.check(LISTED, item=ITEM, purpose="service").number

    assert platform.feedback(number, [Done("D-3", applied=True, document_no="云批〔2026〕1号")]) == 1
    noted = CheckFeedback.objects.get(request_number=number)
    assert (noted.outcome, noted.document_no) == ("applied", "云批〔2026〕1号")


def test_doing_nothing_needs_a_reason(platform: Platform):
    number = platform.check(LISTED, item=ITEM, purpose="service").number

    with pytest.raises(Refused, match="原因") as refused:
        platform.feedback(number, [Done("D-3", applied=False)])
    assert refused.value.status == 422


def test_lists_and_measures_are_read(platform: Platform):
    assert "L04" in {one.key for one in platform.lists()}
    assert {one.key for one in platform.measures(executable=True)} >= {"D-3"}
    assert all(one.reasons for one in platform.measures(executable=False))


def test_a_citizen_number_is_refused_in_the_words_of_the_platform(platform: Platform):
    with pytest.raises(Refused, match="只回答单位") as refused:
        platform.check(CITIZEN, item=ITEM, purpose="service")

    assert "没有保存" in refused.value.advice
    assert CITIZEN not in refused.value.message


def test_a_check_without_an_item_is_refused(platform: Platform):
    with pytest.raises(Refused, match="业务事项"):
        platform.check(CLEAN, item="", purpose="service")


def test_a_secret_that_does_not_hold_is_told_so(served: Served):
    with Platform.at(served.url, secret="none.none", patience=IMPATIENT) as stranger, pytest.raises(NotAllowed):
        stranger.check(CLEAN, item=ITEM, purpose="service")


def test_the_same_key_is_the_same_check(platform: Platform):
    first = platform.check(CLEAN, item=ITEM, purpose="service", key="window-3-0001")
    again = platform.check(CLEAN, item=ITEM, purpose="service", key="window-3-0001")

    assert first == again
    assert CheckRequest.objects.filter(idempotency_key="window-3-0001").count() == 1
    assert AuditEvent.objects.filter(act="check.answer", detail__check=first.number).count() == 1


def test_the_same_key_for_another_check_is_refused(platform: Platform):
    platform.check(CLEAN, item=ITEM, purpose="service", key="window-3-0002")

    with pytest.raises(Refused, match="Idempotency-Key") as refused:
        platform.check(LISTED, item=ITEM, purpose="service", key="window-3-0002")
    assert refused.value.status == 409


def test_more_codes_than_the_platform_takes_are_not_sent(platform: Platform):
    with pytest.raises(Unusable, match="10000"):
        platform.check_many([CLEAN] * 10_001, item=ITEM, purpose="service")


@pytest.mark.parametrize("url", ["http://credit.example.gov.cn", "credit.example.gov.cn", "ftp://127.0.0.1", ""])
def test_a_secret_does_not_leave_in_clear(url: str):
    with pytest.raises(Unusable):
        Platform.at(url, secret="some.secret")


def test_a_secret_is_not_written_into_logs(platform: Platform, served: Served):
    assert served.secret not in repr(platform)

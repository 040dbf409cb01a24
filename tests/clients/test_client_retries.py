"""A bad line: what is sent again, and that it is carried out once."""

import dataclasses
import json
import socket
import time

import pytest
from tests.checks.counter import CLEAN, ITEM, LISTED
from tests.clients.between import LOST, Reply, Spoiling, between
from tests.clients.conftest import Served

from xinheng.audit.models import AuditEvent
from xinheng.checks.models import CheckFeedback, CheckRequest
from xinheng_client import Altered, Done, NotUnderstood, Patience, Platform, Unavailable, Uncertain


def busy(status: int, **headers: str) -> Reply:
    body = json.dumps({"detail": "核查请求太多。", "advice": "请稍后再试。"}).encode()
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def first(spoilt: Reply) -> Spoiling:
    return lambda call, reply: spoilt if call == 1 else reply


def always(spoilt: Reply) -> Spoiling:
    return lambda call, reply: spoilt


def test_an_answer_lost_on_the_way_is_asked_for_again_and_is_one_check(served: Served):
    before = CheckRequest.objects.count()
    with between(served.url, first(LOST)) as line, served.platform(line.url) as platform:
        found = platform.check(LISTED, item=ITEM, purpose="service")

    assert line.calls == 2
    assert CheckRequest.objects.count() == before + 1
    assert AuditEvent.objects.filter(act="check.answer", detail__check=found.number).count() == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_platform_is_asked_again_after_the_pause_it_names(served: Served, status: int):
    begun = time.monotonic()
    with between(served.url, first(busy(status, Retry_After="1"))) as line, served.platform(line.url) as platform:
        assert platform.check(CLEAN, item=ITEM, purpose="service").known

    assert line.calls == 2
    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize("status", [502, 504])
def test_a_proxy_before_a_platform_that_is_away_is_asked_again(served: Served, status: int):
    with between(served.url, first(busy(status))) as line, served.platform(line.url) as platform:
        assert platform.check(CLEAN, item=ITEM, purpose="service").known


def test_patience_ends_with_the_words_of_the_platform(served: Served):
    with (
        between(served.url, always(busy(503)), reach=False) as line,
        served.platform(line.url) as platform,
        pytest.raises(Unavailable, match="核查请求太多"),
    ):
        platform.check(CLEAN, item=ITEM, purpose="service")
    assert line.calls == 3


def test_a_platform_that_is_not_there_says_nothing_about_anybody(served: Served):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{one.getsockname()[1]}"
    with served.platform(nobody) as platform, pytest.raises(Unavailable, match="连不上") as away:
        platform.check(CLEAN, item=ITEM, purpose="service")
    assert "不能认定没有记录" in away.value.advice


def test_feedback_is_sent_again_when_its_answer_is_lost_and_noted_once(served: Served):
    with served.platform() as platform:
        number = platform.check(LISTED, item=ITEM, purpose="service").number
    with between(served.url, first(LOST)) as line, served.platform(line.url) as platform:
        assert platform.feedback(number, [Done("D-3", applied=True)]) == 1

    assert line.calls == 2
    assert CheckFeedback.objects.filter(request_number=number).count() == 1


def test_feedback_to_a_busy_platform_is_sent_again(served: Served):
    with (
        between(served.url, always(busy(503)), reach=False) as line,
        served.platform(line.url) as platform,
        pytest.raises(Unavailable),
    ):
        platform.feedback("HC990001-20261121-AAAAAAAAAA", [Done("D-3", applied=True)])
    assert line.calls == 3


def test_a_slow_answer_is_asked_for_again_and_then_given_up(served: Served):
    def slow(call: int, reply: Reply) -> Reply:
        time.sleep(0.6)
        return reply

    hasty = Patience(answer=0.2, retries=1, longest_pause=1)
    with between(served.url, slow) as line, served.platform(line.url, hasty) as platform, pytest.raises(Uncertain):
        platform.check(CLEAN, item=ITEM, purpose="service")
    assert line.calls == 2


def test_an_answer_that_says_something_else_than_its_receipt_is_not_returned(served: Served):
    def lie(call: int, reply: Reply) -> Reply:
        body = json.loads(reply.body) | {"measures": [], "hit": False}
        return dataclasses.replace(reply, body=json.dumps(body).encode())

    with (
        between(served.url, lie) as line,
        served.platform(line.url) as platform,
        pytest.raises(Altered, match="不一致"),
    ):
        platform.check(LISTED, item=ITEM, purpose="service")


def test_a_line_left_out_of_many_is_noticed(served: Served):
    def lie(call: int, reply: Reply) -> Reply:
        body = json.loads(reply.body)
        return dataclasses.replace(reply, body=json.dumps(body | {"lines": body["lines"][1:]}).encode())

    with between(served.url, lie) as line, served.platform(line.url) as platform, pytest.raises(Altered):
        platform.check_many([LISTED, CLEAN], item=ITEM, purpose="service")


def test_the_secret_is_not_carried_to_another_address(served: Served):
    elsewhere = Reply(307, b"", {"Location": served.url + "/api/v1/checks"})
    with (
        between(served.url, always(elsewhere), reach=False) as line,
        Platform.at(line.url, secret=served.secret) as platform,
        pytest.raises(NotUnderstood),
    ):
        platform.check(CLEAN, item=ITEM, purpose="service")
    assert line.calls == 1


def test_something_that_is_not_the_platform_is_told_so(served: Served):
    page = Reply(200, b"<html>", {"Content-Type": "text/html"})
    with (
        between(served.url, always(page), reach=False) as line,
        served.platform(line.url) as platform,
        pytest.raises(NotUnderstood, match="不是信用平台"),
    ):
        platform.check(CLEAN, item=ITEM, purpose="service")

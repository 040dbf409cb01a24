"""The check service: groups of calls, each answered by itself, all of them in the log."""

import json

import pytest
import time_machine
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED, Counter
from tests.world import MARKET, NOW, SYSTEM

from xinheng.audit.models import AuditEvent
from xinheng.checks.service import Call, Reply, answer_group
from xinheng.people.actions import create_api_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(counter: Counter):
    with time_machine.travel(NOW, tick=False):
        yield create_api_client(
            name="办事大厅", department=counter.world.department(MARKET.code), scopes=("check",), by=SYSTEM, now=NOW
        )[1]


def call(secret: str, code: str, key: str | None = None, **more: str) -> Call:
    body = {"code": code, "item": ITEM, "purpose": "service"} | more
    return Call(secret, "127.0.0.1", key, json.dumps(body).encode())


def facts(reply: Reply) -> dict[str, object]:
    return json.loads(reply.body)


def test_each_call_of_a_group_gets_its_own_answer(secret: str):
    replies = answer_group(
        [call(secret, LISTED), call(secret, CITIZEN), call("none.none", CLEAN), call(secret, CLEAN, item="")]
        + [call(secret, CLEAN)] * 3
    )

    assert [one.status for one in replies] == [200, 422, 401, 422, 200, 200, 200]
    assert facts(replies[0])["hit"]
    assert len({facts(one)["number"] for one in replies if one.status == 200}) == 4


def test_every_answer_of_a_group_is_in_the_log(secret: str):
    replies = answer_group([call(secret, LISTED), call(secret, CITIZEN), call(secret, CLEAN)])

    logged = {one.detail["check"] for one in AuditEvent.objects.filter(act="check.answer")}
    assert logged == {facts(one)["number"] for one in replies if one.status == 200}


def test_one_key_twice_in_a_group_is_one_check(secret: str):
    first, second = answer_group([call(secret, CLEAN, "abcdefgh"), call(secret, CLEAN, "abcdefgh")])

    assert first == second
    assert AuditEvent.objects.filter(act="check.answer").count() == 1


def test_what_is_not_json_is_told_so(secret: str):
    (reply,) = answer_group([Call(secret, "127.0.0.1", None, b"[")])

    assert (reply.status, facts(reply)["detail"]) == (422, "请求不是 JSON。")

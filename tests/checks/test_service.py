"""The check service: groups of calls, each answered by itself, all of them in the log."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, OperationalError
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED, Counter
from tests.world import MARKET, NOW, SYSTEM

from xinheng.audit.models import AuditEvent
from xinheng.checks import service
from xinheng.checks.actions import Asked
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


def test_half_a_character_is_refused_and_hurts_nobody_else(secret: str):
    half = Call(secret, "127.0.0.1", None, b'{"code": "%s", "item": "%s", "purpose": "service", "case_no": "\\ud800"}'
                % (CLEAN.encode(), ITEM.encode()))  # fmt: skip

    assert [one.status for one in answer_group([half, call(secret, CLEAN)])] == [422, 200]


def test_a_database_that_is_away_is_503_and_comes_back(secret: str, monkeypatch: pytest.MonkeyPatch):
    def away(**given: object) -> None:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr(service, "answer_checks", away)
        patched.setattr(service.connection, "close", lambda: None)
        (reply,) = answer_group([call(secret, CLEAN)])

    assert (reply.status, facts(reply)["detail"]) == (503, "数据库暂时连不上，没有核查。")
    assert answer_group([call(secret, CLEAN)])[0].status == 200


def test_what_the_database_refuses_in_one_call_does_not_touch_the_others(secret: str, monkeypatch: pytest.MonkeyPatch):
    answer = service.answer_checks

    def refusing(*, asked: Sequence[Asked], **given: Any) -> Any:
        if any(one.question.code == LISTED for one in asked):
            raise IntegrityError("of one of them")
        return answer(asked=asked, **given)

    monkeypatch.setattr(service, "answer_checks", refusing)

    assert [one.status for one in answer_group([call(secret, CLEAN), call(secret, LISTED)])] == [200, 500]


def test_nobody_is_left_waiting_when_a_group_breaks_off(monkeypatch: pytest.MonkeyPatch):
    def broken(calls: Sequence[Call]) -> list[Reply]:
        raise MemoryError

    monkeypatch.setattr(service, "answer_group", broken)

    assert asyncio.run(posted(service.CheckService())) == [500, 500]


async def posted(application: service.CheckService) -> list[int]:
    """The statuses of two calls at once."""
    seen: list[int] = []

    async def one() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                seen.append(message["status"])

        scope = {"type": "http", "path": service.PATH, "method": "POST", "headers": [], "client": ("127.0.0.1", 1)}
        await application(scope, receive, send)

    await asyncio.gather(one(), one())
    return seen


def started(running: service.CheckService) -> list[str]:
    """What the service tells the server when it starts and stops."""
    told: list[str] = []
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        told.append(message["type"])

    asyncio.run(running({"type": "lifespan"}, receive, send))
    return told


def test_the_rules_are_read_when_the_service_starts(monkeypatch: pytest.MonkeyPatch):
    read: list[str] = []
    monkeypatch.setattr(service, "read_rules", lambda: read.append("rules"))

    assert started(service.CheckService()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert read == ["rules"]


def test_rules_that_cannot_be_read_are_told_to_the_administrator(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken() -> None:
        raise ValueError("lists/L04.yaml")

    monkeypatch.setattr(service, "read_rules", broken)

    assert started(service.CheckService())[-1] == "lifespan.shutdown.complete"
    assert "lists/L04.yaml" in caplog.text

"""The check service: an ASGI application that answers `POST /api/v1/checks` in groups.

Calls that wait together share one select, one insert into the log and one commit; nobody is answered before it.
Each thread holds a database connection, so the same action answers here, at the counter and on the command line.
"""

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from xinheng.base import clock
from xinheng.base.client_address import client_address
from xinheng.base.errors import Conflict, NotFound, Refused, TryLater, WrongUsage, XinhengError
from xinheng.checks.actions import Answered, Asked, Key, answer_checks
from xinheng.checks.askers import Caller, callers
from xinheng.checks.asking import errand, question
from xinheng.checks.items import business_items
from xinheng.measures.reading import load_editions, load_lists
from xinheng.people.purposes import purposes

PATH = "/api/v1/checks"
LARGEST_GROUP = 64
LARGEST_BODY = 16_384
MOST_WAITING = 2_048
LONGEST_FIELD = 200
AT_ONCE = 2
FIELDS = frozenset({"code", "name", "item", "case_no", "purpose"})
_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters: JSON can spell them, a database cannot hold them."""
_log = logging.getLogger("xinheng.checks")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    """One HTTP call as it came."""

    token: str
    address: str
    key: str | None
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One HTTP answer; an error is a problem (RFC 9457)."""

    status: int
    body: bytes

    @property
    def media_type(self) -> bytes:
        return b"application/json; charset=utf-8" if self.status == 200 else b"application/problem+json"


class NotYours(Refused):
    """No valid secret, or one without this permission."""

    def __init__(self, status: int, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.status = status


@dataclass
class _Waiting:
    call: Call
    answered: "asyncio.Future[Reply]"


@dataclass
class CheckService:
    """The application. While one group waits for the disk the next one is worked out, and a third one gathers."""

    largest: int = LARGEST_GROUP
    at_once: int = AT_ONCE
    waiting: list[_Waiting] = field(default_factory=list)
    running: set["asyncio.Task[None]"] = field(default_factory=set)
    threads: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.threads = ThreadPoolExecutor(self.at_once, "checks")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI scope: a call, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            reply = await self._reply(scope, receive)
            headers = [(b"content-type", reply.media_type), (b"cache-control", b"no-store")]
            if reply.status == 503:
                headers.append((b"retry-after", b"1"))
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            await send({"type": "http.response.body", "body": reply.body})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.threads.submit(read_rules).add_done_callback(_told)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.get_running_loop().run_in_executor(None, self.threads.shutdown)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        if scope["path"] != PATH:
            return problem(404, "没有这个地址。")
        if scope["method"] != "POST":
            return problem(405, "这个地址不支持这种请求方法。")
        if len(self.waiting) >= MOST_WAITING:
            return problem(503, "核查请求太多。", "请稍后再试。")
        body = await _body(receive)
        if body is None:
            return problem(413, "请求太大。", "一次核查一个代码。")
        headers = dict(scope["headers"])
        kind, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        key = headers.get(b"idempotency-key", b"").decode("latin-1")
        peer = (scope.get("client") or ("", 0))[0]
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        call = Call(
            token.strip() if kind.lower() == "bearer" else "",
            client_address(peer, forwarded, settings.PROXIES),
            key or None,
            body,
        )
        one = _Waiting(call, asyncio.get_running_loop().create_future())
        self.waiting.append(one)
        if len(self.running) < self.at_once:
            task = asyncio.create_task(self._work())
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        return await one.answered

    async def _work(self) -> None:
        """Answer group after group until nobody waits."""
        loop = asyncio.get_running_loop()
        while self.waiting:
            group, self.waiting = self.waiting[: self.largest], self.waiting[self.largest :]
            replies: list[Reply] = []
            try:
                replies = await loop.run_in_executor(self.threads, answer_group, [one.call for one in group])
            finally:  # whatever went wrong, nobody is left waiting
                for one, reply in zip_longest(group, replies, fillvalue=FAILED):
                    if isinstance(one, _Waiting) and not one.answered.done():  # else a caller who went away
                        one.answered.set_result(reply if isinstance(reply, Reply) else FAILED)


def read_rules() -> None:
    """Read from the files what every answer needs, so that the first clerk of the day does not wait for it."""
    load_lists(settings.PACK)
    load_editions(settings.PACK)
    business_items(settings.PACK)
    purposes(settings.PACK)


def _told(reading: "Future[None]") -> None:
    error = reading.exception()
    if error is not None:
        _log.error("the rules could not be read", exc_info=error)


def answer_group(calls: Sequence[Call]) -> list[Reply]:
    """The answers to a group, after the commit.

    A database that is away is 503 for all of them, and reached anew by the next group. What the database refuses in
    one call, for example a key that another process used a moment earlier, does not touch the others.
    """
    try:
        return _answer(calls)
    except (OperationalError, InterfaceError):
        connection.close()
        return [AWAY for _ in calls]
    except DatabaseError:
        if len(calls) > 1:
            return [reply for one in calls for reply in answer_group([one])]
        return answer_again(calls[0])


def answer_again(call: Call) -> list[Reply]:
    """One call that the database refused, once more: its key may be known by now."""
    try:
        return _answer([call])
    except DatabaseError:
        _log.exception("a check could not be written")
        return [FAILED]


def _answer(calls: Sequence[Call]) -> list[Reply]:
    now = clock.now()
    known = callers([(one.token, one.address) for one in calls], now=now)
    replies: list[Reply | None] = [None] * len(calls)
    asked: list[tuple[int, Asked]] = []
    for place, (call, caller) in enumerate(zip(calls, known, strict=True)):
        try:
            asked.append((place, _asked(call, caller)))
        except XinhengError as error:
            replies[place] = _refused(error)
    if asked:
        found = answer_checks(asked=[one for _, one in asked], pack=settings.PACK, home=settings.HOME, now=now)
        for (place, _), one in zip(asked, found, strict=True):
            replies[place] = Reply(200, one.body.encode()) if isinstance(one, Answered) else _refused(one)
    return [one or FAILED for one in replies]


def _asked(call: Call, caller: Caller) -> Asked:
    if caller.asker is None:
        raise NotYours(401, caller.refusal or "没有提供有效的接口密钥。")
    if "check" not in caller.scopes:
        raise NotYours(403, "这个接口密钥没有此项权限。")
    if call.key is not None and not (8 <= len(call.key) <= 100 and call.key.isascii() and call.key.isprintable()):
        raise WrongUsage("Idempotency-Key 应为 8 至 100 个可见字符。")
    given = _fields(call.body)
    about = errand(
        asker=caller.asker, item=given["item"], case_no=given["case_no"], purpose=given["purpose"], pack=settings.PACK
    )
    key = Key(call.key, hashlib.sha256(call.body).hexdigest()) if call.key else None
    return Asked(question(about, given["code"], given["name"]), key)


def _fields(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WrongUsage("请求不是 JSON。") from error
    if not isinstance(given, dict) or not given.keys() <= FIELDS:
        raise WrongUsage("请求的参数不对。", "参数有 code、name、item、case_no、purpose。")
    for value in given.values():
        if not isinstance(value, str) or len(value) > LONGEST_FIELD or not (value.isascii() or not _HALF.search(value)):
            raise WrongUsage("请求的参数不对。", "每个参数都是不超过 200 个字符的文字。")
    return dict.fromkeys(FIELDS, "") | given


def _refused(error: XinhengError) -> Reply:
    status = {NotFound: 404, Conflict: 409, TryLater: 503}.get(type(error), 422)
    return problem(error.status if isinstance(error, NotYours) else status, error.message, error.advice)


def problem(status: int, detail: str, advice: str = "") -> Reply:
    """An error as the rest of the API writes it."""
    body = {"type": "about:blank", "title": "", "status": status, "detail": detail, "advice": advice, "errors": []}
    return Reply(status, json.dumps(body, ensure_ascii=False).encode())


FAILED = problem(500, "没有答复。", "请稍后再试；一直如此时请联系系统管理员。")
AWAY = problem(503, "数据库暂时连不上，没有核查。", "请稍后再试。")


async def _body(receive: Receive) -> bytes | None:
    """The body, or None when it is larger than a check can be."""
    parts = bytearray()
    while True:
        message = await receive()
        parts += message.get("body", b"")
        if len(parts) > LARGEST_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(parts)

"""Calls over HTTP: retried while that is safe, with the platform's own words where it refuses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, ReadTimeoutError
from urllib3.util import Retry, Timeout

from xinheng_client.errors import ClientError, NotAllowed, NotUnderstood, Refused, Unavailable, Uncertain, Unusable

BUSY = frozenset({429, 503})
AWAY = BUSY | {502, 504}
"""What a proxy says while the platform is being started again."""
OUR_LONGEST = 8
"""Seconds between two attempts where the platform asks for no pause."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
AGENT = "xinheng-client/0.1.0"
WAIT = "请稍后再试；在此之前不能认定没有记录。"


@dataclass(frozen=True)
class Patience:
    """How long to try: seconds to connect and to wait for an answer (about a file: for the whole of it), how many
    retries, the longest pause between two.

    A pause that the platform asks for (`Retry-After`) counts instead of ours, up to `longest_pause`.
    """

    connect: float = 3.0
    answer: float = 10.0
    file: float = 120.0
    retries: int = 6
    longest_pause: int = 60

    def retry(self, *, twice: bool) -> Retry:
        """The rule for one call; without `twice` only what surely was not carried out is sent again."""
        return Retry(
            total=None,
            connect=self.retries,
            status=self.retries,
            read=self.retries if twice else 0,
            other=0,
            redirect=False,
            allowed_methods=None,
            status_forcelist=AWAY if twice else BUSY,
            backoff_factor=0.25,
            backoff_jitter=0.25,
            backoff_max=min(OUR_LONGEST, self.longest_pause),
            retry_after_max=self.longest_pause,
            raise_on_status=False,
        )


@dataclass(frozen=True)
class Transport:
    """One platform and the secret to call it with. Safe for threads."""

    base: str
    secret: str = field(repr=False)
    patience: Patience
    pool: urllib3.PoolManager

    @classmethod
    def to(
        cls, url: str, secret: str, patience: Patience, *, plain_http: bool = False, ca: str | None = None
    ) -> "Transport":
        """To the platform at `url`. Without TLS only on this machine, or with `plain_http` in a closed network."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unusable("平台地址不对。", "地址以 https:// 开头，例如 https://credit.example.gov.cn。")
        if parts.scheme == "http" and not plain_http and parts.hostname not in LOOPBACK:
            raise Unusable("平台地址没有加密（http），密钥会被看到。", "请用 https；封闭网络内可以写明 plain_http。")
        if not secret.isascii() or not secret.isprintable():
            raise Unusable("接口密钥里有不该有的字符。", "请重新粘贴管理员交给的密钥。")
        pool = urllib3.PoolManager(maxsize=32, block=False, ca_certs=ca, headers={"User-Agent": AGENT})
        return cls(f"{url.rstrip('/')}/api/v1", secret, patience, pool)

    def get(self, path: str, **parameters: str) -> Any:
        """The answer to a question that changes nothing."""
        return self._call("GET", path, fields=parameters, twice=True)

    def post(self, path: str, body: Mapping[str, Any], *, key: str = "", twice: bool = False) -> Any:
        """The answer to a call. With a `key`, or where `twice` is the same as once, it may be sent again."""
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        content = json.dumps(body, ensure_ascii=False).encode()
        return self._call("POST", path, headers=headers, body=content, twice=twice or bool(key))

    def post_file(self, path: str, file: Path, fields: Mapping[str, str], *, key: str) -> Any:
        """The answer to a file with its fields; sent again like any call with a key."""
        form = {**fields, "file": (file.name, file.read_bytes(), "application/octet-stream")}
        headers = {"Idempotency-Key": key}
        return self._call("POST", path, headers=headers, fields=form, twice=True, seconds=self.patience.file)

    def fetch(self, path: str) -> bytes:
        """The bytes that an address holds."""
        status, data = self._send("GET", path, twice=True, seconds=self.patience.file)
        if status != HTTPStatus.OK:
            raise _refusal(status, data)
        return data

    def close(self) -> None:
        """Let go of open connections."""
        self.pool.clear()

    def _call(self, method: str, path: str, *, twice: bool, seconds: float | None = None, **content: Any) -> Any:
        return _answer(*self._send(method, path, twice=twice, seconds=seconds or self.patience.answer, **content))

    def _send(
        self, method: str, path: str, *, twice: bool, seconds: float, headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> tuple[int, bytes]:  # fmt: skip
        own = {"User-Agent": AGENT, "Accept": "application/json", **(headers or {})}
        if self.secret:
            own["Authorization"] = f"Bearer {self.secret}"
        try:
            response = self.pool.request(
                method,
                self.base + path,
                headers=own,
                timeout=Timeout(connect=self.patience.connect, read=seconds),
                retries=self.patience.retry(twice=twice),
                redirect=False,
                **content,
            )
        except HTTPError as error:
            raise _no_answer(error) from error
        return response.status, response.data


def _no_answer(error: HTTPError) -> ClientError:
    cause = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(cause, ConnectTimeoutError):
        return Unavailable("连不上信用平台。", WAIT)
    if isinstance(cause, ReadTimeoutError):
        return Uncertain("信用平台没有按时答复。", WAIT)
    return Uncertain("与信用平台的连接中断。", WAIT)


def _answer(status: int, data: bytes) -> Any:
    if status not in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
        raise _refusal(status, data)
    try:
        return json.loads(data)
    except ValueError as error:
        raise NotUnderstood("答复的不是信用平台。", "请核对平台地址。") from error


def _refusal(status: int, data: bytes) -> ClientError:
    message, advice = _words(data)
    if status in AWAY:
        return Unavailable(message or "信用平台暂时不能答复。", advice or WAIT)
    if not message:
        return NotUnderstood(f"答复的不是信用平台（HTTP {status}）。", "请核对平台地址。")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return NotAllowed(message, advice or "请向信用平台的管理员领取密钥或者权限。", status=status)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(message, advice, status=status)
    return NotUnderstood(f"信用平台出错（HTTP {status}）。", "请稍后再试；多次出现时告诉平台的管理员。")


def _words(data: bytes) -> tuple[str, str]:
    """What went wrong and what to do, as the platform says it; empty where it was not the platform that spoke."""
    try:
        body = json.loads(data)
    except ValueError:
        return "", ""
    return (str(body.get("detail") or ""), str(body.get("advice") or "")) if isinstance(body, dict) else ("", "")

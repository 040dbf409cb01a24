"""Single checks go to the check service, everything else to the website, on one port."""

import asyncio
from typing import Any

import pytest

from xinheng.site.one_port import OnePort


def application(name: str, seen: list[tuple[str, Any]]) -> Any:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        seen.append((name, scope))

    return answer


def asked(**scope: Any) -> tuple[str, Any]:
    seen: list[tuple[str, Any]] = []
    both = OnePort(application("checks", seen), application("site", seen))
    asyncio.run(both({"type": "http", "headers": [], **scope}, None, None))  # type: ignore[arg-type]
    (one,) = seen
    return one


@pytest.mark.parametrize(
    ("method", "path", "whose"),
    [
        ("POST", "/api/v1/checks", "checks"),
        ("GET", "/api/v1/checks", "site"),
        ("POST", "/api/v1/checks/batch", "site"),
        ("POST", "/api/v1/checks/", "site"),
        ("GET", "/", "site"),
    ],
)
def test_only_single_checks_go_to_the_service(method: str, path: str, whose: str):
    assert asked(method=method, path=path)[0] == whose


def test_start_and_stop_are_the_service_s():
    assert asked(type="lifespan")[0] == "checks"


def test_a_header_that_only_looks_like_a_proxy_s_does_not_reach_the_site():
    headers = [(b"x_forwarded_for", b"10.0.0.1"), (b"x-forwarded-for", b"10.0.0.2")]

    assert asked(method="GET", path="/", headers=headers)[1]["headers"] == [(b"x-forwarded-for", b"10.0.0.2")]

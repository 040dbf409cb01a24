"""One port for the website and the check service: single checks go to the service, everything else to the site."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from xinheng.checks.service import PATH

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class OnePort:
    """An ASGI application made of two. The server's start and stop concern the service alone."""

    checks: Application
    site: Application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one ASGI scope to the application it belongs to."""
        if scope["type"] == "lifespan" or (scope.get("path") == PATH and scope.get("method") == "POST"):
            await self.checks(scope, receive, send)
        else:
            await self.site({**scope, "headers": _plain(scope["headers"])}, _coroutine(receive), send)


def _coroutine(receive: Receive) -> Receive:
    """The same; granian gives something to await that is no coroutine, and the bridge takes nothing else."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


def _plain(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without names that WSGI could not tell from others: `X_Forwarded_For` reads there as `X-Forwarded-For`."""
    return [(name, value) for name, value in headers if b"_" not in name]

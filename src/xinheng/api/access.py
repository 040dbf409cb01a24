"""Who calls: everybody for what is public, a department's program for the rest."""

from typing import Literal, cast

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.throttling import AnonRateThrottle, AuthRateThrottle

from xinheng.api.problems import NotAllowed, SecretExpired, WrongAddress
from xinheng.base import clock
from xinheng.base.client_address import client_address
from xinheng.people.queries import ClientSummary, Verdict, authenticate_client

PUBLIC_RATE, CLIENT_RATE = "600/m", "1200/m"


class ClientSecret(HttpBearer):
    """`Authorization: Bearer <secret>` as the administrator handed it out."""

    openapi_description = "部门接口程序的密钥"

    def authenticate(self, request: HttpRequest, token: str) -> ClientSummary | None:
        """The program behind the secret, or None; a right one that may not be used now or from here is told so."""
        meta = request.META
        address = client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES)
        found = authenticate_client(token, address=address, now=clock.now())
        if found is Verdict.EXPIRED:
            raise SecretExpired
        if found is Verdict.ELSEWHERE:
            raise WrongAddress
        return found if isinstance(found, ClientSummary) else None


class ScreeningSecret(ClientSecret):
    """`Authorization: ApiKey <secret>`, the way screening clients send it; the secret is the same."""

    openapi_scheme = "apikey"


class PublicRate(AnonRateThrottle):
    """Calls without a secret, counted by address."""


class ClientRate(AuthRateThrottle):
    """Calls of a program, counted by program whatever its address."""

    def get_cache_key(self, request: HttpRequest) -> str:
        return self.cache_format % {"scope": self.scope, "ident": caller(request).prefix}


def caller(request: HttpRequest) -> ClientSummary:
    """The program that calls an operation which needs a secret."""
    return cast(ClientSummary, request.auth)  # type: ignore[attr-defined]  # Ninja sets it on the request


def require_scope(request: HttpRequest, scope: Literal["read", "submit", "check"]) -> ClientSummary:
    """The calling program, which must have been given this permission."""
    client = caller(request)
    if scope not in client.scopes:
        raise NotAllowed
    return client


def known_caller(request: HttpRequest) -> ClientSummary | None:
    """The program behind a public call that carries a secret, None for everybody else.

    A secret that does not hold is refused: whoever sends one relies on being told of retractions.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    kind, _, token = header.partition(" ")
    client = ClientSecret().authenticate(request, token.strip()) if kind.lower() == "bearer" else None
    if client is None:
        raise AuthenticationError
    return client

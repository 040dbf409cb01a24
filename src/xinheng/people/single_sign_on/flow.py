"""The way to a provider and back: state, nonce and PKCE on the way out, every check of the answer on the way in.

Authlib walks it; here stands what it leaves open: that the description is the trusted issuer's own, which signatures
count, who the token is for, how long a way may take, and what to say when it failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App
from django.http import HttpRequest, HttpResponseBase
from joserfc.errors import JoseError
from requests import RequestException

from xinheng.base.errors import Refused, TryLater
from xinheng.people.single_sign_on.provider import Provider

PATIENCE = timedelta(minutes=10)
"""How long somebody may take at the provider."""
CLOCKS_DIFFER = 60
"""Seconds a provider's clock may be off."""
WAIT = 10
"""Seconds the provider may take for an answer."""
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Only a key that the provider alone has: never `none`, never the secret both sides know."""


class SignOnFailed(Refused):
    """The answer of the provider does not hold. `suspicious` when nobody arrives so by accident."""

    def __init__(self, message: str, advice: str, *, suspicious: bool = False) -> None:
        super().__init__(message, advice)
        self.suspicious = suspicious


@dataclass(frozen=True)
class Claims:
    """What a provider said about who logged in, after every check."""

    issuer: str
    subject: str
    word: str
    """What the provider's `claim` carries, without blanks around it; empty when it is missing."""
    name: str
    confirmed: bool
    """Whether the claim that vouches for `word` is true."""
    second_factor: bool


def leave(
    request: HttpRequest, provider: Provider, *, door: str, callback: str, back: str, now: datetime
) -> HttpResponseBase:
    """Send somebody to the provider; `back` is where she wanted to go, a path of this site that the door checked."""
    app = _App.of(provider, door)
    try:
        response = app.authorize_redirect(request, callback)
    except (RequestException, OAuthError, RuntimeError, ValueError) as error:
        raise _down() from error
    request.session[_key(door)] = {"back": back, "until": (now + PATIENCE).isoformat()}
    return response  # type: ignore[no-any-return]  # Authlib has no types


def arrive(request: HttpRequest, provider: Provider, *, door: str, now: datetime) -> tuple[Claims, str]:
    """Who came back from the provider, and where she wanted to go. Each answer is good for one try."""
    begun = request.session.pop(_key(door), None)
    if begun is None or datetime.fromisoformat(begun["until"]) < now:
        raise SignOnFailed("这次登录不是从本站开始的，或者停留太久。", "请回到登录页重新登录。")
    if request.GET.get("error"):
        raise SignOnFailed("统一身份认证没有完成登录。", "请重新登录，或用本站的登录名和密码登录。")
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise _does_not_hold()
    app = _App.of(provider, door)
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True, "allow_blank": False},
    }
    try:
        token = app.authorize_access_token(request, claims_options=options, leeway=CLOCKS_DIFFER)
    except (RequestException, RuntimeError) as error:  # no answer, or none that names its addresses
        raise _down() from error
    except (OAuthError, JoseError, ValueError, KeyError) as error:  # KeyError: keys that are none
        raise _does_not_hold() from error
    if not token.get("userinfo"):
        raise _does_not_hold()
    return _claims(token["userinfo"], provider), str(begun["back"])


class _App(DjangoOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """One way to a provider. Made anew each time, so that a changed key of the provider is seen at once."""

    provider: Provider

    @classmethod
    def of(cls, provider: Provider, door: str) -> "_App":
        app = cls(
            DjangoIntegration(f"sign_on_{door}"),
            name=door,
            client_id=provider.client_id,
            client_secret=provider.secret,
            server_metadata_url=provider.metadata_address,
            client_kwargs={
                "scope": " ".join(provider.scopes),
                "code_challenge_method": "S256",
                "default_timeout": WAIT,
            },
        )
        app.provider = provider
        return app

    def load_server_metadata(self) -> dict[str, Any]:
        """The provider's description of itself, if it is the trusted issuer's own."""
        found: dict[str, Any] = super().load_server_metadata()
        if found.get("issuer") != self.provider.issuer:
            raise OAuthError(description="the description names another issuer")
        found["id_token_signing_alg_values_supported"] = list(SIGNATURES)
        return found


def _claims(info: Mapping[str, Any], provider: Provider) -> Claims:
    amr = info.get("amr")
    words = {str(info.get("acr", "")), *(str(one) for one in (amr if isinstance(amr, list) else []))}
    return Claims(
        issuer=provider.issuer,
        subject=str(info["sub"])[:255],
        word=_text(info, provider.claim),
        name=_text(info, provider.name_claim)[:50],
        confirmed=info.get(provider.verified_claim) is True,
        second_factor=bool(words & provider.second_factor),
    )


def _text(info: Mapping[str, Any], claim: str) -> str:
    value = info.get(claim)
    return value.strip() if isinstance(value, str) else ""


def _does_not_hold() -> SignOnFailed:
    return SignOnFailed(
        "统一身份认证返回的登录信息不能采信，没有登录。",
        "请重新登录；仍不行的，请联系系统管理员。",
        suspicious=True,
    )


def _down() -> TryLater:
    return TryLater("统一身份认证现在没有应答。", "请稍后再试，或用本站的登录名和密码登录。")


def _key(door: str) -> str:
    return f"sign_on_{door}"

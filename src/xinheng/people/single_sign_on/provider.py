"""Which provider of single sign-on is trusted, and for whom: read once from the settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from xinheng.base.errors import WrongUsage

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TEXTS = frozenset({"issuer", "client_id", "secret_file", "claim", "verified_claim", "name_claim", "title"})
_LISTS = frozenset({"regions", "scopes", "second_factor"})


@dataclass(frozen=True)
class Provider:
    """One provider and what its tokens are taken for.

    `claim` carries the officer's login name, or the organisation's credit code. `regions` are the divisions whose
    people it speaks for. `second_factor` are the words in `acr` or `amr` by which it vouches for a second factor.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    claim: str
    regions: tuple[str, ...]
    verified_claim: str = ""
    name_claim: str = "name"
    title: str = "统一身份认证"
    scopes: tuple[str, ...] = ("openid", "profile")
    second_factor: frozenset[str] = frozenset()

    @property
    def metadata_address(self) -> str:
        """Where the provider describes itself."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


def provider_of(environment: Mapping[str, str], name: str, secret_name: str) -> Provider | None:
    """The provider the variable `name` describes as JSON, its secret from `secret_name` or a file; None when unset.

    WrongUsage says what is wrong with it.
    """
    text = environment.get(name, "")
    if not text:
        return None
    texts, lists = _read(name, text)
    for key in ("issuer", "client_id", "claim", "regions"):
        if not (texts.get(key) or lists.get(key)):
            raise _wrong(name, f"缺少“{key}”")
    place = urlsplit(texts["issuer"])
    if place.scheme != "https" and not (place.scheme == "http" and place.hostname in LOOPBACK):
        raise _wrong(name, "“issuer”应以 https:// 开头")
    file = texts.pop("secret_file", "")
    secret = environment.get(secret_name, "") or (_from_file(name, file) if file else "")
    if not secret:
        raise _wrong(name, f"没有密钥，请用 {secret_name} 或“secret_file”给出")
    return Provider(
        secret=secret,
        regions=lists["regions"],
        scopes=tuple(dict.fromkeys(["openid", *lists.get("scopes", ("profile",))])),
        second_factor=frozenset(lists.get("second_factor", ())),
        **{"verified_claim": f"{texts['claim']}_verified"} | texts,
    )


def _read(name: str, text: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """What the JSON says: the texts and the lists by their keys."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(name, "不是 JSON") from error
    if not isinstance(given, dict):
        raise _wrong(name, "不是 JSON 对象")
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for key, value in given.items():
        if key in _TEXTS and isinstance(value, str):
            texts[key] = value
        elif key in _LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
            lists[key] = tuple(value)
        else:
            raise _wrong(name, f"“{key}”不认识，或者写法不对")
    return texts, lists


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _wrong(name, "“secret_file”读不出来") from error


def _wrong(name: str, what: str) -> WrongUsage:
    return WrongUsage(f"{name} 的写法不对：{what}。", "写法见 docs/how-to/single-sign-on.md。")

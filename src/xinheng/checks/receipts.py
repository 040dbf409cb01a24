"""Signed receipts: a compact JWS (RFC 7515, EdDSA) over what was answered; anybody can verify it without this site."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from xinheng.checks.keys import SigningKey

KIND = "xinheng-check+jws"
LARGEST = 2_000_000
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Verdict(StrEnum):
    """What verification tells of a receipt."""

    GENUINE = "genuine"
    BROKEN = "broken"
    UNKNOWN_KEY = "unknown_key"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Receipt:
    """A verified receipt; `facts` is empty unless it is genuine."""

    verdict: Verdict
    key_id: str
    facts: Mapping[str, Any]

    @property
    def genuine(self) -> bool:
        return self.verdict is Verdict.GENUINE

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        return {
            Verdict.GENUINE: "回执是真的，内容没有改动。",
            Verdict.BROKEN: "签名不符：回执的内容被改动过，或者不是由所称的平台签发。",
            Verdict.UNKNOWN_KEY: "签名用的密钥不在这里的公钥之中，不能判断真伪。",
            Verdict.UNREADABLE: "这不是核查回执。",
        }[self.verdict]


def canonical(facts: object) -> bytes:
    """What is signed: JSON without spaces, keys in order."""
    return _WRITER.encode(facts).encode()


def sign(facts: Mapping[str, Any], key: SigningKey) -> tuple[str, str]:
    """The receipt over `facts`, and the SHA-256 of what was signed."""
    return sign_payload(canonical(facts), key)


def sign_payload(payload: bytes, key: SigningKey) -> tuple[str, str]:
    """The receipt over canonical JSON, and its SHA-256."""
    signed = _head(key.id) + _encoded(payload)
    return (signed + b"." + _encoded(key.private.sign(signed))).decode("ascii"), hashlib.sha256(payload).hexdigest()


def with_receipt(payload: bytes, receipt: str, lines: bytes = b"") -> bytes:
    """What leaves: the object that was signed, its receipt in it, and `lines` (a JSON array) where there are some."""
    more = b',"lines":' + lines if lines else b""
    return payload[:-1] + more + b',"receipt":"' + receipt.encode("ascii") + b'"}'


def verify(text: str, keys: Mapping[str, Ed25519PublicKey]) -> Receipt:
    """Whether a receipt was signed by one of these keys and is as it was signed."""
    parts = text.strip().encode("utf-8", "replace").split(b".")
    try:
        head, payload, signature = (_decoded(part) for part in parts)
        named = json.loads(head)
        facts = json.loads(payload)
    except (ValueError, RecursionError):  # too few parts, no base64, no JSON
        return Receipt(Verdict.UNREADABLE, "", {})
    if not isinstance(named, dict) or not isinstance(facts, dict) or named.get("typ") != KIND:
        return Receipt(Verdict.UNREADABLE, "", {})
    name = str(named.get("kid", ""))
    if named.get("alg") != "EdDSA":
        return Receipt(Verdict.BROKEN, name, {})
    key = keys.get(name)
    if key is None:
        return Receipt(Verdict.UNKNOWN_KEY, name, {})
    try:
        key.verify(signature, parts[0] + b"." + parts[1])
    except InvalidSignature:
        return Receipt(Verdict.BROKEN, name, {})
    return Receipt(Verdict.GENUINE, name, facts)


def lines_digest(lines: Iterable[bytes]) -> str:
    """The SHA-256 over the answers of a call about many: each with its own digest, in order."""
    whole = hashlib.sha256()
    for line in lines:
        whole.update(hashlib.sha256(line).digest())
    return whole.hexdigest()


@lru_cache(maxsize=8)
def _head(key: str) -> bytes:
    return _encoded(canonical({"alg": "EdDSA", "kid": key, "typ": KIND})) + b"."


def _encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _decoded(part: bytes) -> bytes:
    try:
        return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error

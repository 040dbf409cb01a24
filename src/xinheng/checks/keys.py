"""The key that signs receipts of checks: Ed25519, in `XINHENG_HOME/keys`, named by a short digest of its public half.

Public halves of former keys stay beside it, so that old receipts can still be verified.
"""

import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.secret_files import write_new_secret

_PRIVATE = "check-signing.key"
_PUBLIC = "check-signing-*.pub"


@dataclass(frozen=True)
class SigningKey:
    """The present key and its name."""

    id: str
    private: Ed25519PrivateKey


def ensure_check_key(home: Home) -> SigningKey:
    """The key of this home, made on the first call."""
    path = home.keys / _PRIVATE
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        with suppress(FileExistsError):  # another process may be as quick; its key counts
            write_new_secret(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = _signing_key(path, path.stat().st_mtime_ns)
    public = home.keys / f"check-signing-{key.id}.pub"
    if not public.exists():
        pem = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        with suppress(FileExistsError):
            write_new_secret(public, pem)
    return key


def public_keys(home: Home) -> dict[str, Ed25519PublicKey]:
    """All public halves of this home by their names."""
    keys = (read_public_key(path.read_bytes()) for path in sorted(home.keys.glob(_PUBLIC)))
    return {key_id(key): key for key in keys}


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """A public key from a file that somebody was given."""
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise Refused("公钥文件读不懂。", "应为核查服务公布的 PEM 文件。") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Refused("公钥的类型不对。", "应为 Ed25519 公钥。")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """How a receipt names the key that signed it."""
    return hashlib.sha256(raw(key)).hexdigest()[:16]


def key_set(home: Home) -> dict[str, object]:
    """The public keys as a JSON Web Key Set (RFC 7517, RFC 8037)."""
    return {
        "keys": [
            {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": name, "x": _word(raw(key))}
            for name, key in public_keys(home).items()
        ]
    }


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _word(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


@lru_cache(maxsize=8)
def _signing_key(path: Path, changed: int) -> SigningKey:
    # `changed` makes a replaced file be read anew.
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise Refused("核查回执的签名密钥读不懂。", "请从密钥备份中恢复 keys/check-signing.key。") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused("核查回执的签名密钥类型不对。", "请从密钥备份中恢复 keys/check-signing.key。")
    return SigningKey(key_id(key.public_key()), key)

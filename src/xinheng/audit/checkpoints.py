"""Signed notes of where the chain stood, kept outside the database.

Whoever owns the database can compute a whole new chain, but not one that fits a note signed before.
"""

import base64
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from xinheng.base.errors import Conflict, Refused
from xinheng.base.home import Home
from xinheng.base.secret_files import write_new_secret

_PRIVATE = "audit-signing.key"
PUBLIC = "audit-signing.pub"
HEAD = "head.json"


@dataclass(frozen=True)
class Checkpoint:
    """Where the chain stood: its last seal, how many events it covers, and the note before this one."""

    made_at: str
    n: int
    hash: str
    events: int
    last_event: int
    previous: str


def signing_key(home: Home) -> Ed25519PrivateKey:
    """The key check-points are signed with; refuses in words when it is missing."""
    path = home.keys / _PRIVATE
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise Refused("找不到日志检查点的签名密钥。", "请从密钥备份中恢复，或重新初始化签名密钥。") from error
    except ValueError as error:
        raise Refused("日志检查点的签名密钥读不懂。", "请从密钥备份中恢复。") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused("日志检查点的签名密钥类型不对。", "请从密钥备份中恢复。")
    return key


def make_signing_key(home: Home) -> None:
    """Make the key pair, once; the public half lies beside the check-points."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        write_new_secret(home.keys / _PRIVATE, pem)
    except FileExistsError as error:
        raise Conflict("日志检查点的签名密钥已经存在，不能覆盖。") from error
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (home.checkpoints / PUBLIC).write_bytes(public)


def ensure_signing_key(home: Home) -> None:
    """Make the key pair when this home has none (first start)."""
    if not has_signing_key(home):
        with suppress(Conflict):  # another process may be as quick
            make_signing_key(home)


def has_signing_key(home: Home) -> bool:
    """Whether this home has its key pair."""
    return (home.keys / _PRIVATE).exists()


def public_key(home: Home) -> Ed25519PublicKey:
    """The key that checks signatures: from our private key, else the file beside the notes."""
    if has_signing_key(home):
        return signing_key(home).public_key()
    path = home.checkpoints / PUBLIC
    if not path.exists():
        raise Refused("找不到核对日志检查点的公钥。", "请放入 checkpoints/audit-signing.pub。")
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise Refused("核对日志检查点的公钥类型不对。", "请从备份中恢复。")
    return key


def write_signed(path: Path, checkpoint: Checkpoint, key: Ed25519PrivateKey) -> None:
    """Write a note in one step: readers see the old or the new file, never half of one."""
    facts = asdict(checkpoint)
    signature = base64.b64encode(key.sign(_signed_text(facts))).decode()
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="ascii") as file:
        json.dump({**facts, "signature": signature}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def read_signed(path: Path, key: Ed25519PublicKey) -> Checkpoint | None:
    """The note in a file, or None when it is not one that we signed."""
    try:
        facts = json.loads(path.read_text(encoding="ascii"))
        key.verify(base64.b64decode(facts.pop("signature")), _signed_text(facts))
        return Checkpoint(**facts)
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return None


def daily_files(home: Home) -> list[Path]:
    """The check-points, oldest first; the head is not one of them."""
    return sorted(home.checkpoints.glob("????-??-??T??????.json"))


def digest_of(path: Path) -> str:
    """What the next note says of this one."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _signed_text(facts: dict[str, object]) -> bytes:
    return b"xinheng audit checkpoint\n" + json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()

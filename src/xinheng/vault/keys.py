"""The master key: one file outside the database, without which nothing sealed can be read.

It holds two secrets. `wrap` encrypts the data keys and is replaced by a rotation; `blind` makes the blind
indexes and stays, since an index cannot be computed anew without the numbers it hides.
"""

import base64
import hashlib
import hmac
import json
import os
import stat
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from xinheng.base.errors import Conflict, Refused
from xinheng.base.home import Home
from xinheng.base.identifiers.citizen_number import complete, is_plausible_old_number
from xinheng.base.identifiers.normalise import normalise
from xinheng.base.secret_files import sync_folder, write_new_secret

KEY_BYTES = 32
NONCE_BYTES = 12
FINGERPRINT_BYTES = 8
_FILE = "master.key"
_NEXT_FILE = "master.key.next"
_ADVICE = "请从密钥备份中恢复 keys/master.key；没有它，已加密的内容无法读取。"


@dataclass(frozen=True)
class MasterKey:
    """The secrets of the file `keys/master.key`."""

    wrap: bytes = field(repr=False)
    blind: bytes = field(repr=False)

    @classmethod
    def load(cls, home: Home) -> "MasterKey":
        """The present master key; refuses in words when the file is missing, unreadable or open to others."""
        return _load(home.keys / _FILE)

    @property
    def fingerprint(self) -> bytes:
        """Tells master keys apart without telling anything about them."""
        return hmac.digest(self.wrap, b"xinheng master key fingerprint", "sha256")[:FINGERPRINT_BYTES]

    def wrap_key(self, key_id: int, data_key: bytes) -> bytes:
        """A data key, encrypted and bound to its number."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.wrap).encrypt(nonce, data_key, _wrap_aad(key_id))
        return self.fingerprint + nonce + sealed

    def blind_index(self, purpose: str, text: str) -> uuid.UUID:
        """A keyed digest: equal texts have equal indexes, and without the key nobody can try texts out."""
        digest = hmac.digest(self.blind, purpose.encode() + b"\0" + text.encode(), "sha256")
        return uuid.UUID(bytes=digest[:16])


def create_master_key(home: Home) -> MasterKey:
    """Make the file, once; refuses when there is one, since replacing it would lose what it protects."""
    path = home.keys / _FILE
    key = MasterKey(wrap=os.urandom(KEY_BYTES), blind=os.urandom(KEY_BYTES))
    try:
        _write(path, key)
    except FileExistsError as error:
        raise Conflict("主密钥已经存在，不能覆盖。", "更换主密钥请使用轮换命令。") from error
    return key


def ensure_master_key(home: Home) -> MasterKey:
    """The present master key, made now when this home has none (first start)."""
    if not (home.keys / _FILE).exists():
        with suppress(Conflict):  # another process may be as quick; then its key is ours too
            create_master_key(home)
    return MasterKey.load(home)


def present_master_keys() -> dict[bytes, MasterKey]:
    """By fingerprint: the master key of this process's home, and during a rotation also the next one."""
    keys = settings.HOME.keys
    # The next one first: if it takes its place meanwhile, the second look finds it there.
    try:
        following = [_read_checked(keys / _NEXT_FILE)]
    except FileNotFoundError:
        following = []
    return {key.fingerprint: key for key in (*following, _load(keys / _FILE))}


def unwrap_key(key_id: int, wrapped: bytes, masters: dict[bytes, MasterKey]) -> bytes:
    """The data key behind `wrapped`; refuses when it was wrapped with another master key or altered."""
    master = masters.get(wrapped[:FINGERPRINT_BYTES])
    if master is None:
        raise Refused("主密钥与数据库中的密钥不匹配。", _ADVICE)
    nonce, sealed = wrapped[FINGERPRINT_BYTES:][:NONCE_BYTES], wrapped[FINGERPRINT_BYTES + NONCE_BYTES :]
    try:
        return AESGCM(master.wrap).decrypt(nonce, sealed, _wrap_aad(key_id))
    except InvalidTag as error:
        raise Refused(f"第 {key_id} 号密钥已损坏或被改动。", "请从备份中恢复数据库。") from error


def blind(text: str) -> uuid.UUID:
    """The blind index of a text (an identity number, normalised by the caller)."""
    return MasterKey.load(settings.HOME).blind_index("text", text)


def blind_persons(numbers: Iterable[str]) -> dict[str, uuid.UUID]:
    """The blind index of each number; a 15-digit number has that of the 18 characters that replaced it."""
    master = MasterKey.load(settings.HOME)
    return {number: master.blind_index("person", _canonical(number)) for number in numbers}


def _canonical(number: str) -> str:
    clean = normalise(number)
    return complete(clean) if is_plausible_old_number(clean) else clean


def write_next(home: Home, current: MasterKey) -> MasterKey:
    """Begin a rotation: a new wrapping secret beside the present file; the blind secret stays."""
    following = replace(current, wrap=os.urandom(KEY_BYTES))
    (home.keys / _NEXT_FILE).unlink(missing_ok=True)
    _write(home.keys / _NEXT_FILE, following)
    return following


def rotation_open(home: Home) -> bool:
    """Whether the file of a next master key lies there: a rotation is going on, or was killed."""
    return (home.keys / _NEXT_FILE).exists()


def adopt_next(home: Home) -> None:
    """End a rotation: the next file takes the present one's place in one step, unless another process was quicker."""
    with suppress(FileNotFoundError):
        os.replace(home.keys / _NEXT_FILE, home.keys / _FILE)
    sync_folder(home.keys)


def drop_next(home: Home) -> None:
    """Give up a rotation that changed nothing: the next file goes, and no key was wrapped with it."""
    (home.keys / _NEXT_FILE).unlink(missing_ok=True)
    sync_folder(home.keys)


def _wrap_aad(key_id: int) -> bytes:
    return b"xinheng data key %d" % key_id


def _read_checked(path: Path) -> MasterKey:
    status = path.stat()
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Refused("主密钥文件能被其他用户读取。", f"请执行 chmod 600 {path}，并考虑轮换主密钥。")
    return _read(path, status.st_ino, status.st_mtime_ns)


def _load(path: Path) -> MasterKey:
    try:
        return _read_checked(path)
    except FileNotFoundError as error:
        raise Refused("找不到主密钥文件。", _ADVICE) from error
    except PermissionError as error:
        raise Refused("没有读取主密钥文件的权限。", "请用安装本系统的用户运行。") from error


@lru_cache(maxsize=4)
def _read(path: Path, _inode: int, _changed: int) -> MasterKey:
    try:
        facts = json.loads(path.read_text(encoding="ascii"))
        key = MasterKey(wrap=base64.b64decode(facts["wrap"]), blind=base64.b64decode(facts["blind"]))
        intact = facts["check"] == _check(key) and len(key.wrap) == len(key.blind) == KEY_BYTES
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("主密钥文件的内容读不懂。", _ADVICE) from error
    if not intact:
        raise Refused("主密钥文件不完整。", _ADVICE)
    return key


def _check(key: MasterKey) -> str:
    return hashlib.sha256(b"xinheng master key file" + key.wrap + key.blind).hexdigest()[:16]


def _write(path: Path, key: MasterKey) -> None:
    facts = {
        "wrap": base64.b64encode(key.wrap).decode(),
        "blind": base64.b64encode(key.blind).decode(),
        "check": _check(key),
    }
    write_new_secret(path, json.dumps(facts).encode())

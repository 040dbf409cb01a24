"""Small secrets the database keeps and must not be able to read: AES-GCM under a key file of the home.

For packages below the vault. Each use has a key file of its own, made on first use beside the other keys.
"""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.secret_files import sync_folder, write_new_secret

KEY_BYTES, NONCE_BYTES = 32, 12
_ADVICE = "请从密钥备份中恢复 keys 目录。"


@dataclass(frozen=True)
class SecretBox:
    """Seals and opens short secrets, each bound to what it belongs to."""

    key: bytes = field(repr=False)
    following: bytes = field(default=b"", repr=False)
    """During a rotation the key that takes the present one's place; it opens too."""

    @classmethod
    def of(cls, home: Home, name: str) -> "SecretBox":
        """The box with the key file `keys/<name>.key`."""
        path = home.keys / f"{name}.key"
        if not path.exists():
            with suppress(FileExistsError):  # another process may be as quick; then its key is ours too
                write_new_secret(path, os.urandom(KEY_BYTES))
        # The next one first: if it takes its place meanwhile, the second look finds it there.
        following = b""
        with suppress(FileNotFoundError):
            following = _read(_next(home, name))
        return cls(_read(path), following)

    def seal(self, secret: bytes, *, belongs_to: str) -> bytes:
        """The secret, readable only with the key and for the same `belongs_to`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, secret, belongs_to.encode())

    def open(self, sealed: bytes, *, belongs_to: str) -> bytes:
        """The secret again; Refused when it was sealed with another key or for something else."""
        for key in (self.key, self.following):
            with suppress(InvalidTag):
                if key:
                    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode())
        raise Refused("密钥文件与数据库中的内容不匹配。", _ADVICE)


def rotation_begun(home: Home, name: str) -> bool:
    """Whether a rotation of this box was begun and has not ended, perhaps because it was killed."""
    return _next(home, name).exists()


def following_box(home: Home, name: str) -> SecretBox:
    """Begin a rotation, or go on with one that was begun: the box that everything is sealed with anew."""
    with suppress(FileExistsError):
        write_new_secret(_next(home, name), os.urandom(KEY_BYTES))
    return SecretBox(_read(_next(home, name)))


def adopt_following(home: Home, name: str) -> None:
    """End a rotation: the next key takes the present one's place in one step."""
    with suppress(FileNotFoundError):  # another process was quicker
        os.replace(_next(home, name), home.keys / f"{name}.key")
    sync_folder(home.keys)


def _next(home: Home, name: str) -> Path:
    return home.keys / f"{name}.key.next"


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Refused(f"密钥文件 {path.name} 不完整。", _ADVICE)
    return key

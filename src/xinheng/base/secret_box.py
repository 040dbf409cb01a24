"""Small secrets the database keeps and must not be able to read: AES-GCM under a key file of the home.

For packages below the vault. Each use has a key file of its own, made on first use beside the other keys.
"""

import os
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.secret_files import write_new_secret

KEY_BYTES, NONCE_BYTES = 32, 12


@dataclass(frozen=True)
class SecretBox:
    """Seals and opens short secrets, each bound to what it belongs to."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, home: Home, name: str) -> "SecretBox":
        """The box with the key file `keys/<name>.key`."""
        path = home.keys / f"{name}.key"
        if not path.exists():
            with suppress(FileExistsError):  # another process may be as quick; then its key is ours too
                write_new_secret(path, os.urandom(KEY_BYTES))
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise Refused(f"密钥文件 {name}.key 不完整。", "请从密钥备份中恢复 keys 目录。")
        return cls(key)

    def seal(self, secret: bytes, *, belongs_to: str) -> bytes:
        """The secret, readable only with the key and for the same `belongs_to`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, secret, belongs_to.encode())

    def open(self, sealed: bytes, *, belongs_to: str) -> bytes:
        """The secret again; Refused when it was sealed with another key or for something else."""
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode())
        except InvalidTag as error:
            raise Refused("密钥文件与数据库中的内容不匹配。", "请从密钥备份中恢复 keys 目录。") from error

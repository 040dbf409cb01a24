"""A data key at work: AES-256-GCM, every text bound to its place by the associated data."""

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinheng.base.errors import NotFound, Refused
from xinheng.vault.keys import NONCE_BYTES, present_master_keys, unwrap_key
from xinheng.vault.models import DataKey

ALTERED = "加密内容已损坏或被改动，无法打开。"


@dataclass(frozen=True)
class Cipher:
    """One data key in clear, for as long as a job needs it; never kept beyond."""

    key_id: int
    secret: bytes = field(repr=False)

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt; only the same `aad` opens it again."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, plaintext, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt what `seal` made; Refused when a byte or the place differs."""
        try:
            return AESGCM(self.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
        except (InvalidTag, ValueError) as error:
            raise Refused(ALTERED, "请从备份中恢复该文件。") from error


def cipher(key_id: int) -> Cipher:
    """The data key with this number; refuses in words when it was destroyed."""
    row = DataKey.objects.filter(pk=key_id).values("wrapped", "destroyed_at").first()
    if row is None:
        raise NotFound(f"没有第 {key_id} 号密钥。", "请核对数据库是否与文件属于同一套系统。")
    if row["wrapped"] is None:
        raise Refused("密钥已销毁，所加密的内容不能再读取。")
    return Cipher(key_id, unwrap_key(key_id, bytes(row["wrapped"]), present_master_keys()))

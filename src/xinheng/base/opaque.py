"""Opaque references for URLs: a number of ours becomes a short word that tells nothing and can be read back.

One AES block per reference, so neighbours do not look alike and a guess does not decrypt to a valid number.
"""

import base64

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from xinheng.base.errors import NotFound

_KIND_BYTES = 8


def reference(key: bytes, kind: str, number: int) -> str:
    """A 26-character lower-case word for `number`; `kind` (up to 8 ASCII letters) keeps namespaces apart."""
    block = kind.encode("ascii").ljust(_KIND_BYTES, b"\0") + number.to_bytes(8, "big")
    if len(block) != 16:
        raise ValueError(f"kind {kind!r} is longer than {_KIND_BYTES} letters")
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - one block, never a message
    return base64.b32encode(encryptor.update(block)).decode("ascii").rstrip("=").lower()


def number(key: bytes, kind: str, word: str) -> int:
    """The number behind a reference; NotFound when the word is not one of ours of this kind."""
    try:
        block = base64.b32decode(word.upper() + "=" * (-len(word) % 8))
    except ValueError as error:
        raise NotFound("没有这个页面。", "请从查询页重新进入。") from error
    if len(block) != 16:
        raise NotFound("没有这个页面。", "请从查询页重新进入。")
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - one block, never a message
    plain = decryptor.update(block)
    if plain[:_KIND_BYTES].rstrip(b"\0") != kind.encode("ascii"):
        raise NotFound("没有这个页面。", "请从查询页重新进入。")
    return int.from_bytes(plain[_KIND_BYTES:], "big")

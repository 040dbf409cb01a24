"""Opaque references for URLs: a number of ours becomes a short word that tells nothing and can be read back.

One AES block per reference, so neighbours do not look alike and a guess does not decrypt to a valid number.
"""

import base64
import threading
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from xinheng.base.errors import NotFound

_KIND_BYTES = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
_PADDING = 2  # 128 bits fill 26 letters of 5 but for these
_SHIFTS = range(120, -1, -10)


def reference(key: bytes, kind: str, number: int) -> str:
    """A 26-character lower-case word for `number`; `kind` (up to 8 ASCII letters) keeps namespaces apart."""
    block = kind.encode("ascii").ljust(_KIND_BYTES, b"\0") + number.to_bytes(8, "big")
    if len(block) != 16:
        raise ValueError(f"kind {kind!r} is longer than {_KIND_BYTES} letters")
    return _word(_encryptor(key, threading.get_ident()).update(block))


@lru_cache(maxsize=1024)
def _encryptor(key: bytes, thread: int) -> CipherContext:
    """A cipher for single blocks, which keeps nothing between them; one for each thread, since none may share it."""
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - one block, never a message


def _word(block: bytes) -> str:
    """Base 32 in lower case without padding, two letters at a time: the library's takes ten times as long."""
    bits = int.from_bytes(block, "big") << _PADDING
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


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

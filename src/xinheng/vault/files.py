"""The format of sealed files: pieces of AES-GCM that cannot be cut off, swapped or taken from another file.

    header   8 bytes magic, 8 bytes key number, 7 bytes random prefix, 4 bytes piece size
    pieces   each encrypted with nonce = prefix + 4 bytes counter + 1 byte “last piece”, bound to the header

This is the STREAM construction: a missing tail lacks the piece marked as last, a swapped piece has the wrong
counter.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinheng.base.errors import Refused
from xinheng.vault.ciphers import ALTERED, Cipher

MAGIC = b"XHSEAL1\n"
PIECE = 1 << 20
TAG = 16
_HEADER = struct.Struct(">8sQ7sI")
_ADVICE = "请从备份中恢复该文件。"


@dataclass(frozen=True)
class SealedFile:
    """What was written: `size` of the sealed file, `clear_size` of its content."""

    size: int
    clear_size: int


def private(path: str, flags: int) -> int:
    """An opener that makes files only their owner can read."""
    return os.open(path, flags, 0o600)


def write_sealed(source: Path, target: Path, cipher: Cipher) -> SealedFile:
    """Encrypt `source` to the new file `target` and sync it; on failure nothing remains."""
    prefix = os.urandom(7)
    header = _HEADER.pack(MAGIC, cipher.key_id, prefix, PIECE)
    aes = AESGCM(cipher.secret)
    size, clear_size, counter = len(header), 0, 0
    with source.open("rb", buffering=0) as reader, open(target, "xb", opener=private) as writer:
        try:
            writer.write(header)
            piece = _read_piece(reader.fileno(), PIECE)
            while True:
                following = _read_piece(reader.fileno(), PIECE)
                sealed = aes.encrypt(_nonce(prefix, counter, last=not following), piece, header)
                writer.write(sealed)
                size, clear_size, counter = size + len(sealed), clear_size + len(piece), counter + 1
                if not following:
                    break
                piece = following
            writer.flush()
            os.fsync(writer.fileno())
        except BaseException:
            target.unlink()
            raise
    return SealedFile(size=size, clear_size=clear_size)


def read_sealed(source: Path, cipher: Cipher) -> Iterator[bytes]:
    """Decrypt piece by piece; Refused at the first piece that is not what was written there."""
    with source.open("rb", buffering=0) as reader:
        header = _read_piece(reader.fileno(), _HEADER.size)
        prefix, piece_size = _parse(header)[1:]
        aes = AESGCM(cipher.secret)
        counter = 0
        sealed = _read_piece(reader.fileno(), piece_size + TAG)
        while True:
            following = _read_piece(reader.fileno(), piece_size + TAG)
            try:
                yield aes.decrypt(_nonce(prefix, counter, last=not following), sealed, header)
            except (InvalidTag, ValueError) as error:
                raise Refused(ALTERED, _ADVICE) from error
            if not following:
                return
            sealed, counter = following, counter + 1


def key_of_file(source: Path) -> int:
    """The number of the data key a sealed file was written with."""
    with source.open("rb") as reader:
        return _parse(reader.read(_HEADER.size))[0]


def _parse(header: bytes) -> tuple[int, bytes, int]:
    if len(header) != _HEADER.size:
        raise Refused(ALTERED, _ADVICE)
    magic, key_id, prefix, piece_size = _HEADER.unpack(header)
    if magic != MAGIC or piece_size != PIECE:
        raise Refused("这不是本系统加密保存的文件。", _ADVICE)
    return key_id, prefix, piece_size


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", counter, last)


def _read_piece(descriptor: int, size: int) -> bytes:
    """`size` bytes, or what is left; a read may return less than asked, so it is asked again."""
    piece = os.read(descriptor, size)
    while 0 < len(piece) < size:
        more = os.read(descriptor, size - len(piece))
        if not more:
            break
        piece += more
    return piece

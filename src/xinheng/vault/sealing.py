"""Sealing bytes and files with a data key. What a destroyed key sealed cannot be opened, and says so."""

from collections.abc import Iterator
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.vault import files
from xinheng.vault.ciphers import ALTERED, cipher
from xinheng.vault.files import SealedFile, key_of_file
from xinheng.vault.keys import blind

__all__ = [
    "SealedFile",
    "blind",
    "key_of_file",
    "open_bytes",
    "open_file",
    "open_stream",
    "seal_bytes",
    "seal_file",
]


def seal_bytes(key_id: int, plaintext: bytes, aad: bytes) -> bytes:
    """Encrypt with data key `key_id`; only the same `aad` opens it again."""
    return cipher(key_id).seal(plaintext, aad)


def open_bytes(key_id: int, sealed: bytes, aad: bytes) -> bytes:
    """Decrypt what `seal_bytes` made; Refused when the key was destroyed, a byte changed or `aad` differs."""
    return cipher(key_id).open(sealed, aad)


def seal_file(source: Path, target: Path, key_id: int) -> SealedFile:
    """Write `source` encrypted to the new file `target`, piece by piece, and sync it to the disk."""
    return files.write_sealed(source, target, cipher(key_id))


def open_file(source: Path, target: Path, key_id: int) -> None:
    """Write the clear content of `source` to the new file `target`; on any doubt `target` does not remain."""
    with open(target, "xb", opener=files.private) as writer:
        try:
            for piece in open_stream(source, key_id):
                writer.write(piece)
        except BaseException:
            target.unlink()
            raise


def open_stream(source: Path, key_id: int) -> Iterator[bytes]:
    """The clear content of a sealed file, piece by piece; the last piece comes only if the file is entire."""
    if key_of_file(source) != key_id:
        raise Refused(ALTERED, "文件与登记的密钥不符，请从备份中恢复该文件。")
    yield from files.read_sealed(source, cipher(key_id))

"""Cells of correction files: an identity number goes back to its department as a token only we can open.

A token is bound to department, batch and column: another department's file, or another column of the same
file, does not open it.
"""

import base64
import binascii
import re
import struct
from dataclasses import dataclass, field

from xinheng.base.errors import NotFound, Refused
from xinheng.vault.ciphers import Cipher, cipher

PREFIX = "密文:"
TOKEN_PATTERN = re.compile(r"密文[:：]([A-Za-z0-9_-]{59,})")
_PLACE = struct.Struct(">QQ")
_FOREIGN = "此单元格的密文不是本部门这一列的内容，无法还原。"
_ADVICE = "请直接填写原值。"


@dataclass(frozen=True)
class CellSealer:
    """Makes tokens for the cells of one batch's correction file."""

    cipher: Cipher
    department_id: int
    batch_no: int

    def seal(self, text: str, column: str) -> str:
        """The token that stands for `text` in this column."""
        sealed = self.cipher.seal(text.encode(), _aad(self.department_id, self.batch_no, column))
        place = _PLACE.pack(self.cipher.key_id, self.batch_no)
        return PREFIX + base64.urlsafe_b64encode(place + sealed).decode().rstrip("=")


@dataclass
class CellOpener:
    """Opens the tokens of a file that a department sends back; asks for each batch's key once."""

    department_id: int
    _ciphers: dict[int, Cipher] = field(default_factory=dict, repr=False)

    def open(self, token: str, column: str) -> str:
        """The text behind a token; Refused when it belongs elsewhere or its key was destroyed."""
        match = TOKEN_PATTERN.fullmatch(token.strip())
        if match is None:
            raise Refused("密文不完整。", _ADVICE)
        raw = _decode(match[1])
        key_id, batch_no = _PLACE.unpack_from(raw)
        try:
            if key_id not in self._ciphers:
                self._ciphers[key_id] = cipher(key_id)
        except NotFound as error:
            raise Refused(_FOREIGN, _ADVICE) from error
        try:
            clear = self._ciphers[key_id].open(raw[_PLACE.size :], _aad(self.department_id, batch_no, column))
        except Refused as error:
            raise Refused(_FOREIGN, _ADVICE) from error
        return clear.decode()


def cell_sealer(*, key_id: int, department_id: int, batch_no: int) -> CellSealer:
    """A sealer that uses the batch's own key."""
    return CellSealer(cipher(key_id), department_id, batch_no)


def seal_cell(text: str, *, key_id: int, department_id: int, batch_no: int, column: str) -> str:
    """One token; many of one file are made with a `cell_sealer`."""
    return cell_sealer(key_id=key_id, department_id=department_id, batch_no=batch_no).seal(text, column)


def open_cell(token: str, *, department_id: int, column: str) -> str:
    """The text behind one token; many of one file are opened with a `CellOpener`."""
    return CellOpener(department_id).open(token, column)


def _aad(department_id: int, batch_no: int, column: str) -> bytes:
    return f"xinheng cell {department_id} {batch_no} {column}".encode()


def _decode(body: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except binascii.Error as error:
        raise Refused("密文不完整。", _ADVICE) from error

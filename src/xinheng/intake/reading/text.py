"""Encodings and delimiters of delimited text, found by reading the whole file once."""

import codecs
import csv
import io
import struct
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from xinheng.base.errors import Refused
from xinheng.intake.reading.limits import MEGABYTE, Limits

_BOM = codecs.BOM_UTF8
_DELIMITERS = (",", "\t", ";", "|")
HEAD = 4 * MEGABYTE
LONGEST_CHARACTER = 4
"""Bytes of a character in UTF-8 at most."""


@dataclass(frozen=True)
class TextShape:
    """How a text file is written. `plain` says that no line is blank, so a fast reader numbers rows rightly."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    plain: bool


def utf8_copy(path: Path, folder: Path) -> tuple[Path, TextShape]:
    """The file in UTF-8 without a byte-order mark (itself when it already is), and its shape.

    Refused with one sentence when it is neither UTF-8 nor GB18030 throughout.
    """
    encoding, plain = _encoding(path)
    if encoding == "utf-8":
        target = path
    else:
        target = folder / "utf8.txt"
        _transcode(path, target, encoding)
    header_line = _header_record(target)
    delimiter = max(_DELIMITERS, key=header_line.count)
    headers = next(csv.reader(io.StringIO(header_line), delimiter=delimiter), [])
    return target, TextShape(encoding, delimiter, tuple(cell.strip() for cell in headers), plain)


def head_of(path: Path, folder: Path) -> Path:
    """The first lines of a large text file, enough to see its headers; a small file itself."""
    if path.stat().st_size <= 2 * HEAD:
        return path
    with path.open("rb") as file:
        lines, newline, _ = file.read(HEAD).rpartition(b"\n")
    if not newline:
        return path
    target = folder / "head.txt"
    target.write_bytes(lines + newline)
    return target


def _encoding(path: Path) -> tuple[str, bool]:
    """UTF-8 with or without a mark, else taken for GB18030 (which transcoding finds out); and `plain`."""
    blank_line, unfinished, is_utf8 = False, b"", True
    with path.open("rb") as file:
        bom = file.read(3) == _BOM
        if not bom:
            file.seek(0)
        before = b""
        while chunk := file.read(4 * MEGABYTE):
            blank_line = blank_line or _has_blank_line(before + chunk)
            before = chunk[-2:]
            if is_utf8:
                whole, unfinished = _whole_characters(unfinished + chunk)
                is_utf8 = _is_utf8(whole)
    if not is_utf8:
        return "gb18030", not blank_line
    if unfinished:
        raise Refused("文件在一个汉字中间断开，不完整。", "多半是传输中断，请重新导出后再报送。")
    return ("utf-8-sig" if bom else "utf-8"), not blank_line


def _has_blank_line(text: bytes) -> bool:
    return b"\n\n" in text or (b"\r" in text and (b"\n\r\n" in text or b"\r\r" in text))


def _whole_characters(block: bytes) -> tuple[bytes, bytes]:
    """A block without the character that its end may cut in two, and the beginning of that character."""
    for length in range(1, min(LONGEST_CHARACTER, len(block)) + 1):
        first = block[-length]
        if first & 0b1100_0000 != 0b1000_0000:  # not the continuation of a character
            needed = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            return (block[:-length], block[-length:]) if needed > length else (block, b"")
    return block, b""


def _is_utf8(block: bytes) -> bool:
    """Arrow's check of a text column, five times as fast as decoding."""
    bounds = pa.py_buffer(struct.pack("ii", 0, len(block)))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, bounds, pa.py_buffer(block)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _unreadable() -> Refused:
    return Refused("文件的文字编码读不出来。", "请在 Excel 中另存为“CSV UTF-8”，或直接报送 XLSX。")


def _transcode(source: Path, target: Path, encoding: str) -> None:
    try:
        with (
            source.open("r", encoding=encoding, newline="") as reader,
            target.open("w", encoding="utf-8", newline="") as writer,
        ):
            while chunk := reader.read(4 * MEGABYTE):
                writer.write(chunk)
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _header_record(path: Path) -> str:
    """The first record as text; quoted cells of a header may hold line breaks."""
    limit = Limits().row_length
    with path.open("r", encoding="utf-8", newline="") as file:
        text = ""
        for line in file:
            text += line
            if len(text) > limit:
                raise Refused("第一行太长，看不出列名。", "请把第一行改成列名，或下载模板填写。")
            if text.count('"') % 2 == 0 and text.strip():
                return text
    if text.strip():
        return text
    raise Refused("文件里没有内容。", "第一行应是列名，从第二行起每行一条记录。")

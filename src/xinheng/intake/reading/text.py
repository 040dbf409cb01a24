"""Encodings and delimiters of delimited text, found by reading the whole file once."""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.intake.reading.limits import MEGABYTE, Limits

_BOM = codecs.BOM_UTF8
_DELIMITERS = (",", "\t", ";", "|")


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


def _encoding(path: Path) -> tuple[str, bool]:
    decoders = {"utf-8": codecs.getincrementaldecoder("utf-8")(), "gb18030": codecs.getincrementaldecoder("gb18030")()}
    blank_line = False
    with path.open("rb") as file:
        bom = file.read(3) == _BOM
        if not bom:
            file.seek(0)
        tail = b""
        while chunk := file.read(4 * MEGABYTE):
            seen = tail + chunk
            blank_line = blank_line or b"\n\n" in seen or b"\n\r\n" in seen or b"\r\r" in seen
            tail = chunk[-2:]
            for name in list(decoders):
                if name == "gb18030" and "utf-8" in decoders and not _not_ascii(chunk):
                    continue
                try:
                    decoders[name].decode(chunk)
                except UnicodeDecodeError:
                    del decoders[name]
                if name == "utf-8" and name in decoders:
                    break
            if not decoders:
                raise _unreadable()
    if "utf-8" not in decoders:
        return "gb18030", not blank_line
    try:
        decoders["utf-8"].decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Refused("文件在一个汉字中间断开，不完整。", "多半是传输中断，请重新导出后再报送。") from error
    return ("utf-8-sig" if bom else "utf-8"), not blank_line


def _not_ascii(chunk: bytes) -> bool:
    return not chunk.isascii()


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

"""What kind of file this is, by its content; the name only helps with text files."""

import zipfile
from pathlib import Path
from typing import Literal

from xinheng.base.errors import Refused

Format = Literal["csv", "xlsx", "json_lines", "parquet", "zip"]

_OTHERS = {
    b"%PDF": "PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"\xd0\xcf\x11\xe0": "旧版 Excel（.xls）或 Word 文件",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "gzip 压缩包",
}
_ACCEPTED = "可以报送 CSV、XLSX、JSON Lines、Parquet，或装有这些文件的 ZIP。"


def detect(path: Path) -> Format:
    """The format of a file; Refused with one sentence when it is none we read."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("这个文件是空的。", "请确认导出成功后重新报送。")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise Refused(f"这是{what}，不能报送。", _ACCEPTED)
    return _text_kind(head)


def _zip_kind(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise Refused("文件不完整，打不开。", "多半是传输中断，请重新导出后再报送。") from error
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise Refused("这是 Word 或 PowerPoint 文件，不能报送。", _ACCEPTED)
    return "zip"


def _text_kind(head: bytes) -> Format:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("文件是 UTF-16 编码。", "请另存为“CSV UTF-8”或 XLSX 后报送。")
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if b"\x00" in head or control > len(head) // 50:
        raise Refused("这是二进制文件，不是表格。", _ACCEPTED)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "json_lines"
    if text.startswith(b"[{") or text.startswith(b"[\n"):
        raise Refused("这是一个 JSON 数组。", "请改成每行一个对象的 JSON Lines 文件。")
    if text[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise Refused("这是网页或 XML 文件，不是表格。", _ACCEPTED)
    return "csv"

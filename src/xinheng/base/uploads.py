"""Files handed in by people: what they are by their content, whatever their name says."""

import re
import zipfile
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.masking import mask_text

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
HEAD = 1024
SIGNATURES = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
PACKED = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    PACKED["word/document.xml"]: (".docx",),
    PACKED["xl/workbook.xml"]: (".xlsx",),
}
ADVICE = "请上传 PDF、JPG、PNG、DOCX 或 XLSX 文件。"
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\/:*?\"<>|]")


def clean_name(name: str) -> str:
    """The last part of the name, without signs that could be misread, and with numbers of persons masked."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return mask_text(_UNFIT.sub("_", last).strip(" ."))[-200:] or "材料"


def checked_type(path: Path, name: str) -> str:
    """What the file is by its content; Refused when it is none of the allowed, or not what its name says."""
    size = path.stat().st_size
    if size == 0:
        raise Refused(f"“{name}”是空的。", ADVICE)
    if size > LARGEST:
        raise Refused(f"“{name}”有 {size / MEGABYTE:.0f} MB，超过 {LARGEST // MEGABYTE} MB。", "请压缩图片或分成几份。")
    media_type = _type_by_content(path)
    if media_type is None:
        raise Refused(f"“{name}”的内容不是可以接收的格式。", ADVICE)
    if not name.lower().endswith(ENDINGS[media_type]):
        raise Refused(
            f"“{name}”的后缀和内容不一致。", f"它的内容是 {ENDINGS[media_type][0][1:].upper()}，请改正后缀后再上传。"
        )
    return media_type


def _type_by_content(path: Path) -> str | None:
    with path.open("rb") as reader:
        head = reader.read(HEAD)
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if not head.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as packed:
        names = set(packed.namelist())
    if any(one.endswith("vbaProject.bin") for one in names):
        return None
    return next((media_type for part, media_type in PACKED.items() if part in names), None)

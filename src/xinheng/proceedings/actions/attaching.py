"""Files handed in: looked at by their content, whatever their name says, kept encrypted."""

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import mask_text
from xinheng.people.models import OrganisationUser, User
from xinheng.proceedings.actions.taking import locked, log
from xinheng.proceedings.models import Attachment, Case
from xinheng.proceedings.parties import Acting, acting_in
from xinheng.proceedings.procedures import Procedure, procedure_of
from xinheng.proceedings.storing import store_file

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
MOST = 30
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


@dataclass(frozen=True)
class Upload:
    """A file as it was handed in: on disk, with the name the sender gave it."""

    kind: str
    file_name: str
    path: Path


@transaction.atomic
def add_attachment(*, case: int, upload: Upload, by: User | OrganisationUser, now: datetime) -> Attachment:
    """Add a file to a running case, by any party of it."""
    found = locked(case)
    acting = acting_in(by, found)
    if not acting.parties:
        raise NotFound("没有这个案件。", "请从案件列表重新进入。")
    if found.closed_at is not None:
        raise Conflict("案件已经办结，不能再添加材料。", "如有新的情况，请重新提出。")
    return attach(
        case=found, upload=upload, acting=acting, procedure=procedure_of(settings.PACK, found.rule_set), now=now
    )


def attach(*, case: Case, upload: Upload, acting: Acting, procedure: Procedure, now: datetime) -> Attachment:
    """Check and keep one file; must run inside a transaction that holds the case."""
    if upload.kind not in dict(procedure.attachments):
        raise Refused("请选择材料的种类。")
    name = clean_name(upload.file_name)
    media_type = checked_type(upload.path, name)
    if case.attachments.count() >= MOST:
        raise Refused(f"一个案件最多 {MOST} 份材料。", "请合并成一份 PDF 后再上传。")
    kept = store_file(upload.path, case.key_id)
    same = case.attachments.filter(sha256=kept.sha256).first()
    if same is not None:
        return same
    added = Attachment.objects.create(
        case=case,
        kind=upload.kind,
        file_name=name,
        media_type=media_type,
        size=kept.size,
        sha256=kept.sha256,
        stored_path=kept.path,
        party=acting.party(("applicant", "source", "office", "decider")) or "",
        added_by=acting.actor.name,
        added_at=now,
    )
    log(case, "case.attach", acting.actor, now, {"kind": upload.kind, "sha256": kept.sha256, "size": kept.size})
    return added


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

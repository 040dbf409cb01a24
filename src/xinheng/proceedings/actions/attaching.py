"""Files handed in: looked at by their content, whatever their name says, kept encrypted."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.uploads import checked_type, clean_name
from xinheng.people.models import OrganisationUser, User
from xinheng.proceedings.actions.taking import locked, log
from xinheng.proceedings.models import Attachment, Case
from xinheng.proceedings.parties import Acting, acting_in
from xinheng.proceedings.procedures import Procedure, procedure_of
from xinheng.proceedings.storing import store_file

MOST = 30


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

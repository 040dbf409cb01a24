"""Opening a sealed row. It is a read that leaves a trace, so it stands among the actions."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.people.queries import regions
from xinheng.vault.actions.persons import record_aad
from xinheng.vault.ciphers import cipher
from xinheng.vault.models import SealedRecord


@dataclass(frozen=True)
class OpenedRecord:
    """A sealed row in clear, for the one page or case that asked for it."""

    id: int
    type: str
    batch_no: int
    row_no: int
    withdrawn: bool
    known_from: datetime
    known_to: datetime | None
    content: dict[str, str | None] = field(repr=False)


@transaction.atomic
def open_record(scope: Scope, record_id: int, *, purpose: str, by: Actor, now: datetime) -> OpenedRecord:
    """Read one sealed row of the caller's region, for a stated purpose; the read is logged."""
    if len(purpose.strip()) < 2:
        raise Refused("请说明查看用途。", "例如：办理某号异议。")
    row = SealedRecord.objects.filter(pk=record_id).first()
    if row is None or not _within(scope, row):
        raise NotFound("没有这条加密保存的记录。", "请核对编号。")
    sealed = cipher(row.key_id).open(bytes(row.ciphertext), record_aad(row.type, row.batch_no, row.row_no))
    record(
        act="vault.open",
        by=by,
        now=now,
        region_id=row.region_id,
        object_type="sealed_record",
        object_id=str(row.pk),
        purpose=purpose.strip(),
    )
    return OpenedRecord(
        id=row.pk,
        type=row.type,
        batch_no=row.batch_no,
        row_no=row.row_no,
        withdrawn=row.withdrawn,
        known_from=row.known_from,
        known_to=row.known_to,
        content=json.loads(sealed),
    )


def _within(scope: Scope, row: SealedRecord) -> bool:
    if scope.public or (scope.departments and row.department_id not in scope.departments):
        return False
    return scope.region is None or row.region_id in {one.id for one in regions(scope)}

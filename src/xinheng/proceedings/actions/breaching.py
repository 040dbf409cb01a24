"""From a look at a promise to a case about it: opened and notified by the accepting department, in one transaction."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from xinheng.base.errors import NotFound
from xinheng.commitments.actions import hand_to_breach
from xinheng.people.models import User
from xinheng.proceedings.actions.attaching import Upload
from xinheng.proceedings.actions.moving import move
from xinheng.proceedings.actions.opening import Application, open_case
from xinheng.proceedings.facts import newest
from xinheng.proceedings.models import Case, CaseChannel
from xinheng.proceedings.parties import parts_of

FOUND_BY = "由受理部门检查发现"


@transaction.atomic
def open_breach(
    *, record_no: int, found: str, reason: str, uploads: Sequence[Upload], entry: uuid.UUID, by: User, now: datetime
) -> Case:
    """Open the case of one commitment with the evidence, and send the notice. The same form again is the same case."""
    again = Case.objects.filter(entry=entry, region=by.region).first()
    if again is not None:
        return again
    version = newest(record_no)
    if not {"source", "office"} & parts_of(by, "breach", version.region_id, version.department_id):
        raise NotFound("没有这份承诺。", "请从“信用承诺”页重新进入。")
    application = Application(
        procedure="breach",
        record_no=record_no,
        stated={"found": found},
        channel=CaseChannel.COUNTER,
        entry=entry,
        identified=FOUND_BY,
        uploads=uploads,
    )
    case = open_case(application=application, by=by, now=now).case
    move(case=case.pk, event="notify", stated={"reason": reason}, by=by, now=now)
    hand_to_breach(record_no=record_no, found=found, case_number=case.number, by=by, now=now)
    case.refresh_from_db()
    return case

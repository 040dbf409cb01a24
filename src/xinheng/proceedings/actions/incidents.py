"""From a lead of the log to a case: once per lead, by the auditor."""

import uuid
from datetime import date, datetime

from django.db import transaction

from xinheng.base.clock import format_date
from xinheng.base.errors import NotFound
from xinheng.people.identity import scope_of
from xinheng.people.models import ApiClient, Department, User
from xinheng.people.queries import MisuseLead, misuse_leads
from xinheng.proceedings.actions.opening import Application, open_case
from xinheng.proceedings.models import Case, CaseChannel

SEEN_IN = "操作日志的线索"
_LEADS = uuid.UUID("6c1d5c1e-6a7b-4d3a-9b7e-0f5a3f8a2b11")


@transaction.atomic
def open_incident(*, day: date, actor_kind: str, actor_id: str, by: User, now: datetime) -> Case:
    """Open the case of one lead; the same lead again gives the same case. NotFound when it is no lead (any more)."""
    lead = lead_of(day=day, actor_kind=actor_kind, actor_id=actor_id, by=by, now=now)
    officer = User.objects.filter(pk=int(actor_id), region=by.region).first() if actor_kind == "officer" else None
    application = Application(
        procedure="incident",
        record_no=None,
        stated={
            "on_day": day.isoformat(),
            "who": f"{lead.actor_name}（{lead.department_name}）" if lead.department_name else lead.actor_name,
            "reader": f"{actor_kind}:{actor_id}",
            "lead": "；".join(lead.reasons),
        },
        channel=CaseChannel.LOG,
        entry=uuid.uuid5(_LEADS, f"{by.region.code}/{day}/{actor_kind}/{actor_id}"),
        identified=SEEN_IN,
        target=f"{format_date(day)}{lead.actor_name}的查阅",
        concerned=officer,
        department=officer.department if officer else _department_of(actor_id),
    )
    return open_case(application=application, by=by, now=now).case


def lead_of(*, day: date, actor_kind: str, actor_id: str, by: User, now: datetime) -> MisuseLead:
    """The lead of that day and reader, as the log says now."""
    for one in misuse_leads(scope_of(by), now=now):
        if (one.day, one.actor_kind, one.actor_id) == (day, actor_kind, actor_id):
            return one
    raise NotFound("没有这条线索。", "请从“异常查阅”重新选择。")


def _department_of(prefix: str) -> Department:
    return ApiClient.objects.select_related("department").get(prefix=prefix).department

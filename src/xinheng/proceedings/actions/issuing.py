"""Numbered documents: made once from the rulebook's text, kept as made, never made anew."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings

from xinheng.base.clock import format_date, today
from xinheng.proceedings.actions.numbering import next_number
from xinheng.proceedings.deadlines import due_days
from xinheng.proceedings.documents import pdf, templates
from xinheng.proceedings.models import Case, CaseDocument, CaseEvent
from xinheng.proceedings.parties import ONLY_THE_SOURCE
from xinheng.proceedings.procedures import Procedure
from xinheng.proceedings.stating import spelled
from xinheng.proceedings.storing import store
from xinheng.proceedings.telling import credit_office_of
from xinheng.rulebook.loader import load_pack

NO_DAY = "本平台通知的日期"


def issue(
    case: Case, event: CaseEvent, template: str, procedure: Procedure, stated: Mapping[str, str], *, now: datetime
) -> CaseDocument:
    """Make the document of a step, number it and keep it sealed."""
    text = templates(settings.PACK)[template]
    sign = f"{procedure.sign}{text.sign}"
    number = next_number(case.region, sign, today(now).year)
    paragraphs = text.text(_words(case, procedure, stated, today(now)))
    content = pdf(
        office=office_name(case),
        title=text.title,
        number=number,
        day=format_date(today(now)),
        paragraphs=paragraphs,
        notice=load_pack(settings.PACK).notice,
    )
    kept = store(content, case.key_id)
    return CaseDocument.objects.create(
        case=case,
        event=event,
        number=number,
        template=template,
        title=text.title,
        paragraphs=paragraphs,
        size=kept.size,
        sha256=kept.sha256,
        stored_path=kept.path,
        made_at=now,
    )


def office_name(case: Case) -> str:
    """Whose document it is: the department's own where a law gives the matter to it, else the credit office's."""
    if case.procedure in ONLY_THE_SOURCE:
        return case.department.name
    found = credit_office_of(case.region)
    return found.name if found else case.region.name


def _words(case: Case, procedure: Procedure, stated: Mapping[str, str], day: date) -> dict[str, str]:
    """What a text may say. A document must name facts and articles stated long before the step that issues it."""
    before = {
        key: value
        for earlier in CaseEvent.objects.filter(case=case).order_by("pk").values_list("stated", flat=True)
        for key, value in earlier.items()
    }
    days = {name: format_date(due) for name, due in due_days(case).items()}
    return {
        **spelled(procedure, before),
        **{rule.key: NO_DAY for rule in procedure.deadlines},
        **days,
        **spelled(procedure, stated),
        "applicant": case.subject_name,
        "number": case.number,
        "record": case.record_title or "公示信息",
        "source": case.department.name,
        "state": procedure.state(case.state).title,
        "today": format_date(day),
    }

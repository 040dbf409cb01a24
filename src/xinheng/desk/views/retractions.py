"""Who holds copies of our records, what they were asked to remove, and whether they did."""

from typing import Literal, cast, get_args

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.clock import format_date, working_days_between
from xinheng.base.clock import today as day_of
from xinheng.base.errors import NotFound
from xinheng.catalogue.contracts import load_contracts
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import Filter, address, whole
from xinheng.desk.tables import EXPORTED, Cell, Table, day, download, export, moment, number, table
from xinheng.effects import actions as effects
from xinheng.effects.queries import (
    RecipientSummary,
    RetractionLine,
    recipients,
    retraction,
    retraction_counts,
    retractions,
)
from xinheng.exchange.notices import log_notices, notice_file, notice_types
from xinheng.people.permissions import Act

CSV = "text/csv; charset=utf-8"
PAGE = 50
Show = Literal["open", "overdue", "contested", "confirmed"]
SHOWN: dict[Show, str] = {
    "open": "待确认",
    "overdue": "已逾期",
    "contested": "确认后仍在使用",
    "confirmed": "已确认",
}


@officer(Act.READ_RETRACTIONS)
@require_safe
def retraction_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/retractions?show=&recipient=&after=`: the longest waiting first."""
    show = request.GET.get("show", "")
    wanted = cast(Show, show) if show in get_args(Show) else "open"
    everybody = recipients(visit.scope, as_at=visit.today)
    chosen = next((one for one in everybody if str(one.id) == request.GET.get("recipient")), None)
    exporting = bool(request.GET.get("export"))
    found = retractions(
        visit.scope,
        as_at=visit.today,
        show=wanted,
        recipient=chosen.id if chosen else None,
        after=None if exporting else whole(request.GET.get("after")),
        limit=EXPORTED if exporting else PAGE + 1,
    )
    listed = _table(visit, found[: EXPORTED if exporting else PAGE])
    if exporting:
        return export(visit, listed)
    path, given = reverse("desk:retractions"), {"show": show, "recipient": str(chosen.id) if chosen else ""}
    counts = retraction_counts(visit.scope, as_at=visit.today)
    context = {
        "table": listed,
        "filters": [
            Filter(label, address(path, given, show="" if key == "open" else key), wanted == key, counts.get(key))
            for key, label in SHOWN.items()
        ],
        "recipients": everybody,
        "recipient": chosen,
        "owing": _owing(everybody),
        "show": show,
        "next_url": address(path, given, after=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": address(path, given) if request.GET.get("after") else "",
        "export_url": address(path, given, export="1"),
        "files": notice_types(visit.scope, recipient=chosen.id)
        if chosen and not chosen.by_call and visit.may(Act.CONFIRM_RETRACTIONS)
        else (),
        "may_confirm": chosen is not None
        and not chosen.by_call
        and chosen.open > 0
        and visit.may(Act.CONFIRM_RETRACTIONS),
    }
    return render(request, "desk/retractions.html", context)


@officer(Act.READ_RETRACTIONS)
@require_safe
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/retractions/<id>`: which end caused it, which handover it takes back, how it went."""
    found = retraction(visit.scope, id)
    confirming = visit.may(Act.CONFIRM_RETRACTIONS)
    context = {
        "found": found,
        "line": found.line,
        "type_title": load_contracts(settings.PACK)[found.line.type].title,
        "waited": _waited(visit, found.line),
        "may_confirm": confirming and not found.by_call and found.line.confirmed_at is None,
        "may_contest": confirming and found.line.confirmed_at is not None,
    }
    return render(request, "desk/retraction.html", context)


@officer(Act.CONFIRM_RETRACTIONS)
@require_safe
def notices(request: HttpRequest, visit: Visit, recipient: int) -> HttpResponse:
    """`/desk/recipients/<id>/notices?type=`: its open notices as a file, for those who take files only."""
    file = notice_file(visit.scope, recipient=recipient, type=request.GET.get("type", ""), as_at=visit.today)
    log_notices(file=file, recipient=recipient, by=visit.user, now=visit.now)
    return download(file.content, file.name, CSV)


@officer(Act.CONFIRM_RETRACTIONS)
@require_POST
def confirm(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Note the recipient's written confirmation of one retraction."""
    found = retraction(visit.scope, id)
    effects.confirm_in_writing(
        recipient=found.line.recipient_id, retractions=[id], note=_note(request), by=visit.user, now=visit.now
    )
    messages.success(request, "已登记书面确认。")
    return redirect("desk:retraction", id)


@officer(Act.CONFIRM_RETRACTIONS)
@require_POST
def confirm_all(request: HttpRequest, visit: Visit, recipient: int) -> HttpResponse:
    """Note one letter that confirms everything a recipient was asked to remove."""
    if recipient not in {one.id for one in recipients(visit.scope, as_at=visit.today)}:
        raise NotFound("没有这个接收方。", "请从撤回回执页面重新进入。")
    count = effects.confirm_in_writing(
        recipient=recipient, retractions=None, note=_note(request), by=visit.user, now=visit.now
    )
    messages.success(request, f"已登记 {count} 条撤回的书面确认。")
    return redirect(address(reverse("desk:retractions"), {}, recipient=str(recipient)))


@officer(Act.CONFIRM_RETRACTIONS)
@require_POST
def contest(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Note that a copy is in use although its removal was confirmed."""
    retraction(visit.scope, id)
    effects.report_still_held(retraction=id, evidence=_note(request), by=visit.user, now=visit.now)
    messages.success(request, "已登记，这条撤回重新待确认，并会继续催办。")
    return redirect("desk:retraction", id)


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").strip()[:300]


def _owing(everybody: tuple[RecipientSummary, ...]) -> Table:
    """Recipients that owe a confirmation."""
    path = reverse("desk:retractions")
    return table(
        "接收方",
        ("接收方", "方式", "待确认", "已逾期", "最早的一条"),
        (
            (
                Cell(one.name, url=address(path, {}, recipient=str(one.id))),
                Cell(one.kind_label),
                number(one.open),
                number(one.overdue),
                day(one.oldest),
            )
            for one in everybody
            if one.open
        ),
    )


def _table(visit: Visit, rows: tuple[RetractionLine, ...]) -> Table:
    titles = {key: contract.title for key, contract in load_contracts(settings.PACK).items()}
    return table(
        "撤回回执",
        ("记录", "版本", "接收方", "通知", "发出", "确认期限", "催办"),
        (
            (
                Cell(
                    row.decision_no or titles[row.type],
                    url=reverse("desk:retraction", args=[row.id]),
                    note=row.department_name,
                    unbroken=True,
                ),
                Cell(f"第 {row.version} 版", unbroken=True),
                Cell(row.recipient_name, note=row.kind_label),
                Cell(str(row.kind.label), note=row.cause_label, unbroken=True),
                day(row.written_at),
                _waited(visit, row),
                Cell(f"{row.reminders} 次" if row.reminders else "—", unbroken=True),
            )
            for row in rows
        ),
    )


def _waited(visit: Visit, row: RetractionLine) -> Cell:
    """Where the deadline stands, in words."""
    if row.confirmed_at is not None:
        return Cell("已确认", status="done", note=moment(row.confirmed_at).text, unbroken=True)
    left = working_days_between(visit.today, row.due_on).days
    until = format_date(row.due_on)
    if row.contested:
        return Cell("确认后仍在使用", status="overdue", note=f"{until}前再次确认", unbroken=True)
    if left < 0:
        return Cell(f"逾期 {-left} 个工作日", status="overdue", note=f"{until}到期", unbroken=True)
    since = working_days_between(day_of(row.written_at), visit.today).days
    return Cell(f"还剩 {left} 个工作日", status="scheduled", note=f"{until}前，已等 {since} 个工作日", unbroken=True)

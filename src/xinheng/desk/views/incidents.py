"""From unusual reading to a case in a closed circle: leads, opening, and the list of what is examined."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base.errors import NotFound
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import Filter, address, whole
from xinheng.desk.tables import Cell, Table, day, export, number, table
from xinheng.people.permissions import Act
from xinheng.people.queries import MisuseLead, misuse_leads
from xinheng.people.queries.misuse import DAYS
from xinheng.proceedings.actions import open_incident
from xinheng.proceedings.queries import CaseLine, incident_list
from xinheng.proceedings.queries.lists import CLOSED, OPEN

PAGE = 50
SHOWN = {OPEN: "核查中", CLOSED: "已结案"}


@officer(Act.READ_AUDIT)
@require_safe
def misuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/audit/misuse`: days of unusual reading, as leads for a person."""
    shown = _leads(visit, exporting=bool(request.GET.get("export")))
    if request.GET.get("export"):
        return export(visit, shown, allowed=Act.READ_AUDIT)
    return render(request, "desk/misuse.html", {"table": shown, "days": DAYS})


@officer(Act.HANDLE_INCIDENTS)
@require_http_methods(["GET", "POST"])
def new_incident(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/incidents/new?day=&kind=&reader=`: what the case will say; posting opens it, once per lead."""
    given = request.POST if request.method == "POST" else request.GET
    lead = _lead(visit, given.get("day", ""), given.get("kind", ""), given.get("reader", ""))
    if request.method == "POST":
        case = open_incident(
            day=lead.day, actor_kind=lead.actor_kind, actor_id=lead.actor_id, by=visit.user, now=visit.now
        )
        messages.success(request, f"已登记核查 {case.number}。")
        return redirect("desk:case", case.pk)
    return render(request, "desk/incident_new.html", {"lead": lead})


@officer(Act.READ_INCIDENTS)
@require_safe
def incident_queue(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/incidents?show=&before=`: newest first, without those that concern the reader."""
    show = request.GET.get("show", OPEN) if request.GET.get("show", OPEN) in SHOWN else OPEN
    found = incident_list(
        visit.scope,
        user_id=visit.user.pk,
        today=visit.today,
        show=show,
        before=whole(request.GET.get("before")),
        limit=PAGE + 1,
    )
    path = reverse("desk:incidents")
    context = {
        "table": _cases(found[:PAGE]),
        "filters": [Filter(label, address(path, {}, show=key), key == show, None) for key, label in SHOWN.items()],
        "next_url": address(path, {"show": show}, before=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": address(path, {"show": show}) if request.GET.get("before") else "",
        "may_look": visit.may(Act.READ_AUDIT),
    }
    return render(request, "desk/incidents.html", context)


def _lead(visit: Visit, on: str, kind: str, reader: str) -> MisuseLead:
    try:
        wanted = date.fromisoformat(on)
    except ValueError:
        wanted = date.min
    for one in misuse_leads(visit.scope, now=visit.now):
        if (one.day, one.actor_kind, one.actor_id) == (wanted, kind, reader):
            return one
    raise NotFound("没有这条线索。", "请从“异常查阅”重新选择。")


def _leads(visit: Visit, *, exporting: bool) -> Table:
    listed, opening = reverse("desk:audit"), reverse("desk:new_incident")
    headings = ("日期", "谁", "部门", "为什么列在这里", "查阅次数", "对象数")
    rows = (
        (
            day(one.day),
            Cell(one.actor_name, url=address(listed, {}, actor=one.actor_id), unbroken=True),
            Cell(one.department_name or "—"),
            Cell("；".join(one.reasons)),
            number(one.looks),
            number(one.objects),
            Cell("登记核查", url=address(opening, {}, day=str(one.day), kind=one.actor_kind, reader=one.actor_id)),
        )
        for one in misuse_leads(visit.scope, now=visit.now)
    )
    if exporting:
        return table("异常查阅", headings, (row[:-1] for row in rows))
    return table("异常查阅", (*headings, "核查"), rows)


def _cases(rows: tuple[CaseLine, ...]) -> Table:
    return table(
        "滥用查阅的核查",
        ("案号", "谁", "状态", "期限", "登记"),
        (
            (
                Cell(row.number, url=reverse("desk:case", args=[row.id]), unbroken=True),
                Cell(row.subject_name, note=row.department_name),
                Cell(
                    "待第二人确认" if row.proposed else row.state_title,
                    status="ended" if row.final else "suspended" if row.proposed else "in_force",
                ),
                day(row.due_on) if row.due_on else Cell("—"),
                day(row.opened_at),
            )
            for row in rows
        ),
    )

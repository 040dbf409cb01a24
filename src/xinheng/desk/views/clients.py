"""Programs of departments that call the API: register, new secret, limits, end. For administrators."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from xinheng.base.clock import SHANGHAI, today
from xinheng.base.errors import NotFound, XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.people import ClientForm, ClientLimitsForm
from xinheng.desk.paging import whole
from xinheng.desk.tables import Cell, day, moment, table
from xinheng.people import actions as people
from xinheng.people.models import ApiClient, Department
from xinheng.people.permissions import Act
from xinheng.people.queries import ClientSummary, clients, departments

OVERLAPS = ((0, "立即失效"), (1, "再有效 1 天"), (7, "再有效 7 天"), (30, "再有效 30 天"))
SCOPES = {"read": "查询", "submit": "报送", "check": "信用核查"}


@officer(Act.MANAGE_CLIENTS)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/clients`, with a form for a new one; its secret is shown on this answer only."""
    choices = [(str(one.id), one.name) for one in departments(visit.scope)]
    form = ClientForm(request.POST or None, departments=choices)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, secret = people.create_api_client(
                name=given["name"], department=Department.objects.get(pk=given["department"]), scopes=given["scopes"],
                networks=given["networks"].split(), expires_at=_end_of(given["expires_on"]), by=visit.actor,
                now=visit.now,
            )  # fmt: skip
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            context |= {"secret": secret, "made": made, "form": ClientForm(departments=choices)}
    shown = table(
        "接口程序",
        ("程序", "部门", "权限", "允许的地址", "有效至", "最近使用", "状态"),
        (
            (
                Cell(one.name, url=reverse("desk:client", args=[one.id]), note=one.prefix),
                Cell(one.department_name),
                Cell("、".join(SCOPES[scope] for scope in sorted(one.scopes))),
                Cell("、".join(one.networks) or "不限"),
                _until(one),
                moment(one.last_used_at),
                _state(one, visit.now),
            )
            for one in clients(visit.scope)
        ),
    )
    return render(request, "desk/clients.html", context | {"table": shown})


@officer(Act.MANAGE_CLIENTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/clients/<id>`: a new secret beside the old one, limits, end."""
    found = next((one for one in clients(visit.scope) if one.id == id), None)
    if found is None:
        raise NotFound("没有这个接口程序。", "请从列表进入。")
    row = ApiClient.objects.select_related("department").get(pk=id)
    step = request.POST.get("step", "")
    initial = {"networks": "\n".join(found.networks), "expires_on": _last_day(found)}
    form = ClientLimitsForm(request.POST if step == "limit" else None, initial=initial)
    context: dict[str, object] = {"form": form, "overlaps": OVERLAPS}
    try:
        if step == "rotate":
            days = whole(request.POST.get("days"))
            context["secret"] = people.rotate_api_client(
                client=row, overlap=timedelta(days=-1 if days is None else days), by=visit.actor, now=visit.now
            )
        elif step == "limit" and form.is_valid():
            people.limit_api_client(
                client=row, networks=form.cleaned_data["networks"].split(),
                expires_at=_end_of(form.cleaned_data["expires_on"]), by=visit.actor, now=visit.now,
            )  # fmt: skip
            messages.success(request, "已保存，即时生效。")
            return redirect("desk:client", id)
        elif step == "revoke":
            people.revoke_api_client(client=row, by=visit.actor, now=visit.now)
            messages.success(request, "已停用，即时生效。")
            return redirect("desk:clients")
    except XinhengError as error:
        messages.error(request, f"{error.message}{error.advice}")
    present = next(one for one in clients(visit.scope) if one.id == id)
    return render(request, "desk/client.html", context | {"client": present, "state": _state(present, visit.now)})


def _state(client: ClientSummary, now: datetime) -> Cell:
    if client.revoked_at:
        return Cell("已停用", status="ended", note=day(client.revoked_at).text)
    if client.expires_at and client.expires_at <= now:
        return Cell("已过期", status="overdue")
    if client.previous_until and client.previous_until > now:
        return Cell("新旧密钥并用", status="suspended", note=f"旧密钥至 {moment(client.previous_until).text}")
    return Cell("可用", status="done")


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI) if day else None


def _last_day(client: ClientSummary) -> date | None:
    return today(client.expires_at - timedelta(microseconds=1)) if client.expires_at else None


def _until(client: ClientSummary) -> Cell:
    last = _last_day(client)
    return day(last) if last else Cell("不限", unbroken=True)

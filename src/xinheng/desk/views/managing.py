"""Departments, officers and the log: pages of the administrator, the credit office and the auditor."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.errors import NotFound, XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.people import ContactForm, DepartmentForm, OfficerForm, PasswordForm
from xinheng.desk.paging import address, whole
from xinheng.desk.tables import Cell, Table, day, export, moment, table
from xinheng.desk.wording import act_label
from xinheng.people import actions as people
from xinheng.people.models import Department, Role, User
from xinheng.people.permissions import Act
from xinheng.people.purposes import told
from xinheng.people.queries import audit_events, officers
from xinheng.people.queries import department as find_department
from xinheng.people.queries import departments as find_departments
from xinheng.people.second_factor import factor_in_use

PAGE = 50
LARGEST = 200
LOOKED_AFTER_BY = (Act.MANAGE_DEPARTMENTS, Act.SET_HOLD)


@officer(*LOOKED_AFTER_BY)
@require_http_methods(["GET", "POST"])
def department_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/departments`, with a form for one more."""
    form = DepartmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        visit.require(Act.MANAGE_DEPARTMENTS)
        given = form.cleaned_data
        try:
            people.create_department(
                region=visit.user.region, code=given["code"], name=given["name"], short_name=given["short_name"],
                hold_before_publication=given["hold"], by=visit.actor, now=visit.now,
            )  # fmt: skip
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            messages.success(request, f"已增加部门“{given['name']}”。")
            return redirect("desk:departments")
    shown = _departments_table(visit)
    if request.GET.get("export"):
        return export(visit, shown, allowed=next(act for act in LOOKED_AFTER_BY if visit.may(act)))
    context = {"table": shown, "form": form, "may_add": visit.may(Act.MANAGE_DEPARTMENTS)}
    return render(request, "desk/departments.html", context)


@officer(*LOOKED_AFTER_BY)
@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/departments/<id>`: contact data, shown to the public."""
    found = find_department(visit.scope, id)
    form = ContactForm(
        request.POST or None,
        initial={
            name: getattr(found, name) for name in ("name", "short_name", "address", "telephone", "hours", "is_active")
        },
    )
    if request.method == "POST" and form.is_valid():
        visit.require(Act.MANAGE_DEPARTMENTS)
        people.update_department(
            department=Department.objects.get(pk=found.id), by=visit.actor, now=visit.now, **form.cleaned_data
        )
        messages.success(request, "已保存部门信息。")
        return redirect("desk:department", id)
    context = {
        "department": found,
        "form": form,
        "may_edit": visit.may(Act.MANAGE_DEPARTMENTS),
        "may_hold": visit.may(Act.SET_HOLD),
    }
    return render(request, "desk/department.html", context)


@officer(Act.SET_HOLD)
@require_POST
def hold(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Whether the department's records wait for a reviewer before publication."""
    found = find_department(visit.scope, id)
    people.set_department_hold(
        department=Department.objects.get(pk=found.id), hold=request.POST.get("hold") == "1", by=visit.actor,
        now=visit.now,
    )  # fmt: skip
    messages.success(request, "已改变公示前审核的设定，对以后收到的批次生效。")
    return redirect("desk:department", id)


@officer(Act.MANAGE_OFFICERS)
@require_http_methods(["GET", "POST"])
def officer_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/officers`, with a form for a new account."""
    choices = [(str(one.id), one.name) for one in find_departments(visit.scope)]
    form = OfficerForm(request.POST or None, departments=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            people.create_officer(
                username=given["username"], display_name=given["display_name"],
                department=Department.objects.get(pk=given["department"]), password=given["password"],
                roles=[Role(role) for role in given["roles"]], by=visit.actor, now=visit.now,
            )  # fmt: skip
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            messages.success(request, f"已建立{given['display_name']}的账号。")
            return redirect("desk:officers")
    shown = _officers_table(visit)
    if request.GET.get("export"):
        return export(visit, shown, allowed=Act.MANAGE_OFFICERS)
    return render(request, "desk/officers.html", {"table": shown, "form": form})


@officer(Act.MANAGE_OFFICERS)
@require_safe
def officer_page(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/officers/<id>`: roles, password, closing the account."""
    user = _officer(visit, id)
    context = {
        "officer": user,
        "roles": [(role.value, role.label, role in user.roles) for role in Role],
        "password_form": PasswordForm(),
        "self": user.pk == visit.user.pk,
        "factor": factor_in_use(user),
        "sign_on": user.sign_on_subjects.filter(released_at=None).first(),
    }
    return render(request, "desk/officer.html", context)


@officer(Act.MANAGE_OFFICERS)
@require_POST
def change_officer(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """One change of an account: a role given or withdrawn, a password, closed or opened."""
    user = _officer(visit, id)
    step = request.POST.get("step", "")
    try:
        messages.success(request, _change(request, visit, user, step))
    except XinhengError as error:
        messages.error(request, f"{error.message}{error.advice}")
    return redirect("desk:officer", id)


@officer(Act.READ_AUDIT)
@require_safe
def audit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/audit?act=&object=&actor=&before=`"""
    act, number = request.GET.get("act", "").strip(), request.GET.get("object", "").strip()
    actor = request.GET.get("actor", "").strip()
    exporting = bool(request.GET.get("export"))
    page = audit_events(
        visit.scope,
        act=act or None,
        object_id=number or None,
        actor_id=actor or None,
        before=whole(request.GET.get("before")),
        limit=LARGEST if exporting else PAGE,
    )
    shown = table(
        "操作日志",
        ("时间", "谁", "做了什么", "对象", "用途", "详情"),
        (
            (
                moment(one.at),
                Cell(one.actor_name, unbroken=True),
                Cell(act_label(one.act), note=one.act),
                Cell(f"{one.object_type} {one.object_id}".strip() or "—"),
                Cell(told(one.purpose, settings.PACK) or "—"),
                Cell("，".join(f"{key}：{value}" for key, value in one.detail.items()) or "—"),
            )
            for one in page.lines
        ),
    )
    if exporting:
        return export(visit, shown, allowed=Act.READ_AUDIT)
    path, given = reverse("desk:audit"), {"act": act, "object": number, "actor": actor}
    context = {
        "table": shown,
        "act": act,
        "object": number,
        "actor": actor,
        "next_url": address(path, given, before=str(page.next_before)) if page.next_before else "",
        "first_url": address(path, given) if request.GET.get("before") else "",
        "export_url": address(path, given, before=request.GET.get("before", ""), export="1"),
    }
    return render(request, "desk/audit.html", context)


def _change(request: HttpRequest, visit: Visit, user: User, step: str) -> str:
    facts: dict[str, Any] = {"user": user, "by": visit.actor, "now": visit.now}
    if step in ("grant", "revoke"):
        role = next((one for one in Role if one.value == request.POST.get("role")), None)
        if role is None:
            raise NotFound("没有这个角色。", "请从列表中选择。")
        if step == "grant":
            people.grant_role(**facts, role=role)
            return f"已授予“{role.label}”。"
        people.revoke_role(**facts, role=role)
        return f"已撤销“{role.label}”。"
    if step == "password":
        people.set_password(**facts, password=request.POST.get("password", ""))
        return "已设定新密码，原来的登录随即失效。本人登录后须先改密码。"
    if step == "release_sign_on":
        people.release_sign_on(**facts)
        return "已解除统一身份认证的绑定。"
    if step == "unlock":
        people.unlock_login(**facts)
        return "已解除登录锁定。"
    if step == "reset_factor":
        people.reset_second_factor(**facts)
        return "已重置第二因素，原来的登录随即失效，已给本人发消息。"
    if step in ("close", "open"):
        people.set_officer_active(**facts, active=step == "open")
        return "账号已启用。" if step == "open" else "账号已停用。"
    raise NotFound("没有这一步。", "请返回重新选择。")


def _officer(visit: Visit, id: int) -> User:
    found = User.objects.select_related("department").filter(pk=id, region_id=visit.user.region_id).first()
    if found is None:
        raise NotFound("没有这个账号。", "请从人员列表进入。")
    return found


def _departments_table(visit: Visit) -> Table:
    return table(
        "部门",
        ("部门", "统一社会信用代码", "电话", "公示前审核", "状态"),
        (
            (
                Cell(one.name, url=reverse("desk:department", args=[one.id]), note=one.short_name),
                Cell(one.code, unbroken=True),
                Cell(one.telephone or "—"),
                Cell("审核后公示" if one.hold_before_publication else "收下即公示"),
                Cell("在用" if one.is_active else "已停用", status="done" if one.is_active else "ended"),
            )
            for one in find_departments(visit.scope, active_only=False)
        ),
    )


def _officers_table(visit: Visit) -> Table:
    return table(
        "人员",
        ("姓名", "登录名", "部门", "角色", "状态", "建立"),
        (
            (
                Cell(one.display_name, url=reverse("desk:officer", args=[one.id])),
                Cell(one.username, unbroken=True),
                Cell(one.department_name),
                Cell("、".join(role.label for role in one.roles) or "—"),
                Cell("可登录" if one.is_active else "已停用", status="done" if one.is_active else "ended"),
                day(one.created_at),
            )
            for one in officers(visit.scope)
        ),
    )

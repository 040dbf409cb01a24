"""The guided first set-up: the county, its departments, its first officers. Open only while there is no region."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from xinheng.base import clock
from xinheng.base.errors import NotFound, XinhengError
from xinheng.base.scope import PUBLIC
from xinheng.desk.forms.people import DepartmentForm, OfficerForm, RegionForm
from xinheng.desk.pack_departments import pack_departments
from xinheng.people.actions import NewDepartment, NewOfficer, NewRegion, set_up_county
from xinheng.people.models import Role
from xinheng.people.queries import is_set_up

REGION, DEPARTMENTS = "setup_region", "setup_departments"
EMPTY_ROWS, OFFICER_ROWS = 4, 6
FIRST_ROLES = ((Role.ADMINISTRATOR,), (Role.CREDIT_OFFICE,), (Role.CREDIT_OFFICE,))
STEPS = ("地区", "部门", "首批人员")


@require_http_methods(["GET", "POST"])
def region(request: HttpRequest) -> HttpResponse:
    """`/desk/setup`: step 1."""
    _only_before_set_up()
    form = RegionForm(request.POST or None, initial=request.session.get(REGION))
    if request.method == "POST" and form.is_valid():
        request.session[REGION] = form.cleaned_data
        return redirect("desk:setup_departments")
    return _page(request, 1, {"form": form})


@require_http_methods(["GET", "POST"])
def departments(request: HttpRequest) -> HttpResponse:
    """`/desk/setup/departments`: step 2; rows are typed, or taken over from the pack."""
    _only_before_set_up()
    if REGION not in request.session:
        return redirect("desk:setup")
    offered = pack_departments()
    if request.method == "POST" and request.POST.get("take") == "pack":
        request.session[DEPARTMENTS] = [_as_row(one) for one in offered]
        return redirect("desk:setup_departments")
    known: list[dict[str, Any]] = request.session.get(DEPARTMENTS, [])
    rows = forms.formset_factory(DepartmentForm, extra=EMPTY_ROWS)
    formset = rows(request.POST or None, initial=known, prefix="d")
    if request.method == "POST" and formset.is_valid():
        filled = [form.cleaned_data for form in formset if form.cleaned_data.get("name")]
        request.session[DEPARTMENTS] = filled
        if request.POST.get("more"):
            return redirect("desk:setup_departments")
        if filled:
            return redirect("desk:setup_officers")
        messages.error(request, "请至少填写一个部门。")
    return _page(request, 2, {"formset": formset, "offered": len(offered), "filled": len(known)})


@require_http_methods(["GET", "POST"])
def officers(request: HttpRequest) -> HttpResponse:
    """`/desk/setup/officers`: step 3, and everything is made at once. Passwords are kept nowhere in between."""
    _only_before_set_up()
    if REGION not in request.session or not request.session.get(DEPARTMENTS):
        return redirect("desk:setup_departments")
    rows = _department_rows(request)
    choices = [(one.code, one.name) for one in rows]
    formset = forms.formset_factory(OfficerForm, extra=OFFICER_ROWS - len(FIRST_ROLES))(
        request.POST or None,
        initial=[{"roles": [role.value for role in roles]} for roles in FIRST_ROLES],
        prefix="o",
        form_kwargs={"departments": [("", "请选择部门"), *choices]},
    )
    for form in formset:
        form.empty_permitted = True
    if request.method == "POST" and formset.is_valid():
        given = [form.cleaned_data for form in formset if form.cleaned_data.get("username")]
        try:
            _make(request.session[REGION], rows, given)
        except XinhengError as error:
            messages.error(request, f"{error.message}{error.advice}")
        else:
            for key in (REGION, DEPARTMENTS):
                request.session.pop(key, None)
            messages.success(request, "首次设置已完成。请用刚才建立的账号登录。")
            return redirect("desk:login")
    return _page(request, 3, {"formset": formset, "roles": _roles_told()})


def _make(region: dict[str, str], departments: list[NewDepartment], officers: list[dict[str, Any]]) -> None:
    set_up_county(
        region=NewRegion(region["code"], region["name"].strip(), region["short_name"].strip()),
        departments=departments,
        officers=[
            NewOfficer(
                one["username"],
                one["display_name"],
                one["department"],
                one["password"],
                tuple(Role(role) for role in one["roles"]),
                must_change_password=True,
            )
            for one in officers
        ],
        now=clock.now(),
    )


def _department_rows(request: HttpRequest) -> list[NewDepartment]:
    """What step 2 gathered; contact data comes along where the pack knows the department."""
    known = {one.code: one for one in pack_departments()}
    found = []
    for row in request.session[DEPARTMENTS]:
        code = row["code"].strip().upper()
        pack = known.get(code)
        found.append(
            NewDepartment(
                code=code,
                name=row["name"].strip(),
                short_name=row["short_name"].strip(),
                address=pack.address if pack else "",
                telephone=pack.telephone if pack else "",
                hours=pack.hours if pack else "",
                fields=pack.fields if pack else (),
                hold_before_publication=bool(row.get("hold")),
            )
        )
    return found


def _as_row(one: NewDepartment) -> dict[str, Any]:
    return {
        "name": one.name, "short_name": one.short_name, "code": one.code, "hold": one.hold_before_publication,
    }  # fmt: skip


def _roles_told() -> tuple[tuple[str, str], ...]:
    return (
        (Role.ADMINISTRATOR.label, "管理部门、人员和角色；不看、不办业务"),
        (Role.CREDIT_OFFICE.label, "全县的审核、公示、撤下和质量；紧急撤下要两个人，建议至少两位"),
        (Role.COLLECTOR.label, "为本部门报送、更正、撤回"),
        (Role.REVIEWER.label, "本部门公示前的审核"),
        (Role.AUDITOR.label, "只看操作日志，不能兼任其他角色"),
        (Role.LEADER.label, "只读"),
    )


def _only_before_set_up() -> None:
    if is_set_up(PUBLIC):
        raise NotFound("首次设置已经完成。", "增加部门或人员，请登录后在“管理”中办理。")


def _page(request: HttpRequest, step: int, context: dict[str, Any]) -> HttpResponse:
    steps = [(number, name, number == step, number < step) for number, name in enumerate(STEPS, start=1)]
    return render(request, f"desk/setup_{step}.html", context | {"steps": steps})

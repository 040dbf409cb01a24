"""The counter's own-view door: what is sealed about the person who stands there. Her number is in no address."""

import uuid
from collections.abc import Mapping
from contextlib import suppress

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from xinheng.base.clock import SHANGHAI, format_date
from xinheng.base.errors import Refused, XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.persons import OwnViewForm
from xinheng.desk.tables import Cell, Table, download, moment, number, table
from xinheng.people import actions as people
from xinheng.people.permissions import Act
from xinheng.people.purposes import told
from xinheng.people.second_factor import factor_in_use
from xinheng.people.tries import may_try, wrong_try
from xinheng.proceedings.documents import pdf
from xinheng.rulebook.loader import load_pack
from xinheng.vault.actions import OwnRecord, OwnView, own_view, person_of
from xinheng.vault.queries import RetentionLine, retention_lines

SALT = "own view at the counter"
PATIENCE = 10 * 60
"""Seconds for printing the extract after the look."""
NAMES_OF_ACTS: Mapping[str, str] = {"vault.own_view": "窗口本人查询", "vault.own_extract": "窗口打印本人查询单"}
PDF = "application/pdf"


@officer(Act.OWN_VIEW)
@sensitive_post_parameters("citizen_number", "code")
@sensitive_variables("form", "given")
@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/persons`: the form, and on POST what is kept about the person; nothing of it is stored."""
    form = OwnViewForm(request.POST or None)
    if factor_in_use(visit.user) is None:
        form = form.without_code()
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, visit, form)
    given = form.cleaned_data
    if "code" in form.fields and not _proven(request, visit, given["code"]):
        form.add_error("code", "验证码不对，或者已经用过。")
        return _form_page(request, visit, form)
    try:
        person = person_of(given["citizen_number"])
    except Refused as refusal:
        form.add_error("citizen_number", f"{refusal.message}{refusal.advice}")
        return _form_page(request, visit, form)
    found = _look(visit, person, given["document"], printed=False)
    token = signing.dumps({"person": str(person), "document": given["document"], "by": visit.user.pk}, salt=SALT)
    context = {"view": found, "readers": _readers(found), "token": token, "document": given["document"]}
    return _unkept(render(request, "desk/person.html", context))


@officer(Act.OWN_VIEW)
@require_POST
def extract(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/persons/extract`: the extract for the person, made anew and not kept. Within ten minutes of the look."""
    try:
        stated = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=PATIENCE)
    except signing.BadSignature as error:
        raise Refused("这次查询已经过期。", "请重新核对本人证件后再查一次。") from error
    if stated["by"] != visit.user.pk:
        raise Refused("这次查询是另一名工作人员办理的。", "请由该工作人员打印，或者重新查询。")
    found = _look(visit, uuid.UUID(stated["person"]), stated["document"], printed=True)
    name = f"BRCX-{visit.today:%Y%m%d}-{found.event}"
    content = pdf(
        office=f"{visit.user.region.name}公共信用信息平台",
        title="本人信息查询单",
        number=name,
        day=format_date(visit.today),
        paragraphs=_paragraphs(found, stated["document"], visit.user.department.name),
        notice=load_pack(settings.PACK).notice,
    )
    return _unkept(download(content, f"{name}.pdf", PDF))


def _look(visit: Visit, person: uuid.UUID, document: str, *, printed: bool) -> OwnView:
    return own_view(
        visit.scope, person=person, document=document, pack=settings.PACK, by=visit.actor, now=visit.now,
        printed=printed,
    )  # fmt: skip


def _proven(request: HttpRequest, visit: Visit, code: str) -> bool:
    """Whether the officer's own code is right; a wrong one counts towards the lock-out."""
    if may_try(request, username=visit.user.username):
        with suppress(XinhengError):
            people.prove_second_factor(user=visit.user, code=code, now=visit.now)
            return True
    wrong_try(request, username=visit.user.username)
    return False


def _form_page(request: HttpRequest, visit: Visit, form: OwnViewForm) -> HttpResponse:
    rules = retention_lines(visit.scope, today=visit.today)
    status = 400 if form.errors else 200
    return _unkept(render(request, "desk/persons.html", {"form": form, "table": _retentions(rules)}, status=status))


def _unkept(response: HttpResponse) -> HttpResponse:
    """No browser or proxy keeps a copy."""
    response["Cache-Control"] = "no-store"
    return response


def _retentions(lines: tuple[RetentionLine, ...]) -> Table:
    return table(
        "封存期",
        ("信息", "天数", "依据", "执行"),
        (
            (
                Cell(line.rule.description),
                number(line.rule.days),
                Cell(line.rule.citation),
                Cell("执行", status="in_force") if line.rule.verified else Cell("未经核实，不执行", status="scheduled"),
            )
            for line in lines
        ),
    )


def _readers(found: OwnView) -> Table:
    return table(
        "谁看过",
        ("时间", "部门", "用途", "看了什么"),
        (
            (
                moment(line.at),
                Cell(line.department_name),
                Cell(told(line.purpose, settings.PACK) or "—"),
                Cell(NAMES_OF_ACTS.get(line.act, "一条封存记录")),
            )
            for line in found.readers
        ),
    )


def _paragraphs(found: OwnView, document: str, department: str) -> list[str]:
    """The extract in words; the number of the person's document is not among them."""
    opening = f"应本人申请，经{department}核对{document}与本人一致，查询本平台加密保存的本人信息，结果如下。"
    if not found.records:
        return [opening, "没有查到记录。", *_closing(found)]
    lines = [opening]
    for place, one in enumerate(found.records, start=1):
        facts = "；".join(f"{label}：{value}" for label, value in one.cells)
        lines.append(f"{place}. {one.title}（{one.department}报送，{_state(one)}）")
        lines.append(facts or "内容已销毁，不能再读取。")
    return [*lines, *_closing(found)]


def _state(one: OwnRecord) -> str:
    when = format_date(one.known_from.astimezone(SHANGHAI).date())
    return f"{when}由部门撤回" if one.withdrawn else f"{when}起记录"


def _closing(found: OwnView) -> list[str]:
    looks = [
        f"{format_date(line.at.astimezone(SHANGHAI).date())}，{line.department_name}，"
        f"{told(line.purpose, settings.PACK) or '—'}"
        for line in found.readers
    ]
    seen = f"查阅记录：{'；'.join(looks)}。" if looks else "查阅记录：没有人查阅过。"
    return [
        seen,
        "上述信息不对外公开。认为有误的，可以向报送部门或者信用工作机构提出异议。"
        "本单只交给本人，本平台不留存；如需核实，可以凭编号向出具单位查询办理情况。",
    ]

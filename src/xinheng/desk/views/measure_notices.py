"""告知送达: notices of measures, their text as PDF, and the proof that they reached their subjects."""

from datetime import date
from typing import Literal, cast, get_args

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.clock import format_date
from xinheng.base.errors import XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.measures import AnnulForm
from xinheng.desk.paging import Filter, address, whole
from xinheng.desk.tables import Cell, Table, day, download, table
from xinheng.effects.models import ServiceMethod
from xinheng.measures import actions
from xinheng.measures.notice_text import TITLE
from xinheng.measures.queries import NoticeLine, annulled, notice, notice_counts, notices, why_measure
from xinheng.people.permissions import Act
from xinheng.proceedings.documents import pdf
from xinheng.rulebook.loader import load_pack

PAGE = 50
PDF = "application/pdf"
Show = Literal["waiting", "served", "closed"]
SHOWN: dict[Show, str] = {"waiting": "待送达", "served": "已送达", "closed": "不再执行"}
METHODS = tuple((one.value, one.label) for one in ServiceMethod if one is not ServiceMethod.ELECTRONIC)


@officer(Act.READ_MEASURES)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/measure-notices?show=&after=`: the longest waiting first."""
    show = request.GET.get("show", "")
    wanted = cast(Show, show) if show in get_args(Show) else "waiting"
    found = notices(visit.scope, show=wanted, after=whole(request.GET.get("after")), limit=PAGE + 1)
    counts, path = notice_counts(visit.scope), reverse("desk:measure_notices")
    context = {
        "table": _table(found[:PAGE]),
        "filters": [
            Filter(label, address(path, {}, show="" if key == "waiting" else key), wanted == key, counts[key])
            for key, label in SHOWN.items()
        ],
        "next_url": address(path, {"show": show}, after=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": address(path, {"show": show}) if request.GET.get("after") else "",
    }
    return render(request, "desk/measure_notices.html", context)


@officer(Act.READ_MEASURES)
@require_safe
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/measure-notices/<id>`: the text, how each measure stands, and the form for its service."""
    found = notice(visit.scope, id, as_at=visit.today)
    context = {
        "found": found,
        "line": found.line,
        "title": TITLE,
        "methods": METHODS,
        "may_serve": visit.may(Act.SERVE_NOTICES) and found.line.served_on is None and not found.line.closed_reason,
        "earliest": found.line.made_on,
        "today": visit.today,
    }
    return render(request, "desk/measure_notice.html", context)


@officer(Act.READ_MEASURES)
@require_safe
def document(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/measure-notices/<id>.pdf`: the notice as it was made."""
    found = notice(visit.scope, id, as_at=visit.today)
    content = notice_pdf(found.line, found.paragraphs, office=visit.user.region.name)
    return download(content, f"{TITLE}-{found.line.number}.pdf", PDF)


@officer(Act.SERVE_NOTICES)
@require_POST
def serve(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Note the service; what the notice announces begins the day after."""
    try:
        actions.serve_notices(
            notices=[id],
            method=ServiceMethod(request.POST.get("method", ServiceMethod.DIRECT)),
            served_on=date.fromisoformat(request.POST.get("served_on", "")),
            evidence=request.POST.get("evidence", ""),
            by=visit.user,
            now=visit.now,
        )
    except XinhengError as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    except ValueError:
        messages.error(request, "请选择送达方式，并填写实际送达的日期。")
    else:
        messages.success(request, "已登记送达，措施自送达的次日起执行，任务已发给执行单位。")
    return redirect("desk:measure_notice", id)


@officer(Act.READ_MEASURES)
@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest, visit: Visit, effect: int) -> HttpResponse:
    """`/desk/measures/<effect>/why`: from the measure down to file and row; the office may find that it was wrong."""
    form = AnnulForm(request.POST or None)
    if request.method == "POST":
        visit.require(Act.ANNUL_MEASURES)
        if form.is_valid():
            asked = actions.annul_measure(
                effect=effect, reason=form.cleaned_data["reason"], by=visit.user, now=visit.now
            )
            told = f"，已请执行过的部门纠正 {asked} 项" if asked else ""
            messages.success(request, f"已认定这项措施自始不当，措施终止{told}。")
            return redirect("desk:measure_why", effect)
    context = {
        "node": why_measure(visit.scope, effect, as_at=visit.today),
        "may_annul": visit.may(Act.ANNUL_MEASURES) and not annulled(visit.scope, effect),
        "form": form,
    }
    return render(request, "desk/measure_why.html", context)


def notice_pdf(line: NoticeLine, paragraphs: tuple[str, ...], *, office: str) -> bytes:
    """The document of a notice, the same from the same text."""
    return pdf(
        office=office, title=TITLE, number=line.number, day=format_date(line.made_on), paragraphs=paragraphs,
        notice=load_pack(settings.PACK).notice,
    )  # fmt: skip


def _table(rows: tuple[NoticeLine, ...]) -> Table:
    return table(
        "监管和惩戒措施告知书",
        ("告知书", "单位", "名单", "制作", "送达"),
        (
            (
                Cell(row.number, url=reverse("desk:measure_notice", args=[row.id]), unbroken=True),
                Cell(row.subject_name, note=row.credit_code),
                Cell(row.list_title),
                day(row.made_on),
                _served(row),
            )
            for row in rows
        ),
    )


def _served(row: NoticeLine) -> Cell:
    if row.served_on is not None:
        return Cell(format_date(row.served_on), note=row.closed_reason or row.method, unbroken=True)
    if row.closed_reason:
        return Cell("不需送达", status="ended", note=row.closed_reason)
    return Cell("待送达", status="scheduled", note="送达以前不执行", unbroken=True)

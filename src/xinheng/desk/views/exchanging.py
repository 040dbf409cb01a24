"""Files for the upper platform, and what it sent back."""

import uuid
from datetime import date
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import NotFound, Refused
from xinheng.desk.access import Visit, officer
from xinheng.desk.tables import download
from xinheng.exchange.actions import import_returned, log_export
from xinheng.exchange.queries import exchange_file, exchange_types
from xinheng.people.permissions import Act

CSV = "text/csv; charset=utf-8"


@officer(Act.EXCHANGE)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/exchange`"""
    first = visit.today.replace(day=1)
    context = {"types": exchange_types(visit.scope, pack=settings.PACK), "first": first, "last": visit.today}
    return render(request, "desk/exchange.html", context)


@officer(Act.EXCHANGE)
@require_safe
def export_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A period's records in the national exchange format."""
    file = exchange_file(
        visit.scope,
        type=request.GET.get("type", ""),
        first=_day(request.GET.get("first", "")),
        last=_day(request.GET.get("last", "")),
        home=settings.HOME,
    )
    log_export(file=file, by=visit.user, now=visit.now)
    return download(file.content, file.name, CSV)


@officer(Act.EXCHANGE)
@require_POST
def returns(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take over the upper platform's file of returned records."""
    type = request.POST.get("type", "")
    if type not in dict(exchange_types(visit.scope, pack=settings.PACK)):
        raise NotFound("没有这类信息。", "请从列表中选择信息类型。")
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        messages.error(request, "请选择上级平台退回的文件。")
        return redirect("desk:exchange")
    path: Path = settings.HOME.tmp / f"returned-{uuid.uuid4().hex}.csv"
    try:
        with path.open("wb") as target:
            for chunk in sent.chunks():
                target.write(chunk)
        found = import_returned(path=path, type=type, by=visit.user, now=visit.now)
    except Refused as refusal:
        messages.error(request, f"没有导入：{refusal.message}{refusal.advice}")
        return redirect("desk:exchange")
    finally:
        path.unlink(missing_ok=True)
    return render(request, "desk/returned.html", {"found": found})


def _day(text: str) -> date:
    try:
        return forms.DateField().clean(text)  # type: ignore[no-any-return]
    except forms.ValidationError as error:
        raise Refused("日期认不出。", "请写成 2026-11-21。") from error

"""The legal register: every text the platform relies on, with what is in force today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.law import queries


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/law`"""
    return render(request, "portal/law.html", {"texts": queries.texts(PUBLIC, as_at=clock.today())})


@require_safe
def text(request: HttpRequest, key: str) -> HttpResponse:
    """`/law/<text>`"""
    return render(request, "portal/law_text.html", {"text": queries.text(PUBLIC, key, as_at=clock.today())})

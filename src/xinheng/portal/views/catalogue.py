"""The catalogue of record types: what is collected, on which provision, how long it is shown."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base.scope import PUBLIC
from xinheng.catalogue import queries
from xinheng.catalogue.export import catalogue_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/catalogue`"""
    return render(request, "portal/catalogue.html", {"entries": queries.catalogue(PUBLIC, pack=settings.PACK)})


@require_safe
def contract(request: HttpRequest, key: str) -> HttpResponse:
    """`/catalogue/<type>`"""
    return render(
        request,
        "portal/contract.html",
        {"contract": queries.contract(PUBLIC, key, pack=settings.PACK)},
    )


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """`/catalogue.xlsx`"""
    return HttpResponse(
        catalogue_workbook(settings.PACK),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="catalogue.xlsx"'},
    )

"""Objection, repair, a case's progress, and what this site is: real places to go, from pack and department register."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base import clock
from xinheng.base.client_address import client_address
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import PublishedRecord, published
from xinheng.portal.contacts import department_contact, department_contacts, window
from xinheng.portal.kinds import REPAIRABLE
from xinheng.portal.views.texts import article_context
from xinheng.proceedings.actions import read_progress
from xinheng.proceedings.queries import Eligibility, repair_eligibility
from xinheng.register.references import record_no_of


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """`/rights`"""
    return render(request, "portal/rights.html", {**article_context("rights"), "window": window()})


@require_safe
def objection(request: HttpRequest) -> HttpResponse:
    """`/objection?record=`: to whom, how, and what happens then."""
    return _channel_page(request, "portal/objection.html")


@require_safe
def repair(request: HttpRequest) -> HttpResponse:
    """`/repair?record=`: from when, on which conditions, with which materials, to whom."""
    return _channel_page(request, "portal/repair.html")


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """`/cases`: a case's progress by its number and the word given at the counter, which never stands in an address."""
    number = request.POST.get("number", "").strip()[:40]
    context: dict[str, object] = {"number": number}
    if request.method == "POST":
        meta = request.META
        address = client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES)
        try:
            context["progress"] = read_progress(
                number=number, code=request.POST.get("code", "")[:40], address=address, now=clock.now()
            )
        except (NotFound, Refused) as refusal:
            context["error"] = f"{refusal.message}{refusal.advice}"
    return render(request, "portal/progress.html", context, status=400 if "error" in context else 200)


def _channel_page(request: HttpRequest, template: str) -> HttpResponse:
    record = _named_record(request.GET.get("record", ""))
    context = {
        "told": _eligibility(record),
        "record": record,
        "contact": department_contact(PUBLIC, record.department_id) if record else None,
        "contacts": () if record else department_contacts(PUBLIC),
        "window": window(),
    }
    return render(request, template, context)


def _eligibility(record: PublishedRecord | None) -> Eligibility | None:
    """What repair would need, for a record of a kind that is repaired."""
    if record is None or record.type not in REPAIRABLE:
        return None
    return repair_eligibility(PUBLIC, record.record_no, as_at=clock.today())


def _named_record(ref: str) -> PublishedRecord | None:
    """The record somebody came from; an address that no longer leads to one still gets the page."""
    if not ref:
        return None
    try:
        return published(PUBLIC, record_no_of(ref), as_at=clock.today())
    except NotFound:
        return None

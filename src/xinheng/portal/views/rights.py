"""Objection, repair, and what this site is: real places to go, from the pack and the department register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import PublishedRecord, published
from xinheng.portal.contacts import department_contact, department_contacts, window
from xinheng.portal.views.texts import article_context
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
    """`/repair?record=`: conditions, materials, to whom."""
    return _channel_page(request, "portal/repair.html")


def _channel_page(request: HttpRequest, template: str) -> HttpResponse:
    record = _named_record(request.GET.get("record", ""))
    context = {
        "record": record,
        "contact": department_contact(PUBLIC, record.department_id) if record else None,
        "contacts": () if record else department_contacts(PUBLIC),
        "window": window(),
    }
    return render(request, template, context)


def _named_record(ref: str) -> PublishedRecord | None:
    """The record somebody came from; an address that no longer leads to one still gets the page."""
    if not ref:
        return None
    try:
        return published(PUBLIC, record_no_of(ref), as_at=clock.today())
    except NotFound:
        return None

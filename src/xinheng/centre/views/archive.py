"""我的单位: everything held on the organisation; 谁查过我: who looked at what is not public."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.centre.access import Visit, organisation_user
from xinheng.centre.queries import looks, own_archive
from xinheng.checks.queries import checks_on
from xinheng.people.queries import unread

SHOWN_AT_ONCE = 20


@organisation_user
@require_safe
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/?as_at=&known_at=`, `&all=1` shows more than the newest."""
    as_at = _day(request.GET.get("as_at"), visit.today)
    known_at = _day(request.GET.get("known_at"), visit.today)
    archive = own_archive(
        visit.scope, credit_code=visit.credit_code, as_at=as_at, known_at=known_at, by=visit.actor, now=visit.now
    )
    records = archive.records if archive else ()
    everything = request.GET.get("all") == "1"
    context = {
        "archive": archive,
        "records": records if everything else records[:SHOWN_AT_ONCE],
        "hidden": 0 if everything else max(0, len(records) - SHOWN_AT_ONCE),
        "as_at": as_at,
        "known_at": known_at,
        "now_shown": as_at == known_at == visit.today,
        "unread": unread(visit.scope, credit_code=visit.credit_code),
    }
    return render(request, "centre/home.html", context)


@organisation_user
@require_safe
def readers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/readers?before=`"""
    before = request.GET.get("before", "")
    page = looks(
        visit.scope, credit_code=visit.credit_code, now=visit.now, before=int(before) if before.isdecimal() else None
    )
    context = {
        "page_": page,
        "checks": () if before else checks_on(visit.scope, credit_code=visit.credit_code, pack=settings.PACK),
        "next_url": f"?before={page.next_before}" if page.next_before else "",
        "first_url": request.path if before else "",
    }
    return render(request, "centre/readers.html", context)


def _day(text: str | None, latest: date) -> date:
    """The day asked for, never one to come."""
    try:
        return min(date.fromisoformat(text or ""), latest)
    except ValueError:
        return latest

"""The page of an organisation, of one record, and why a record is shown."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.effects import queries as effects
from xinheng.effects.queries import PublishedRecord
from xinheng.portal.contacts import department_contact, window
from xinheng.portal.kinds import REPAIRABLE, SAME_LIST, title_of
from xinheng.portal.paging import address
from xinheng.register import queries as register
from xinheng.register.references import record_no_of

SHOWN_AT_ONCE = 20


@dataclass(frozen=True)
class Tab:
    """A kind of information the organisation has, as a link."""

    label: str
    url: str
    count: int
    current: bool


@require_safe
def organisation(request: HttpRequest, key: str) -> HttpResponse:
    """`/organisations/<reference or credit code>`, `?type=` narrows, `?all=1` shows more than the newest."""
    today = clock.today()
    summary = register.organisation(PUBLIC, key)
    records = effects.published_of(PUBLIC, summary.id, as_at=today)
    penalties = [one for one in records if _list_key(one) == "penalty"]
    chosen = request.GET.get("type", "")
    shown = [one for one in records if not chosen or _list_key(one) == chosen]
    everything = request.GET.get("all") == "1"
    return render(
        request,
        "portal/organisation.html",
        {
            "organisation": summary,
            "identity": register.identity(PUBLIC, summary.id),
            "records": shown if everything else shown[:SHOWN_AT_ONCE],
            "hidden": 0 if everything else max(0, len(shown) - SHOWN_AT_ONCE),
            "all_url": address(request.path, {"type": chosen}, all="1"),
            "total": len(records),
            "penalties": len(penalties),
            "last_penalty_day": max((one.last_day for one in penalties if one.last_day), default=None),
            "tabs": _tabs(request.path, records, chosen),
            "repairable": REPAIRABLE,
        },
    )


@require_safe
def record(request: HttpRequest, ref: str) -> HttpResponse:
    """`/records/<reference>`: a record stands on the page of its organisation."""
    shown = effects.published(PUBLIC, record_no_of(ref), as_at=clock.today())
    return HttpResponseRedirect(reverse("portal:organisation", args=[shown.organisation_ref]) + f"#{shown.ref}")


@require_safe
def why(request: HttpRequest, ref: str) -> HttpResponse:
    """`/records/<reference>/why`: from the effect to provision, decision, record, file and row."""
    today = clock.today()
    record_no = record_no_of(ref)
    shown = effects.published(PUBLIC, record_no, as_at=today)
    return render(
        request,
        "portal/why.html",
        {
            "record": shown,
            "kind": title_of(shown.type),
            "expand": request.GET.get("all") == "1",
            "node": effects.why(PUBLIC, record_no, as_at=today),
            "contact": department_contact(PUBLIC, shown.department_id),
            "window": window(),
            "repairable": REPAIRABLE,
        },
    )


def _list_key(record: PublishedRecord) -> str:
    return SAME_LIST.get(record.type, record.type)


def _tabs(path: str, records: tuple[PublishedRecord, ...], chosen: str) -> list[Tab]:
    counted = Counter(_list_key(one) for one in records)
    tabs = [Tab("全部", path, len(records), not chosen)]
    return tabs + [
        Tab(title_of(key), address(path, {"type": key}), count, key == chosen) for key, count in counted.most_common()
    ]

"""Search by name, initials, code or document number; persons are never found."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import PublishedRecord
from xinheng.portal.documents import records_with_number
from xinheng.portal.paging import address
from xinheng.register.queries import OrganisationHit, SearchResult
from xinheng.register.queries import search as search_register

PAGE_SIZE = 20
LAST_PAGE = 50


@dataclass(frozen=True)
class Row:
    """A hit as shown: the name cut around what matched."""

    hit: OrganisationHit
    before: str
    match: str
    after: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/search?q=`; an identity number is refused and not repeated on the page."""
    text = request.GET.get("q", "").strip()
    if not text:
        return render(request, "portal/search.html", {"asked": False})
    page = _page(request.GET.get("page", "1"))
    found = search_register(PUBLIC, text, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    documents: tuple[PublishedRecord, ...] = ()
    if found.kind == "decision_no":
        documents = records_with_number(text, as_at=clock.today())
    shown = "" if found.kind == "refused" else text
    context = {
        "asked": True,
        "text": shown,
        "found": found,
        "rows": [_row(hit, shown) for hit in found.hits],
        "similar": [_row(hit, "") for hit in found.similar],
        "documents": documents,
        "next_url": _next(request, found, shown, page),
        "first_url": address(request.path, {"q": shown}) if page > 1 else "",
    }
    response = render(request, "portal/search.html", context)
    if found.kind == "refused":
        # The address still carries the number; nothing on the way should keep it.
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
    return response


def _next(request: HttpRequest, found: SearchResult, shown: str, page: int) -> str:
    if not found.more or page >= LAST_PAGE:
        return ""
    return address(request.path, {"q": shown}, page=str(page + 1))


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 4 else 1


def _row(hit: OrganisationHit, text: str) -> Row:
    name = hit.organisation.name
    before, match, after = name.partition(text) if text else (name, "", "")
    return Row(hit, before, match, after)

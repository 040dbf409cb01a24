"""Search by name, initials, code or document number; persons are never found."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import PublishedRecord
from xinheng.matching.queries import similar_names
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
    """`/search?q=`; an identity number is refused and kept nowhere, not even in the address bar."""
    text = request.GET.get("q", "").strip()
    if not text:
        return render(request, "portal/search.html", {"asked": False, "refused": request.GET.get("refused") == "1"})
    page = _page(request.GET.get("page", "1"))
    found = search_register(PUBLIC, text, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    if found.kind == "refused":
        return HttpResponseRedirect(address(request.path, {}, refused="1"))
    documents: tuple[PublishedRecord, ...] = ()
    if found.kind == "decision_no":
        documents = records_with_number(text, as_at=clock.today())
    context = {
        "asked": True,
        "text": text,
        "found": found,
        "rows": [_row(hit, text) for hit in found.hits],
        "similar": [_row(hit, "") for hit in similar_names(PUBLIC, found, first_page=page == 1, pack=settings.PACK)],
        "documents": documents,
        "next_url": _next(request.path, found, text, page),
        "first_url": address(request.path, {"q": text}) if page > 1 else "",
    }
    return render(request, "portal/search.html", context)


def _next(path: str, found: SearchResult, text: str, page: int) -> str:
    if not found.more or page >= LAST_PAGE:
        return ""
    return address(path, {"q": text}, page=str(page + 1))


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 4 else 1


def _row(hit: OrganisationHit, text: str) -> Row:
    name = hit.organisation.name
    before, match, after = name.partition(text) if text else (name, "", "")
    return Row(hit, before, match, after)

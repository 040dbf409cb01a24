"""The first page: search, six numbers, what came last, and the way to one's rights."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.effects import queries as effects
from xinheng.portal.articles import articles
from xinheng.portal.kinds import kinds

HEADLINE = ("licence", "penalty", "inspection", "award", "serious_list", "abnormal_entry")
LATEST = 8


@dataclass(frozen=True)
class NumberCard:
    """One live number and the list it counts."""

    key: str
    title: str
    count: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/`"""
    today = clock.today()
    counts = effects.counts(PUBLIC, as_at=today)
    cards = [
        NumberCard(kind.key, kind.title, counts.by_type.get(kind.key, 0))
        for key in HEADLINE
        for kind in kinds()
        if kind.key == key
    ]
    return render(
        request,
        "portal/home.html",
        {
            "cards": cards,
            "counts": counts,
            "total": sum(counts.by_type.values()),
            "latest": effects.latest(PUBLIC, as_at=today, limit=LATEST),
            "articles": [articles()[key] for key in ("policies", "education") if key in articles()],
        },
    )

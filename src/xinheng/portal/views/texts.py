"""Reading matter: policies and education."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.law.queries import texts
from xinheng.portal.articles import article


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """`/policies`"""
    return render(request, "portal/article.html", article_context("policies"))


@require_safe
def education(request: HttpRequest) -> HttpResponse:
    """`/education`"""
    return render(request, "portal/article.html", article_context("education"))


def article_context(key: str) -> dict[str, object]:
    """The page's text, and which of the laws it names can be opened in the public register."""
    known = {text.key for text in texts(PUBLIC, as_at=clock.today())}
    return {"article": article(key), "law_keys": known}

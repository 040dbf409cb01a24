"""Reading matter: policies and education."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.portal.articles import article


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """`/policies`"""
    return render(request, "portal/article.html", {"article": article("policies")})


@require_safe
def education(request: HttpRequest) -> HttpResponse:
    """`/education`"""
    return render(request, "portal/article.html", {"article": article("education")})

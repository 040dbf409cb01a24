"""What django-axes asks: who tried to log in, from where, and what to answer when it was tried too often."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinheng.base.client_address import client_address

CENTRE = "centre:"
"""Keeps users of organisations apart from officers of the same name, so that neither locks the other out."""


def login_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The login name tried, as it is counted."""
    given = credentials or {}
    if "organisation_user" in given:
        return f"{CENTRE}{given['organisation_user']}"
    return str(given.get("username") or request.POST.get("username", ""))


def address(request: HttpRequest) -> str:
    """Where the attempt came from."""
    meta = request.META
    return client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES)


def locked(request: HttpRequest, response: HttpResponse | None, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """The page that says so, for the door that was tried."""
    door = "centre" if request.path.startswith("/centre/") else "desk"
    return render(request, f"{door}/locked.html", status=403)

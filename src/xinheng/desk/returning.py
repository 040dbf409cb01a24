"""Where somebody wanted to go before she was asked for something."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def page_to_return_to(request: HttpRequest) -> str:
    """The page named by `next`, if it is one of the desk; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure()):
        return reverse("desk:start")
    try:
        door = resolve(urlsplit(wanted).path).app_name
    except Resolver404:
        return reverse("desk:start")
    return wanted if door == "desk" else reverse("desk:start")

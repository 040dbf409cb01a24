"""Verifying the receipt of a credit check: by its number, by the code on it, by its full text."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.checks.queries import receipt_by_number, verify_receipt

PAGE = "portal/check_verify.html"
_LONGEST_NUMBER = 40


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """`/checks/verify`: the number or the text comes by form, so that neither stands in an address."""
    if request.method == "GET":
        return render(request, PAGE, {"unknown": bool(request.GET.get("unknown"))})
    text = request.POST.get("receipt", "").strip()
    if text:
        found = verify_receipt(PUBLIC, text, home=settings.HOME)
        return render(request, PAGE, {"receipt": found, "facts": dict(found.facts)})
    return _by_number(request, request.POST.get("number", ""))


@require_safe
def verify_code(request: HttpRequest, number: str) -> HttpResponse:
    """`/checks/verify/<number>`: where the QR code leads; what is no number of ours does not stay in the address."""
    return _by_number(request, number)


def _by_number(request: HttpRequest, number: str) -> HttpResponse:
    try:
        issued = receipt_by_number(PUBLIC, number.strip()[:_LONGEST_NUMBER])
    except NotFound:
        return redirect(f"{reverse('portal:check_verify')}?unknown=1")
    return render(request, PAGE, {"issued": issued})

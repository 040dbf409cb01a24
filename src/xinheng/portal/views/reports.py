"""Verifying a credit report: by its number, by the code on its first page, by the file."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base import clock
from xinheng.base.errors import Refused
from xinheng.base.scope import PUBLIC
from xinheng.products.queries import (
    LARGEST_FILE,
    Verdict,
    Verification,
    unknown_report,
    verify_file,
    verify_number,
    verify_ref,
)

_STATUS = {"genuine": "done", "updated": "warning", "expired": "warning"}
"""How the answer is coloured; everything else is red."""
_LONGEST_NUMBER = 60


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """`/reports/verify`: the number or the file comes by form, so that neither stands in an address."""
    if request.method == "GET":
        if request.GET.get("unknown"):
            return _answer(request, unknown_report(PUBLIC))
        return render(request, "portal/report_verify.html", {})
    sent = request.FILES.get("file")
    number = request.POST.get("number", "").strip()
    try:
        if isinstance(sent, UploadedFile):
            if sent.size is None or sent.size > LARGEST_FILE:
                raise Refused("文件太大，不会是信用报告。", "信用报告小于 10 MB，请选择原来的 PDF 文件。")
            return _answer(request, verify_file(PUBLIC, sent.read(), now=clock.now()))
    except Refused as refusal:
        return render(request, "portal/report_verify.html", {"refusal": refusal}, status=400)
    if not number:
        return redirect("portal:report_verify")
    return _answer(request, verify_number(PUBLIC, number[:_LONGEST_NUMBER], as_at=clock.today()))


@require_safe
def verify_code(request: HttpRequest, ref: str) -> HttpResponse:
    """`/reports/verify/<ref>`: where the QR code leads; what is no code of ours does not stay in the address."""
    found = verify_ref(PUBLIC, ref, as_at=clock.today())
    if found.verdict is Verdict.UNKNOWN:
        return redirect(f"{reverse('portal:report_verify')}?unknown=1")
    return _answer(request, found)


def _answer(request: HttpRequest, found: Verification) -> HttpResponse:
    context = {"found": found, "kind": _STATUS.get(found.verdict.value, "error")}
    return render(request, "portal/report_verify.html", context)

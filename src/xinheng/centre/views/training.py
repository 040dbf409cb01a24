"""培训: what there is to read and to come to; never a condition of anything."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import Conflict, Refused
from xinheng.centre.access import Visit, organisation_user
from xinheng.centre.queries import name_of
from xinheng.training import actions as training
from xinheng.training.queries import Download, certificate, material, materials, sessions, texts


@organisation_user
@require_safe
def training_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/training`"""
    found = sessions(visit.scope, now=visit.now, credit_code=visit.credit_code)
    context = {
        "coming": [one for one in reversed(found) if not one.begun and not one.cancel_reason],
        "called_off": [one for one in found if not one.begun and one.cancel_reason and one.own],
        "been": [one for one in found if one.begun and one.own],
        "materials": materials(visit.scope),
        "texts": texts(visit.scope),
        "most": range(1, training.MOST_SEATS + 1),
    }
    return render(request, "centre/training.html", context)


@organisation_user
@require_POST
def book(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Book seats; pressed twice it is one booking."""
    seats = request.POST.get("seats", "")
    name = name_of(visit.scope, visit.credit_code)
    try:
        training.book(
            session=id, membership=visit.membership, name=name, now=visit.now,
            seats=int(seats) if seats.isascii() and seats.isdigit() and len(seats) < 4 else 0,
        )  # fmt: skip
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已报名。不能参加的，开始以前可以取消。")
    return redirect("centre:training")


@organisation_user
@require_POST
def give_up(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Give the seats back."""
    try:
        training.give_up(session=id, membership=visit.membership, now=visit.now)
    except Conflict as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已取消报名，没有任何影响。")
    return redirect("centre:training")


@organisation_user
@require_safe
def download_material(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """One file to read, always as a download."""
    return _sent(material(visit.scope, id))


@organisation_user
@require_safe
def download_certificate(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """The own certificate."""
    return _sent(certificate(visit.scope, id, credit_code=visit.credit_code))


def _sent(file: Download) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.file_name)}"
    return response

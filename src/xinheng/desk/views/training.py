"""培训: sessions announced, seats booked, attendance noted, files to read."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.errors import Conflict, Refused, XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.training import MaterialForm, SessionForm
from xinheng.people.permissions import Act
from xinheng.proceedings.forms import on_disk
from xinheng.training import actions as training
from xinheng.training.queries import Download, certificate, figures, material, materials, session, sessions


@officer(Act.MANAGE_TRAINING)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/training`, with a form for a new session."""
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = training.announce(plan=training.Plan(**form.cleaned_data), by=visit.user, now=visit.now)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, "已公布，单位可以在企业中心报名。")
            return redirect("desk:training_session", made.pk)
    return _page(request, visit, form, MaterialForm())


@officer(Act.MANAGE_TRAINING)
@require_POST
def add_material(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Put a file up."""
    form = MaterialForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with on_disk([("material", form.cleaned_data["file"])]) as (upload,):
                training.add_material(title=form.cleaned_data["title"], upload=upload, by=visit.user, now=visit.now)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, "已添加，单位可以在企业中心下载。")
            return redirect("desk:training")
    return _page(request, visit, SessionForm(), form)


@officer(Act.MANAGE_TRAINING)
@require_POST
def remove_material(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Take a file down."""
    training.remove_material(material=id, by=visit.user, now=visit.now)
    messages.success(request, "已取下。")
    return redirect("desk:training")


@officer(Act.MANAGE_TRAINING)
@require_safe
def download_material(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """A file as it was put up."""
    return _sent(material(visit.scope, id))


@officer(Act.MANAGE_TRAINING)
@require_safe
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/training/<id>`: who booked, who came."""
    found, seats = session(visit.scope, id, now=visit.now)
    return render(request, "desk/training_session.html", {"session": found, "seats": seats})


@officer(Act.MANAGE_TRAINING)
@require_POST
def call_off(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Cancel a session with the reason; whoever booked is told."""
    try:
        training.cancel(session=id, reason=request.POST.get("reason", ""), by=visit.user, now=visit.now)
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已取消，报名的单位已得到通知。")
    return redirect("desk:training_session", id)


@officer(Act.MANAGE_TRAINING)
@require_POST
def attended(request: HttpRequest, visit: Visit, id: int, seat: int) -> HttpResponse:
    """Note that an organisation came."""
    try:
        noted = training.note_attendance(seat=seat, by=visit.user, now=visit.now)
    except XinhengError as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, f"已登记，证明编号 {noted.certificate_number}。")
    return redirect("desk:training_session", id)


@officer(Act.MANAGE_TRAINING)
@require_safe
def download_certificate(request: HttpRequest, visit: Visit, seat: int) -> HttpResponse:
    """A certificate, to be printed at the counter."""
    return _sent(certificate(visit.scope, seat))


def _page(request: HttpRequest, visit: Visit, form: SessionForm, material_form: MaterialForm) -> HttpResponse:
    first = visit.today.replace(month=1, day=1)
    context = {
        "sessions": sessions(visit.scope, now=visit.now),
        "materials": materials(visit.scope),
        "figures": figures(visit.scope, first=first, last=visit.today),
        "since": first,
        "form": form,
        "material_form": material_form,
    }
    return render(request, "desk/training.html", context, status=400 if form.errors or material_form.errors else 200)


def _sent(file: Download) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.file_name)}"
    return response

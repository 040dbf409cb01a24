"""特定信用信息授权 at the desk: who authorised what, paper ones entered, revocations and the end of use."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.authorisations import actions
from xinheng.authorisations.forms import PaperForm
from xinheng.authorisations.queries import authorisation, authorisations, evidence_file
from xinheng.authorisations.terms import authorised_purposes, authorised_types
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.identifiers.normalise import normalise
from xinheng.base.masking import mask_text
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import whole
from xinheng.desk.purpose import log_reading
from xinheng.people.permissions import Act
from xinheng.people.queries import departments

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LISTED = 50
PURPOSE = "办理特定信用信息授权"


@officer(Act.READ_AUTHORISATIONS)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/authorisations?code=&open=1&before=`"""
    code, waiting = normalise(request.GET.get("code", ""))[:18], request.GET.get("open") == "1"
    found = authorisations(
        visit.scope, credit_code=code, to_confirm=waiting, before=whole(request.GET.get("before")), limit=LISTED + 1
    )
    types, purposes = authorised_types(settings.PACK), authorised_purposes(settings.PACK)
    context = {
        "lines": [
            (one, "、".join(types.get(key, key) for key in one.classes), purposes.get(one.purpose_code, ""),
             one.state(visit.today))
            for one in found[:LISTED]
        ],
        "more": found[LISTED - 1].id if len(found) > LISTED else None,
        "code": mask_text(code),
        "waiting": waiting,
        "may_register": visit.may(Act.REGISTER_AUTHORISATIONS),
        "today": visit.today,
    }  # fmt: skip
    return render(request, "desk/authorisations.html", context)


@officer(Act.REGISTER_AUTHORISATIONS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/authorisations/new`: one that was signed on paper."""
    own = visit.scope.departments
    choices = [(str(one.id), one.name) for one in departments(visit.scope) if not own or one.id in own]
    form = PaperForm(request.POST or None, request.FILES or None, departments=choices, today=visit.today)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            with _on_disk(sent) as path:
                made = actions.register(
                    credit_code=form.cleaned_data["credit_code"], terms=form.terms(),
                    evidence=(sent.name or "授权书", path), by=visit.user, now=visit.now,
                )  # fmt: skip
        except (Refused, Conflict, NotFound) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, "已登记授权，单位在企业中心会收到消息。")
            return redirect("desk:authorisation", made.pk)
    return render(request, "desk/authorisation_new.html", {"form": form})


@officer(Act.READ_AUTHORISATIONS)
@require_safe
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/authorisations/<id>`"""
    page = authorisation(visit.scope, id)
    types, purposes = authorised_types(settings.PACK), authorised_purposes(settings.PACK)
    uses = [(use, "、".join(types.get(key, key) for key in use.classes)) for use in page.uses]
    context = {
        "page_": page,
        "line": page.line,
        "purpose": purposes.get(page.line.purpose_code, ""),
        "word": page.line.state(visit.today),
        "uses": uses,
        "may_register": visit.may(Act.REGISTER_AUTHORISATIONS),
        "today": visit.today,
    }
    return render(request, "desk/authorisation.html", context)


@officer(Act.REGISTER_AUTHORISATIONS)
@require_POST
def revoke(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Enter a revocation that reached the office."""
    authorisation(visit.scope, id)
    try:
        actions.register_revocation(authorisation=id, why=request.POST.get("why", ""), by=visit.user, now=visit.now)
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已登记撤回，即时生效。")
    return redirect("desk:authorisation", id)


@officer(Act.REGISTER_AUTHORISATIONS)
@require_POST
def stopped(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Confirm that what was shown is not used any more."""
    authorisation(visit.scope, id)
    try:
        actions.confirm_stopped(authorisation=id, note=request.POST.get("note", ""), by=visit.user, now=visit.now)
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已确认停用，单位会收到消息。")
    return redirect("desk:authorisation", id)


@officer(Act.READ_AUTHORISATIONS)
@require_safe
def evidence(request: HttpRequest, visit: Visit, id: int, evidence: int) -> StreamingHttpResponse:
    """What was signed; the look is logged."""
    page = authorisation(visit.scope, id)
    line, content = evidence_file(visit.scope, id, evidence)
    log_reading(visit, PURPOSE, object_type="organisation", object_id=page.line.credit_code)
    response = StreamingHttpResponse(content, content_type=line.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(line.file_name)}"
    return response


@contextmanager
def _on_disk(sent: "UploadedFile[bytes]") -> Iterator[Path]:
    path = settings.HOME.tmp / f"authorisation-{uuid.uuid4().hex}"
    try:
        with path.open("wb") as target:
            for chunk in sent.chunks():
                target.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)

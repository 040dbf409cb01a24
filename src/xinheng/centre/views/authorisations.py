"""特定信用信息授权 in the organisation centre: seen, given, revoked."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.authorisations import actions
from xinheng.authorisations.forms import TermsForm
from xinheng.authorisations.queries import authorisation, authorisations, evidence_file
from xinheng.authorisations.terms import authorised_purposes, authorised_types
from xinheng.base.errors import Conflict, Refused
from xinheng.centre.access import Visit, organisation_user
from xinheng.people.queries import departments


@organisation_user
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/authorisations`, with a form for a new one."""
    recipients = [(str(one.id), one.name) for one in departments(visit.scope)]
    form = TermsForm(request.POST or None, departments=recipients, today=visit.today, signer=visit.user.display_name)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.give(membership=visit.membership, terms=form.terms(), now=visit.now)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, f"已授权{made.grantee.name}使用，随时可以撤回。")
            return redirect("centre:authorisations")
    types, purposes = authorised_types(settings.PACK), authorised_purposes(settings.PACK)
    lines = [
        (
            authorisation(visit.scope, one.id, credit_code=visit.credit_code),
            "、".join(types.get(key, key) for key in one.classes),
            purposes.get(one.purpose_code, one.purpose_code),
            one.state(visit.today),
        )
        for one in authorisations(visit.scope, credit_code=visit.credit_code)
    ]
    return render(request, "centre/authorisations.html", {"lines": lines, "form": form})


@organisation_user
@require_POST
def revoke(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Take an authorisation back."""
    actions.revoke(membership=visit.membership, authorisation=id, now=visit.now)
    messages.success(request, "已撤回授权，即时生效。撤回不影响您单位的任何事项。")
    return redirect("centre:authorisations")


@organisation_user
@require_safe
def evidence(request: HttpRequest, visit: Visit, id: int, evidence: int) -> StreamingHttpResponse:
    """What was signed."""
    authorisation(visit.scope, id, credit_code=visit.credit_code)
    line, content = evidence_file(visit.scope, id, evidence)
    response = StreamingHttpResponse(content, content_type=line.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(line.file_name)}"
    return response

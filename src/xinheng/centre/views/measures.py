"""措施: what the organisation was told will follow from lists, what is in force, and whether it is served here."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.clock import format_date
from xinheng.base.errors import XinhengError
from xinheng.centre.access import Visit, organisation_user
from xinheng.measures import actions
from xinheng.measures.notice_text import TITLE
from xinheng.measures.queries import agreed_to_electronic, notice, notices
from xinheng.proceedings.documents import pdf
from xinheng.rulebook.loader import load_pack


@organisation_user
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/measures`: notices that stand, each with how its measures stand; those that are over below."""
    code = visit.credit_code
    standing = [
        notice(visit.scope, one.id, as_at=visit.today, credit_code=code)
        for show in ("waiting", "served")
        for one in notices(visit.scope, show=show, credit_code=code)
    ]
    context = {
        "standing": standing,
        "over": notices(visit.scope, show="closed", credit_code=code),
        "agreed_on": agreed_to_electronic(visit.scope, credit_code=code),
    }
    return render(request, "centre/measures.html", context)


@organisation_user
@require_safe
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/centre/measures/<id>`: the notice in full."""
    found = notice(visit.scope, id, as_at=visit.today, credit_code=visit.credit_code)
    return render(request, "centre/measure_notice.html", {"found": found, "line": found.line, "title": TITLE})


@organisation_user
@require_safe
def document(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/centre/measures/<id>.pdf`"""
    found = notice(visit.scope, id, as_at=visit.today, credit_code=visit.credit_code)
    content = pdf(
        office=visit.membership.region.name, title=TITLE, number=found.line.number,
        day=format_date(found.line.made_on), paragraphs=found.paragraphs, notice=load_pack(settings.PACK).notice,
    )  # fmt: skip
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{TITLE}-{found.line.number}.pdf") or ""
    return response


@organisation_user
@require_POST
def electronic(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Agree to be served in the centre, or take that back."""
    try:
        if request.POST.get("answer") == "agree":
            actions.agree_to_electronic_service(membership=visit.membership, now=visit.now)
            messages.success(request, "已同意电子送达，以后的告知书发到企业中心。随时可以撤回。")
        else:
            actions.withdraw_electronic_service(membership=visit.membership, now=visit.now)
            messages.success(request, "已撤回同意，以后的告知书用纸质送达。")
    except XinhengError as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    return redirect("centre:measures")

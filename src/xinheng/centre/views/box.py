"""消息: what the organisation was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import NotFound
from xinheng.centre.access import Visit, organisation_user
from xinheng.people import actions as people
from xinheng.people.queries import messages_of_organisation

SHOWN = 50


@organisation_user
@require_safe
def messages(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/messages?before=`"""
    before = request.GET.get("before", "")
    lines = messages_of_organisation(
        visit.scope, credit_code=visit.credit_code, before=int(before) if before.isdecimal() else None, limit=SHOWN
    )
    context = {
        "lines": lines,
        "next_url": f"?before={lines[-1].id}" if len(lines) == SHOWN else "",
        "first_url": request.path if before else "",
    }
    return render(request, "centre/messages.html", context)


@organisation_user
@require_POST
def open_message(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    found = messages_of_organisation(visit.scope, credit_code=visit.credit_code, before=id + 1, limit=1)
    if not found or found[0].id != id:
        raise NotFound("没有这条消息。", "请从消息列表打开。")
    people.mark_read(messages=[id], now=visit.now)
    return redirect(found[0].link or "centre:messages")

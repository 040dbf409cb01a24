"""措施清单: which editions there are, what is public, what waits for a second person."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import Conflict, Refused, WrongUsage
from xinheng.desk.access import Visit, officer
from xinheng.measures import actions
from xinheng.measures.queries import editions, publications
from xinheng.people.permissions import Act


@officer(Act.PUBLISH_MEASURES)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/measure-lists`"""
    known = publications(visit.scope, pack=settings.PACK)
    standing = {one.edition: one for one in known if one.confirmed_at and not one.closed_at}
    waiting = {one.edition: one for one in known if one.waiting}
    context = {
        "editions": [
            (one, standing.get(one.edition.key), waiting.get(one.edition.key))
            for one in editions(visit.scope, pack=settings.PACK, as_at=visit.today)
        ],
        "waiting": [(one, one.proposed_by != visit.user.pk) for one in known if one.waiting],
        "closed": [one for one in known if one.closed_at],
    }
    return render(request, "desk/measure_lists.html", context)


@officer(Act.PUBLISH_MEASURES)
@require_POST
def propose(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Propose an edition as it stands; another person confirms."""
    try:
        actions.propose_list(edition=request.POST.get("edition", ""), pack=settings.PACK, by=visit.user, now=visit.now)
    except (Refused, Conflict, WrongUsage) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已提出，请另一名有权限的人员确认公布。")
    return redirect("desk:measure_lists")


@officer(Act.PUBLISH_MEASURES)
@require_POST
def decide(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Confirm or drop a proposal, or withdraw what is public."""
    reason = request.POST.get("reason", "")
    try:
        match request.POST.get("step"):
            case "confirm":
                actions.confirm_list(publication=id, pack=settings.PACK, by=visit.user, now=visit.now)
                messages.success(request, "已公布，清单上依据有效的措施从今天起可以执行。")
            case "drop":
                actions.drop_proposal(publication=id, reason=reason, by=visit.user, now=visit.now)
                messages.success(request, "已撤销申请。")
            case "withdraw":
                actions.withdraw_list(publication=id, reason=reason, by=visit.user, now=visit.now)
                messages.success(request, "已撤下，从今天起不再采取清单上的措施。")
            case _:
                raise WrongUsage("没有这一操作。", "请从页面上的按钮选择。")
    except (Refused, Conflict, WrongUsage) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    return redirect("desk:measure_lists")

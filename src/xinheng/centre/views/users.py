"""使用人: who acts for the organisation; inviting, ending, leaving, and handing over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import NotFound
from xinheng.centre.access import Visit, organisation_user
from xinheng.people import actions as people
from xinheng.people.queries import binding_codes, hand_over, members


@organisation_user
@require_safe
def user_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/users`"""
    return _page(request, visit)


@organisation_user
@require_POST
def invite(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A binding code for a colleague; shown on this one answer only."""
    code, word = people.invite_colleague(holder=visit.membership, now=visit.now)
    return _page(request, visit, word=word, last_day=code.last_day)


@organisation_user
@require_POST
def change(request: HttpRequest, visit: Visit) -> HttpResponse:
    """End a colleague, leave, or one step of a hand-over."""
    step, chosen = request.POST.get("step", ""), request.POST.get("membership", "")
    number = int(chosen) if chosen.isdecimal() else 0
    if step == "leave":
        people.leave_organisation(membership=visit.membership, now=visit.now)
        messages.success(request, "您已退出，不再是该单位的使用人。")
        return redirect("centre:home")
    if step == "end":
        people.end_colleague(holder=visit.membership, membership_id=number, now=visit.now)
        messages.success(request, "已停用，即时生效。")
    elif step == "propose":
        people.propose_hand_over(holder=visit.membership, successor_id=number, now=visit.now)
        messages.success(request, "已提出移交。接任人确认后生效，您的使用随即结束。")
    elif step == "accept":
        people.accept_hand_over(successor=visit.membership, now=visit.now)
        messages.success(request, "您已接任负责人。")
    elif step == "drop":
        people.drop_hand_over(membership=visit.membership, now=visit.now)
        messages.success(request, "移交已取消。")
    else:
        raise NotFound("没有这一步。", "请返回重新选择。")
    return redirect("centre:users")


def _page(request: HttpRequest, visit: Visit, **more: object) -> HttpResponse:
    context = {
        "members": members(visit.scope, credit_code=visit.credit_code),
        "codes": [
            (one, one.state(visit.today)) for one in binding_codes(visit.scope, credit_code=visit.credit_code, limit=10)
        ],
        "hand_over": hand_over(visit.scope, credit_code=visit.credit_code),
        "own": visit.membership,
    }
    return render(request, "centre/users.html", context | more)

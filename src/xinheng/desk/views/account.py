"""The officer's own account: second factor, where she is logged in, and her messages."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.errors import NotFound, XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.people import CodeForm, OwnPasswordForm
from xinheng.desk.paging import whole
from xinheng.desk.sessions import by_sign_on, present
from xinheng.people import actions as people
from xinheng.people.kept_forms import take
from xinheng.people.permissions import opens_department_box
from xinheng.people.queries import MessageLine, messages_of_officer, sessions
from xinheng.people.second_factor import factor_in_use, needed_by
from xinheng.people.tries import may_try, wrong_try

SHOWN = 50


@officer()
@require_safe
def account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/account`"""
    factor = factor_in_use(visit.user)
    context = {
        "factor": factor,
        "codes_left": factor.recovery_codes.filter(used_at=None).count() if factor else 0,
        "needed": needed_by(visit.user),
        "code_form": CodeForm(),
        "sessions": sessions(visit.scope, user_id=visit.user.pk, now=visit.now),
        "here": present(request),
        "signed_on": by_sign_on(request),
        "roles": [role.label for role in sorted(visit.user.roles)],
    }
    return render(request, "desk/account.html", context)


@officer(enrolling=True)
@sensitive_post_parameters("old", "password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/account/password`: one's own new password; the other logins end. Wrong old ones count for the lock-out."""
    user = visit.user
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if not may_try(request, username=user.username):
            wrong_try(request, username=user.username)
        else:
            try:
                people.change_own_password(
                    user=user, old=given["old"], password=given["password"], here=present(request), now=visit.now
                )
            except XinhengError as error:
                if isinstance(error, people.WrongPassword):
                    wrong_try(request, username=user.username)
                form.add_error(None, f"{error.message}{error.advice}")
            else:
                update_session_auth_hash(request, user)
                messages.success(request, "已改密码。在别处的登录随即失效。")
                return redirect("desk:start")
    context = {"form": form, "forced": user.must_change_password and not by_sign_on(request)}
    return render(request, "desk/password.html", context)


@officer()
@require_safe
def resume(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/resume`: what was typed when the login had run out, to be sent again."""
    kept = take(request, visit.now)
    return render(request, "desk/resume.html", {"kept": kept}) if kept else redirect("desk:start")


@officer()
@require_POST
def end(request: HttpRequest, visit: Visit) -> HttpResponse:
    """End one login, or all but this one."""
    chosen, here = whole(request.POST.get("session")), present(request)
    if request.POST.get("step") == "others":
        ended = people.end_sessions(user=visit.user, by=visit.actor, now=visit.now, except_for=here)
    elif chosen is not None:
        ended = people.end_sessions(user=visit.user, by=visit.actor, now=visit.now, only=chosen)
    else:
        raise NotFound("没有这一步。", "请返回重新选择。")
    if not ended:
        raise NotFound("没有这个登录，可能已经结束。", "请回到“我的账号”查看。")
    messages.success(request, f"已结束 {ended} 处登录，即时生效。")
    return redirect("desk:account")


@officer()
@require_safe
def message_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/messages?before=`"""
    before = whole(request.GET.get("before"))
    lines = _messages(visit, before=before, limit=SHOWN)
    context = {
        "lines": lines,
        "next_url": f"?before={lines[-1].id}" if len(lines) == SHOWN else "",
        "first_url": request.path if before else "",
    }
    return render(request, "desk/messages.html", context)


@officer()
@require_POST
def open_message(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    found = _messages(visit, before=id + 1, limit=1)
    if not found or found[0].id != id:
        raise NotFound("没有这条消息。", "请从消息列表打开。")
    people.mark_read(messages=[id], now=visit.now)
    return redirect(found[0].link or "desk:messages")


def _messages(visit: Visit, *, before: int | None, limit: int) -> tuple[MessageLine, ...]:
    """Her own messages, and her department's where they are for her too."""
    return messages_of_officer(
        visit.scope,
        user_id=visit.user.pk,
        department_id=visit.user.department_id if opens_department_box(visit.user) else None,
        before=before,
        limit=limit,
    )

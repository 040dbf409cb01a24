"""Coming in and leaving: login, logout, and the purpose of reading."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.people import LoginForm, PurposeForm
from xinheng.desk.purpose import keep_purpose, purpose_of
from xinheng.desk.sessions import begin, present
from xinheng.desk.views.second_factor import log_login, wait_for_code
from xinheng.people import actions as people
from xinheng.people.models import User
from xinheng.people.permissions import Act
from xinheng.people.queries import is_set_up
from xinheng.people.second_factor import factor_in_use


class Login(LoginView):
    """`/desk/login`; before the first set-up it leads there."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_set_up(PUBLIC):
            return redirect("desk:setup")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A cookie without a session behind it, on the way to some page: the session ran out.
        stale = bool(self.get_redirect_url()) and settings.SESSION_COOKIE_NAME in self.request.COOKIES
        sign_on = settings.OIDC_OFFICERS
        return super().get_context_data(**kwargs) | {
            "expired": stale and self.request.method == "GET",
            "sign_on": sign_on.title if sign_on else "",
        }

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if isinstance(user, User) and factor_in_use(user):
            wait_for_code(self.request, user, self.get_success_url())
            return redirect("desk:second_step")
        response = super().form_valid(form)
        if isinstance(user, User):
            begin(self.request, user, clock.now())
            log_login(user)
        return response


class Logout(LogoutView):
    """`/desk/logout`, by the button only."""

    template_name = "desk/logged_out.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, number = request.user, present(request)
        if isinstance(user, User) and number is not None:
            people.end_sessions(user=user, by=Actor.of(user), now=clock.now(), only=number)
        return super().post(request, *args, **kwargs)


@officer(Act.READ_RECORDS)
@require_http_methods(["GET", "POST"])
def purpose(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/purpose`: asked before records that are not public are shown."""
    back = request.POST.get("next") or request.GET.get("next") or reverse("desk:start")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure()):
        back = reverse("desk:start")
    given = purpose_of(request)
    form = PurposeForm(
        request.POST or None, initial={"purpose": given.purpose.key, "note": given.note} if given else None
    )
    if request.method == "POST" and form.is_valid():
        keep_purpose(request, key=form.cleaned_data["purpose"], note=form.cleaned_data["note"])
        return HttpResponseRedirect(back)
    return render(request, "desk/purpose.html", {"form": form, "next": back})

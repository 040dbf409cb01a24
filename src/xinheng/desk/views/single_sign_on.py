"""The officer's login through the provider that the settings name."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.errors import Refused
from xinheng.desk.returning import page_to_return_to
from xinheng.desk.sessions import SIGN_ON, begin, proven, signed_on
from xinheng.desk.views.second_factor import BACKEND, log_login, wait_for_code
from xinheng.people import actions as people
from xinheng.people.second_factor import factor_in_use
from xinheng.people.single_sign_on.flow import Claims, SignOnFailed, arrive, leave
from xinheng.people.single_sign_on.provider import Provider
from xinheng.people.tries import may_try, wrong_try

DOOR = "desk"
TRIES = "sign-on:desk"
"""Under which name forged answers are counted; no login name has a colon."""


@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """`/desk/login/sign-on?next=`: to the provider."""
    callback = request.build_absolute_uri(reverse("desk:signed_on"))
    back = page_to_return_to(request)
    return leave(request, _provider(), door=DOOR, callback=callback, back=back, now=clock.now())


@require_safe
def signed_on_page(request: HttpRequest) -> HttpResponse:
    """`/desk/login/signed-on`: back from the provider."""
    provider, now = _provider(), clock.now()
    if not may_try(request, username=TRIES):
        wrong_try(request, username=TRIES)
        return HttpResponse(status=403)  # in its place goes the page of the lock-out
    try:
        claims, back = arrive(request, provider, door=DOOR, now=now)
        user = people.officer_signs_on(claims=claims, provider=provider, now=now)
    except Refused as refusal:
        if isinstance(refusal, SignOnFailed) and refusal.suspicious:
            wrong_try(request, username=TRIES)
        return render(request, "desk/sign_on_failed.html", {"error": refusal}, status=403)
    factor = factor_in_use(user)
    if factor is not None and not claims.second_factor:
        wait_for_code(request, user, back, how=SIGN_ON)
        return redirect("desk:second_step")
    login(request, user, backend=BACKEND)
    if factor is not None:
        proven(request, factor.pk)
    begin(request, user, now)
    signed_on(request, second_factor=claims.second_factor)
    log_login(user, how=_how(claims))
    return HttpResponseRedirect(back)


def _how(claims: Claims) -> str:
    return f"{SIGN_ON}, second factor vouched for" if claims.second_factor else SIGN_ON


def _provider() -> Provider:
    found = settings.OIDC_OFFICERS
    if not isinstance(found, Provider):
        raise Http404
    return found

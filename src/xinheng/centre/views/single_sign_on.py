"""Coming in as a user of an organisation through the provider that the settings name."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.centre.session import choose, confirm, enter
from xinheng.centre.views.entering import back_to, log_login
from xinheng.people import actions as people
from xinheng.people.models import OrganisationMembership, Region
from xinheng.people.single_sign_on.flow import Claims, SignOnFailed, arrive, leave
from xinheng.people.single_sign_on.provider import Provider
from xinheng.people.tries import may_try, wrong_try
from xinheng.register.queries import organisation

DOOR = "centre"
TRIES = "sign-on:centre"


@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """`/centre/login/sign-on?next=`: to the provider."""
    callback = request.build_absolute_uri(reverse("centre:signed_on"))
    return leave(request, _provider(), door=DOOR, callback=callback, back=back_to(request), now=clock.now())


@require_safe
def signed_on(request: HttpRequest) -> HttpResponse:
    """`/centre/login/signed-on`: back from the provider."""
    provider, now = _provider(), clock.now()
    if not may_try(request, organisation_user=TRIES):
        wrong_try(request, organisation_user=TRIES)
        return HttpResponse(status=403)  # in its place goes the page of the lock-out
    try:
        claims, back = arrive(request, provider, door=DOOR, now=now)
        held = _memberships(claims, provider)
    except Refused as refusal:
        if isinstance(refusal, SignOnFailed) and refusal.suspicious:
            wrong_try(request, organisation_user=TRIES)
        return render(request, "centre/sign_on_failed.html", {"error": refusal}, status=403)
    user = held[0].user
    enter(request, user)
    confirm(request, held)
    choose(request, held[0])
    log_login(user)
    messages.success(request, "已用统一身份认证登录。")
    return HttpResponseRedirect(back)


def _memberships(claims: Claims, provider: Provider) -> tuple[OrganisationMembership, ...]:
    """Those of the vouched-for organisation in the regions that know it."""
    code = people.claimed_code(claims)
    regions = [one for one in Region.objects.filter(code__in=provider.regions).order_by("code") if _known(one, code)]
    if not regions:
        raise Refused(f"本站没有统一社会信用代码为 {code} 的单位。", "刚登记的单位请过几天再试，或者到窗口领取绑定码。")
    return people.organisation_user_signs_on(claims=claims, credit_code=code, regions=regions, now=clock.now())


def _known(region: Region, code: str) -> bool:
    try:
        organisation(Scope(region=region.code), code)
    except NotFound:
        return False
    return True


def _provider() -> Provider:
    found = settings.OIDC_ORGANISATIONS
    if not isinstance(found, Provider):
        raise Http404
    return found

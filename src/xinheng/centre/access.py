"""Who is in the organisation centre: every view gets the user with the one organisation she acts for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.scope import Scope
from xinheng.centre.session import present_membership, present_user
from xinheng.people.kept_forms import keep
from xinheng.people.models import OrganisationMembership, OrganisationUser

P = ParamSpec("P")


@dataclass(frozen=True)
class Visit:
    """One request of one user of an organisation: who, for which organisation, and when.

    `scope` says the region only; every question asks for `credit_code` besides.
    """

    user: OrganisationUser
    membership: OrganisationMembership
    now: datetime

    @property
    def credit_code(self) -> str:
        return self.membership.credit_code

    @property
    def scope(self) -> Scope:
        return Scope(region=self.membership.region.code)

    @property
    def today(self) -> date:
        return clock.today(self.now)

    @property
    def actor(self) -> Actor:
        return Actor.organisation_user(self.user.pk, self.user.display_name)


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]
UserView = Callable[Concatenate[HttpRequest, OrganisationUser, P], HttpResponseBase]
Served = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def logged_in(view: UserView[P]) -> Served[P]:
    """A view for anybody with a login, also one who acts for no organisation."""

    @wraps(view)
    def served(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = present_user(request)
        if user is None:
            return _to_login(request)
        return view(request, user, *args, **kwargs)

    return served


def organisation_user(view: View[P]) -> Served[P]:
    """A view for a user who acts for an organisation; others are led to the login or to binding one."""

    @wraps(view)
    def served(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = present_user(request)
        if user is None:
            return _to_login(request)
        membership = present_membership(request, user)
        if membership is None:
            return redirect("centre:bind")
        visit = Visit(user, membership, clock.now())
        request.centre = visit  # type: ignore[attr-defined]  # for the frame of the page
        return view(request, visit, *args, **kwargs)

    return served


def _to_login(request: HttpRequest) -> HttpResponseBase:
    if request.method in ("GET", "HEAD"):
        back = request.get_full_path()
    else:
        back = reverse("centre:resume" if keep(request, clock.now()) else "centre:home")
    return redirect(f"{reverse('centre:login')}?{urlencode({'next': back})}")

"""Who is at the desk: every view gets the officer with her reach, and is closed to roles that may not open it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.scope import Scope
from xinheng.desk.sessions import by_sign_on, factor_vouched_for, holds
from xinheng.people.kept_forms import keep
from xinheng.people.models import User
from xinheng.people.permissions import Act, may, require
from xinheng.people.queries import scope_of
from xinheng.people.second_factor import factor_in_use, needed_by

P = ParamSpec("P")


@dataclass(frozen=True)
class Visit:
    """One request of one officer: who, how far she sees, and when."""

    user: User
    scope: Scope
    now: datetime

    @property
    def today(self) -> date:
        return clock.today(self.now)

    @property
    def actor(self) -> Actor:
        return Actor.of(self.user)

    def may(self, act: Act) -> bool:
        return may(self.user, act)

    def require(self, act: Act) -> None:
        """Refuse in words when the officer's roles do not allow it."""
        require(self.user, act)


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]
Served = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def officer(*acts: Act, enrolling: bool = False) -> Callable[[View[P]], Served[P]]:
    """A view for officers who may do one of `acts` (none named: anybody with a login).

    One who must change her password, or must have a second factor and has none, gets to the views for `enrolling` only.
    Single sign-on asks for no password, and may vouch for the factor.
    """

    def guard(view: View[P]) -> Served[P]:
        @wraps(view)
        def served(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user, now = request.user, clock.now()
            if not isinstance(user, User) or not holds(request, user, now):
                kept = request.method == "POST" and keep(request, now)
                return redirect_to_login(reverse("desk:resume") if kept else request.get_full_path())
            if not enrolling and user.must_change_password and not by_sign_on(request):
                return redirect("desk:password")
            if not enrolling and _lacks_factor(request, user):
                return redirect("desk:second_factor")
            if acts and not any(may(user, act) for act in acts):
                raise PermissionDenied
            return view(request, Visit(user, scope_of(user), now), *args, **kwargs)

        return served

    return guard


def _lacks_factor(request: HttpRequest, user: User) -> bool:
    return needed_by(user) and factor_in_use(user) is None and not factor_vouched_for(request)

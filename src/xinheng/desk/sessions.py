"""The officer's login in this browser: known by a row of its own, so that it can be listed and ended from elsewhere."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

from xinheng.base.client_address import client_address
from xinheng.people import actions as people
from xinheng.people.models import OfficerSession, User
from xinheng.people.queries.sessions import LASTS
from xinheng.people.second_factor import factor_in_use

SESSION, FACTOR, SIGN_ON = "officer_session", "second_factor", "sign_on"


def holds(request: HttpRequest, user: User, now: datetime) -> bool:
    """Whether this login still counts: not ended elsewhere, and with the second factor if she has one.

    A login that no longer counts is closed here.
    """
    row = _row(request, user, now)
    factor = factor_in_use(user)
    if row is None or request.session.get(FACTOR) != (factor.pk if factor else None):
        logout(request)
        return False
    people.see_session(session=row, now=now)
    return True


def proven(request: HttpRequest, factor_id: int) -> None:
    """Note that the second factor was shown in this login."""
    request.session[FACTOR] = factor_id


def signed_on(request: HttpRequest, *, second_factor: bool = False) -> None:
    """Note that single sign-on made this login, and whether the provider vouches for a second factor."""
    request.session[SIGN_ON] = {"second_factor": second_factor}


def by_sign_on(request: HttpRequest) -> bool:
    """Whether this login came by single sign-on, so that no password of ours was typed."""
    return SIGN_ON in request.session


def factor_vouched_for(request: HttpRequest) -> bool:
    """Whether the provider vouched for a second factor in this login."""
    return bool(request.session.get(SIGN_ON, {}).get("second_factor"))


def present(request: HttpRequest) -> int | None:
    """The number of this login."""
    return request.session.get(SESSION)


def _row(request: HttpRequest, user: User, now: datetime) -> OfficerSession | None:
    number = request.session.get(SESSION)
    if number is not None:
        return OfficerSession.objects.filter(pk=number, user=user, ended_at=None, begun_at__gt=now - LASTS).first()
    return begin(request, user, now)


def begin(request: HttpRequest, user: User, now: datetime) -> OfficerSession:
    """Note a login that was just made; `signed_on` comes after it."""
    request.session.pop(SIGN_ON, None)
    meta = request.META
    address = client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES)
    made = people.open_session(user=user, address=address, browser=meta.get("HTTP_USER_AGENT", ""), now=now)
    request.session[SESSION] = made.pk
    return made

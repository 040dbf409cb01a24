"""Counting wrong tries at doors that Django's login does not know, with the same lock-out as for passwords.

A door that counted a wrong try just answers; the page that says so comes from axes.
"""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest


def may_try(request: HttpRequest, **who: str) -> bool:
    """Whether this one may try again from here; `who` names her as the login does (`username`, `organisation_user`)."""
    return bool(AxesProxyHandler.is_allowed(request, who))


def wrong_try(request: HttpRequest, **who: str) -> None:
    """Count a wrong try."""
    user_login_failed.send(sender=__name__, credentials=who, request=request)

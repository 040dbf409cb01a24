"""Who of which organisation uses this browser. Kept apart from the officer who may be logged in beside her."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from xinheng.people.models import OrganisationMembership, OrganisationUser, VerifiedHow

USER, PROOF, MEMBERSHIP = "centre_user", "centre_proof", "centre_membership"
CONFIRMED = "centre_confirmed"


def enter(request: HttpRequest, user: OrganisationUser) -> None:
    """Log in. The session gets a new key, so that one planted before is worth nothing."""
    leave(request)
    request.session[USER] = user.pk
    request.session[PROOF] = user.get_session_auth_hash()


def leave(request: HttpRequest) -> None:
    """Log out of the centre; an officer's own login stays."""
    for key in (USER, PROOF, MEMBERSHIP, CONFIRMED):
        request.session.pop(key, None)
    request.session.cycle_key()


def present_user(request: HttpRequest) -> OrganisationUser | None:
    """The user who is logged in; nobody after her password changed or her login was closed."""
    number = request.session.get(USER)
    user = OrganisationUser.objects.filter(pk=number, is_active=True).first() if number else None
    if user is None or not constant_time_compare(request.session.get(PROOF, ""), user.get_session_auth_hash()):
        return None
    return user


def choose(request: HttpRequest, membership: OrganisationMembership) -> None:
    """Which organisation the pages are about from now on."""
    request.session[MEMBERSHIP] = membership.pk


def confirm(request: HttpRequest, memberships: Iterable[OrganisationMembership]) -> None:
    """Note which memberships single sign-on vouched for in this login."""
    request.session[CONFIRMED] = [one.pk for one in memberships]


def usable_memberships(request: HttpRequest, user: OrganisationUser) -> list[OrganisationMembership]:
    """The organisations she acts for in this login.

    One that rests on the word of single sign-on counts only while that word is fresh: somebody who moved to another
    organisation is vouched for there, and her former one must not stay open.
    """
    own = user.memberships.filter(revoked_at=None).select_related("user", "region").order_by("pk")
    confirmed = request.session.get(CONFIRMED, [])
    return [one for one in own if one.how != VerifiedHow.OIDC or one.pk in confirmed]


def present_membership(request: HttpRequest, user: OrganisationUser) -> OrganisationMembership | None:
    """The organisation chosen, else the one bound first; None when she acts for none (any more)."""
    own = usable_memberships(request, user)
    chosen = request.session.get(MEMBERSHIP)
    return next((one for one in own if one.pk == chosen), own[0] if own else None)

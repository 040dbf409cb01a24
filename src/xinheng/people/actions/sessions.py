"""Where an officer is logged in. Ending a session takes effect with its next request."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.people.models import OfficerSession, User
from xinheng.people.queries.sessions import LASTS

SEEN_EVERY = timedelta(minutes=1)
"""How exactly “last seen” is kept, so that reading a page does not write each time."""


def open_session(*, user: User, address: str, browser: str, now: datetime) -> OfficerSession:
    """Note a login; the login itself is logged by the door."""
    return OfficerSession.objects.create(user=user, address=address, browser=browser[:200], begun_at=now, seen_at=now)


def see_session(*, session: OfficerSession, now: datetime) -> None:
    """Note that the session is in use."""
    if now - session.seen_at >= SEEN_EVERY:
        OfficerSession.objects.filter(pk=session.pk, seen_at__lt=now).update(seen_at=now)


@transaction.atomic
def end_sessions(
    *, user: User, by: Actor, now: datetime, only: int | None = None, except_for: int | None = None
) -> int:
    """End all logins of an officer, one of them, or all but one; how many ended."""
    found = OfficerSession.objects.filter(user=user, ended_at=None)
    if only is not None:
        found = found.filter(pk=only)
    if except_for is not None:
        found = found.exclude(pk=except_for)
    ended = found.update(ended_at=now)
    if ended:
        record(
            act="session.end",
            by=by,
            now=now,
            region_id=user.region_id,
            object_type="officer",
            object_id=user.username,
            detail={"sessions": ended},
        )
    return ended


def sweep_sessions(*, now: datetime) -> int:
    """Forget logins that are over: rows of officers' logins, and what browsers left behind; how many of the former.

    The log keeps who logged in when; nothing here is needed for it.
    """
    over = Q(ended_at__isnull=False) | Q(begun_at__lte=now - LASTS)
    swept, _ = OfficerSession.objects.filter(over).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return swept

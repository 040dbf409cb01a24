"""Replacing the key file that seals the secrets of the officers' authenticator apps."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.home import Home
from xinheng.base.secret_box import adopt_following, following_box, rotation_begun
from xinheng.people.models import SecondFactor
from xinheng.people.second_factor import BOX, ROTATION_LOCK, seal_anew


def rotate_second_factor_key(*, by: Actor, now: datetime) -> int:
    """Seal every app's secret with a new key; returns how many. Nobody has to bind an app again.

    The new file lies beside the old one until all is sealed anew, and both open until then, so a crash at any moment
    loses nothing: the next rotation, or `settle_second_factor_key`, goes on where it stopped.
    """
    settle_second_factor_key(by=by, now=now)
    with _alone():
        return _seal_all(settings.HOME, by=by, now=now)


def settle_second_factor_key(*, by: Actor, now: datetime) -> bool:
    """Finish a rotation that was killed; False when there was none."""
    with _alone():
        if not rotation_begun(settings.HOME, BOX):
            return False
        _seal_all(settings.HOME, by=by, now=now)
        return True


def _seal_all(home: Home, *, by: Actor, now: datetime) -> int:
    box = following_box(home, BOX)
    with transaction.atomic():
        factors = SecondFactor.objects.select_related("user").select_for_update(of=("self",)).order_by("pk")
        count = 0
        for factor in factors:
            factor.sealed_secret = seal_anew(factor, box)
            factor.save(update_fields=["sealed_secret"])
            count += 1
        record(act="second_factor.rotate_key", by=by, now=now, object_type="key_file", detail={"secrets": count})
    adopt_following(home, BOX)
    return count


@contextmanager
def _alone() -> Iterator[None]:
    """No secret is sealed meanwhile, from before the first is read until the file has its place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ROTATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ROTATION_LOCK])

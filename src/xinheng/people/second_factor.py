"""Codes of an authenticator app (TOTP): who needs one, and whether a code is right at a moment."""

import base64
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django_otp.oath import TOTP

from xinheng.base.secret_box import SecretBox
from xinheng.people.models import Role, SecondFactor, User

SECRET_BYTES, STEP_SECONDS, DIGITS = 20, 30, 6
BOX, ROTATION_LOCK = "second-factor", 0x78680009
TOLERANCE = 1
"""Steps of 30 seconds that the phone's clock may be off."""
DECIDING_OR_ADMINISTERING = frozenset(
    {Role.REVIEWER, Role.DECIDER, Role.CREDIT_OFFICE, Role.AUDITOR, Role.ADMINISTRATOR}
)


def needed_by(user: User) -> bool:
    """Whether this officer must have a second factor, by the setting of this installation."""
    match settings.REQUIRE_TOTP:
        case "all":
            return True
        case "roles":
            return bool(DECIDING_OR_ADMINISTERING & user.roles)
        case _:
            return False


def factor_in_use(user: User) -> SecondFactor | None:
    """The officer's authenticator app, if she has one."""
    return user.factors.filter(confirmed_at__isnull=False, removed_at=None).first()


def factor_begun(user: User) -> SecondFactor | None:
    """An app that was not confirmed with a first code yet."""
    return user.factors.filter(confirmed_at=None, removed_at=None).first()


def new_secret() -> bytes:
    """A secret to share with an app."""
    return secrets.token_bytes(SECRET_BYTES)


def seal(user: User, secret: bytes) -> bytes:
    """The secret as the database keeps it; to be called in the transaction that stores it, which a rotation awaits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [ROTATION_LOCK])
    return _box().seal(secret, belongs_to=_owner(user))


def secret_of(factor: SecondFactor) -> bytes:
    """The secret behind a kept one."""
    return _box().open(bytes(factor.sealed_secret), belongs_to=_owner(factor.user))


def typed(secret: bytes) -> str:
    """The secret for typing into an app by hand, in groups of four."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def app_address(user: User, secret: bytes, issuer: str) -> str:
    """What the QR code says to the app."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    label = quote(f"{issuer}:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': text, 'issuer': issuer}, quote_via=quote)}"


def step_of(secret: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """The time step a code belongs to; None when it is wrong, too old, or not newer than the step `after`."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    totp = TOTP(secret, STEP_SECONDS, digits=DIGITS)
    totp.time = now.timestamp()
    if not totp.verify(int(digits), tolerance=TOLERANCE, min_t=after + 1):
        return None
    return int(totp.t())


def _box() -> SecretBox:
    return SecretBox.of(settings.HOME, BOX)


def seal_anew(factor: SecondFactor, box: SecretBox) -> bytes:
    """The kept secret, sealed with another box."""
    return box.seal(secret_of(factor), belongs_to=_owner(factor.user))


def _owner(user: User) -> str:
    return f"second factor of officer {user.pk}"

"""How an officer proves who she is beyond the password, and where she is logged in."""

from django.db import models
from django.db.models import Q

from xinheng.people.models.offices import User


class SecondFactor(models.Model):
    """An authenticator app of an officer. Its secret is sealed; `last_step` keeps a code from working twice."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="factors")
    sealed_secret = models.BinaryField()
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at__isnull=False, removed_at=None),
                name="second_factor_one_in_use",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at=None, removed_at=None), name="second_factor_one_begun"
            ),
        ]


class RecoveryCode(models.Model):
    """A word for one use in place of the authenticator app; only its hash is kept."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "code_hash"], name="recovery_code_once_per_factor")]


class OfficerSession(models.Model):
    """One login of an officer: from where, since when, last seen. An ended one opens no page any more."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions")
    address = models.CharField("来自", max_length=45, blank=True)
    browser = models.CharField("浏览器", max_length=200, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"], name="session_of_officer")]

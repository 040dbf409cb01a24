"""How people prove who they are beyond or without a password, and where officers are logged in."""

from django.db import models
from django.db.models import Q

from xinheng.people.models.offices import Region, User
from xinheng.people.models.organisations import OrganisationUser


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


class SignOnSubject(models.Model):
    """Whom a provider of single sign-on means: its own word for a person, bound to one login here.

    A name that the provider gives to somebody else later opens nothing: the binding stays until an officer releases it.
    """

    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    officer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="sign_on_subjects")
    organisation_user = models.ForeignKey(
        OrganisationUser, on_delete=models.PROTECT, null=True, related_name="sign_on_subjects"
    )
    bound_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(officer__isnull=False, organisation_user=None)
                | Q(officer=None, organisation_user__isnull=False),
                name="sign_on_subject_is_one_login",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="sign_on_subject_released_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                condition=Q(released_at=None, officer__isnull=False),
                name="sign_on_subject_one_officer",
            ),
            models.UniqueConstraint(
                fields=["issuer", "officer"], condition=Q(released_at=None), name="sign_on_officer_one_subject"
            ),
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                condition=Q(organisation_user__isnull=False),
                name="sign_on_subject_one_organisation_user",
            ),
        ]


class RecoveryWord(models.Model):
    """A word for one use with which a user of an organisation gives herself a new password; only its hash is kept.

    Handed out at the counter, after the officer saw who is asking.
    """

    user = models.ForeignKey(OrganisationUser, on_delete=models.PROTECT, related_name="recovery_words")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    last_day = models.DateField("最后使用日")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="recovery_word_used_or_withdrawn"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, withdrawn_at=None), name="recovery_word_one_open"
            ),
        ]

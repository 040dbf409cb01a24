"""What organisations authorise: which special information may be collected and used, by whom, for what, how long.

`people.Consent` lets a department read what the platform holds by law; without an authorisation the platform may not
even take the rows in. Why these are two things: `docs/adr/0022-authorisations-stand-beside-consents.md`.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from xinheng.people.models import Department, OrganisationMembership, Region, User


class Authorisation(models.Model):
    """One authorisation in the words that were signed. `until` is its last day; revoked, it counts at once no more.

    It covers facts from `facts_from` to `until`, and rows that arrive between `starts` and `until`.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    organisation_name = models.CharField("授权单位", max_length=300)
    classes = ArrayField(models.CharField(max_length=40), verbose_name="信息类型")
    grantee = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    purpose_code = models.CharField("用途代码", max_length=30)
    purpose = models.CharField("用途", max_length=200)
    starts = models.DateField("起始日")
    until = models.DateField("最后一日")
    facts_from = models.DateField("信息起始日")
    signer_name = models.CharField("签署人", max_length=50)
    signer_title = models.CharField("签署人职务", max_length=50, blank=True)
    wording = models.TextField()
    wording_sha256 = models.CharField(max_length=64)
    key_id = models.BigIntegerField()
    """The data key that seals its evidence."""
    given_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, null=True, related_name="+")
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, null=True, related_name="+")
    revocation_registered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(classes__len__gte=1), name="authorisation_names_a_class"),
            models.CheckConstraint(condition=Q(until__gte=F("starts")), name="authorisation_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(facts_from__lte=F("until")), name="authorisation_covers_some_facts"),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(signer_name="") & ~Q(wording=""),
                name="authorisation_says_who_and_for_what",
            ),
            models.CheckConstraint(
                condition=Q(given_by__isnull=False, registered_by=None) | Q(given_by=None, registered_by__isnull=False),
                name="authorisation_given_one_way",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revocation_registered_by=None, revoked_why="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, revocation_registered_by=None)
                | (
                    Q(revoked_at__isnull=False, revoked_by=None, revocation_registered_by__isnull=False)
                    & ~Q(revoked_why="")
                ),
                name="authorisation_revoked_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["credit_code", "region"], name="authorisation_of_organisation"),
            models.Index(fields=["grantee", "-id"], name="authorisation_by_grantee"),
            GinIndex(fields=["classes"], name="authorisation_by_class"),
        ]


class Evidence(models.Model):
    """A file that proves an authorisation or its revocation, sealed in the home folder."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="evidence")
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_path = models.CharField(max_length=255, unique=True)
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField()


class AuthorisedUse(models.Model):
    """One look at rows by a grantee: who, when, and how many rows of which classes. Never changed."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    classes = ArrayField(models.CharField(max_length=40))
    rows = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["authorisation", "-id"], name="use_of_authorisation")]


class StopRequest(models.Model):
    """The grantee of a revoked authorisation is asked to remove what it was shown; open until it confirms."""

    authorisation = models.OneToOneField(Authorisation, on_delete=models.PROTECT, related_name="stop_request")
    written_at = models.DateTimeField()
    due_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, note="")
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(note="")),
                name="stop_confirmed_by_somebody_with_a_note",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_at__gte=F("written_at")),
                name="stop_confirmed_after_it_was_asked",
            ),
        ]

"""What organisations declared of themselves: each version as it was declared and pledged, and what became of it.

The case (`proceedings`) says how a version was verified; the record (`register`) is what became public of it.
"""

from django.db import models
from django.db.models import F, Q

from xinheng.people.models import Department, OrganisationUser, Region, User


class DeclarationEnd(models.TextChoices):
    """Why a version does not count, or counts no longer."""

    REFUSED = "refused", "核验未通过"
    CHANGED = "changed", "已变更"
    WITHDRAWN = "withdrawn", "申报单位撤回"
    UNTRUE = "untrue", "认定不实"


class Declaration(models.Model):
    """One version of one item. A change is the next version, unverified again; nothing of a version is edited."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    case_number = models.CharField("案号", max_length=40)
    version = models.SmallIntegerField()
    subject_no = models.BigIntegerField()
    subject_name = models.CharField(max_length=300)
    credit_code = models.CharField(max_length=18)
    kind = models.CharField(max_length=40)
    title = models.CharField("申报事项", max_length=200)
    certificate_no = models.CharField(max_length=100, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    obtained_on = models.DateField(null=True)
    statement = models.TextField(blank=True)
    valid_to = models.DateField("有效期至")
    pledge_version = models.CharField(max_length=20)
    pledge_text = models.TextField()
    pledge_sha256 = models.CharField(max_length=64)
    signed_by = models.CharField("承诺单位", max_length=300)
    declared_by = models.ForeignKey(OrganisationUser, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verified_how = models.TextField(blank=True)
    record_no = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=DeclarationEnd, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "case_number", "version"], name="declaration_version_once"),
            models.UniqueConstraint(
                fields=["region", "case_number"], condition=Q(ended_at=None), name="declaration_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None, verified_how="", record_no=None)
                | (
                    Q(verified_at__isnull=False, verified_by__isnull=False, record_no__isnull=False)
                    & ~Q(verified_how="")
                ),
                name="declaration_verified_by_somebody_somehow",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="declaration_end_states_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(end_reason="untrue") | Q(verified_at__isnull=False), name="untrue_only_after_verification"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("declared_at")), name="declaration_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["credit_code", "-id"], name="declaration_by_organisation")]

    @property
    def number(self) -> str:
        """How the record names it: the case's number, with the version from the second on."""
        return self.case_number if self.version == 1 else f"{self.case_number}-{self.version}"

"""The legal register: texts and provisions as dated facts, and the sets of them that effects rest on.

A row is never edited: a text that changed is written as its next version, and the version before keeps the
time at which it was superseded. Sets are interned, so a million effects share one small row.
"""

from django.db import models
from django.db.models import F, Q


class Level(models.TextChoices):
    """Rank of a text."""

    LAW = "law", "法律"
    ADMINISTRATIVE_REGULATION = "admin_regulation", "行政法规"
    CENTRAL_POLICY = "central_policy", "党中央、国务院政策文件"
    DEPARTMENT_RULE = "department_rule", "部门规章"
    JUDICIAL_INTERPRETATION = "judicial", "司法解释"
    NORMATIVE = "normative", "规范性文件"
    LOCAL_REGULATION = "local_regulation", "地方性法规"
    LOCAL_RULE = "local_rule", "地方政府规章"
    LOCAL_NORMATIVE = "local_normative", "地方规范性文件"
    STANDARD = "standard", "国家标准"


class LegalText(models.Model):
    """One version of what the register knows of a law, regulation or normative document.

    `effective_to` is the last day in force. `document_no_verified` False: the number is shown as 待核实.
    """

    key = models.CharField(max_length=60)
    version = models.IntegerField()
    title = models.CharField(max_length=300)
    document_no = models.CharField(max_length=100, blank=True)
    document_no_verified = models.BooleanField()
    issuer = models.CharField(max_length=200)
    level = models.CharField(max_length=20, choices=Level)
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    citation = models.CharField(max_length=500, blank=True)
    verified = models.BooleanField()
    reviewed_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    fictional = models.BooleanField()
    pack = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="legal_text_version_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(superseded_at=None), name="one_current_legal_text"),
            models.CheckConstraint(
                condition=Q(verified=False) | (Q(effective_from__isnull=False) & ~Q(citation="")),
                name="verified_text_has_its_date_and_citation",
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="text_ends_after_it_begins",
            ),
        ]


class Provision(models.Model):
    """One article of one version of a text, as a summary in our own words.

    `transition` marks a rule on how older decisions are treated; `local_list_rule` one that needs a public
    consultation on record before anything may rest on it.
    """

    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="provisions")
    text_key = models.CharField(max_length=60)
    article = models.CharField(max_length=60)
    version = models.IntegerField()
    position = models.IntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField()
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    citation = models.CharField(max_length=500, blank=True)
    verified = models.BooleanField()
    transition = models.BooleanField()
    local_list_rule = models.BooleanField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text_key", "article", "version"], name="provision_version_once"),
            models.UniqueConstraint(
                fields=["text_key", "article"], condition=Q(superseded_at=None), name="one_current_provision"
            ),
            models.CheckConstraint(
                condition=Q(verified=False) | (Q(effective_from__isnull=False) & ~Q(citation="")),
                name="verified_provision_has_its_date_and_citation",
            ),
        ]

    @property
    def reference(self) -> str:
        """How rules name it: `text_key#article`."""
        return f"{self.text_key}#{self.article}"


class Consultation(models.Model):
    """The public consultation on a local text: without one of 30 days its list rules carry nothing."""

    text_key = models.CharField(max_length=60)
    opened_on = models.DateField()
    closed_on = models.DateField()
    url = models.CharField(max_length=300)
    citation = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text_key", "opened_on"], name="consultation_once"),
            models.CheckConstraint(
                condition=Q(closed_on__gt=F("opened_on")), name="consultation_closes_after_it_opens"
            ),
        ]


class BasisSet(models.Model):
    """An unchangeable set of provision versions with their roles; `digest` is over its members."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()


class BasisRole(models.TextChoices):
    """What a provision does for an effect."""

    ENABLING = "enabling", "允许公示"
    GOVERNING = "governing", "确定类别和期限"
    APPLIED = "applied", "按过渡规定适用"


class BasisSetMember(models.Model):
    """One provision of a basis set. `applied` provisions count only through a governing transition rule."""

    basis_set = models.ForeignKey(BasisSet, on_delete=models.PROTECT, related_name="members")
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT)
    role = models.CharField(max_length=10, choices=BasisRole)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basis_set", "provision", "role"], name="provision_once_per_role")
        ]

"""On which terms somebody is listed or a measure applies, and the proof that the subject was told before.

Both kinds of terms are interned, so that twenty thousand effects share a few rows.
"""

from django.db import models
from django.db.models import Q


class ListingTerms(models.Model):
    """Which list an effect of kind `listing` enters its subject in."""

    list_key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_key", "title"], name="listing_terms_once")]


class MeasureTerms(models.Model):
    """Which measure an effect of kind `restraint` or `incentive` is, of which edition, set off by which list.

    `rests` False: it goes on while an objection is examined, because the law of the list says so or because others
    carry it out; the entry is only marked.
    """

    measure_key = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    list_key = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    executing_body = models.CharField(max_length=200)
    applies_to = models.CharField(max_length=1000)
    rests = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure_key", "edition", "list_key", "title", "executing_body", "applies_to", "rests"],
                name="measure_terms_once",
            )
        ]


class ServiceMethod(models.TextChoices):
    """How a notice reached its subject."""

    DIRECT = "direct", "直接送达"
    MAIL = "mail", "邮寄送达"
    LEFT = "left", "留置送达"
    ENTRUSTED = "entrusted", "委托送达"
    PUBLIC = "public", "公告送达"
    ELECTRONIC = "electronic", "电子送达（单位已同意）"


class Service(models.Model):
    """The proven service on its subject of the notice of what follows from one record or decision; never changed.

    The database lets no restraint begin before the day after.
    """

    region_id = models.BigIntegerField()
    record_no = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=100, null=True)
    subject_no = models.BigIntegerField()
    method = models.CharField(max_length=12, choices=ServiceMethod)
    served_on = models.DateField()
    evidence = models.CharField(max_length=500)
    noted_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(evidence=""), name="service_names_its_evidence"),
            models.CheckConstraint(
                condition=Q(record_no__isnull=False, decision=None) | Q(record_no=None, decision__isnull=False),
                name="service_is_of_one_cause",
            ),
        ]
        indexes = [models.Index(fields=["record_no"], name="service_by_record")]

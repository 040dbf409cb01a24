"""What was compared, what officers decided about typed names, and which batches were looked at; nothing is edited."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from xinheng.ledger.models import Batch
from xinheng.people.models import Department, Region, User
from xinheng.register.models import Organisation


class MatchRun(models.Model):
    """A batch whose unlinked statements were compared with the register, and what came of it."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT)
    matcher = models.CharField(max_length=20)
    looked_at = models.IntegerField()
    linked = models.IntegerField()
    unsure = models.IntegerField()
    remembered = models.IntegerField()
    at = models.DateTimeField()


class NameDecision(models.Model):
    """What an officer said about a name as one department types it; the next statement under it follows.

    `organisation` None: it is none of the candidates in `refused`. Undone, it stays on file and counts no more.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300)
    code = models.CharField(max_length=50)
    """The code typed beside the name, as it was typed; empty where there was none."""
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    refused = ArrayField(models.BigIntegerField(), default=list)
    review_id = models.BigIntegerField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name_key", "code"],
                condition=Q(undone_at=None),
                name="one_decision_on_a_typed_name",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undone_why="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_why="")),
                name="decision_undone_by_somebody_with_a_reason",
            ),
        ]


class Comparison(models.Model):
    """What speaks for and against one organisation being the subject of one statement, as it was when compared.

    The reasons stand in three columns of one length; their points add up to what the score lacks of 1000.
    """

    review_id = models.BigIntegerField()
    record_no = models.BigIntegerField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT)
    row_no = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    typed_name = models.CharField(max_length=300)
    known_name = models.CharField(max_length=300)
    former = models.BooleanField()
    verdict = models.CharField(
        max_length=10, choices=[("same", "同一主体"), ("unsure", "须由人核对"), ("different", "不同主体")]
    )
    score = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=30))
    words = ArrayField(models.CharField(max_length=300))
    points = ArrayField(models.SmallIntegerField())
    linked = models.BooleanField()
    """Whether the statement was linked by this comparison."""
    decision = models.ForeignKey(NameDecision, on_delete=models.PROTECT, null=True)
    """The officer's earlier decision that was followed, whatever the score."""
    matcher = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1000), name="score_out_of_a_thousand"),
            models.CheckConstraint(
                condition=Q(
                    reasons__len=Func(F("words"), function="cardinality", output_field=models.IntegerField()),
                )
                & Q(points__len=Func(F("words"), function="cardinality", output_field=models.IntegerField())),
                name="every_reason_has_words_and_points",
            ),
            models.UniqueConstraint(fields=["review_id"], condition=Q(linked=True), name="linked_by_one_comparison"),
        ]
        indexes = [
            models.Index(fields=["review_id"], name="comparison_of_question"),
            models.Index(fields=["organisation"], name="comparison_of_organisation"),
        ]

"""Checks that were answered, and what was done about them.

Nothing here is ever changed; migration 0002 refuses it. No row holds a person's number or name.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Mode(models.TextChoices):
    """How many codes one call asked about."""

    ONE = "one", "单个"
    MANY = "many", "批量"


class CheckRequest(models.Model):
    """One answered call. `number` is printed on the receipt; `digest` is the SHA-256 of what the receipt signs.

    `answer` is kept only where the caller sent a key under which the same call gives the same answer again.
    """

    number = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField()
    on_day = models.DateField()
    region_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    item = models.CharField(max_length=40)
    case_no = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=30)
    mode = models.CharField(max_length=4, choices=Mode)
    code = models.CharField(max_length=40, blank=True)
    codes = models.IntegerField()
    hits = models.IntegerField()
    stale = models.BooleanField()
    measures = models.JSONField(default=list)
    """Keys of the measures that a single answer named: what feedback may speak of."""
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=20)
    idempotency_key = models.CharField(max_length=100, null=True)
    request_digest = models.CharField(max_length=64, blank=True)
    answer = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor_id", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="check_key_used_once",
            ),
            models.CheckConstraint(condition=~Q(item="") & ~Q(purpose=""), name="check_names_item_and_purpose"),
            models.CheckConstraint(
                condition=Q(mode="one", codes=1) & ~Q(code="") | ~Q(mode="one") & Q(code=""),
                name="check_of_one_names_its_code",
            ),
            models.CheckConstraint(
                condition=Q(hits__gte=0, hits__lte=models.F("codes")), name="check_hits_at_most_all"
            ),
        ]
        indexes = [
            models.Index(fields=["region_id", "department_id", "asked_at"], name="check_by_department"),
            models.Index(fields=["code"], condition=~Q(code=""), name="check_by_code"),
        ]


class CheckPart(models.Model):
    """Some thousand codes of a call about many, in the order they were sent; `first` is the place of the first.

    A row for each code took half of the time of an answer. A refused code is an empty text: nothing of it is kept.
    """

    request_number = models.CharField(max_length=40)
    first = models.IntegerField()
    codes = ArrayField(models.CharField(max_length=40))
    entries = ArrayField(models.SmallIntegerField())
    """How many entries were in force, for each code."""
    measures = ArrayField(models.SmallIntegerField())
    """How many measures were to be taken, for each code."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_number", "first"], name="check_part_once"),
            models.CheckConstraint(
                condition=Q(entries__len=models.F("codes__len"), measures__len=models.F("codes__len")),
                name="check_part_counts_for_each_code",
            ),
        ]
        indexes = [GinIndex(fields=["codes"], name="check_part_by_code")]


class Outcome(models.TextChoices):
    """What was done about a measure."""

    APPLIED = "applied", "已采取"
    NOT_APPLIED = "not_applied", "未采取"


class CheckFeedback(models.Model):
    """What the one who checked did about one measure of the answer; a later one does not erase it."""

    request_number = models.CharField(max_length=40, db_index=True)
    measure = models.CharField(max_length=60)
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.CharField(max_length=300, blank=True)
    document_no = models.CharField(max_length=100, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="applied") | ~Q(note=""), name="measure_not_applied_states_its_reason"
            )
        ]


class CheckCorrection(models.Model):
    """A department asked to put right what it did at the counter under a measure that never should have been."""

    feedback = models.OneToOneField(CheckFeedback, on_delete=models.PROTECT, related_name="correction")
    region_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)
    what = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by="", what="")
                | Q(done_at__isnull=False) & ~Q(done_by="") & ~Q(what=""),
                name="check_correction_says_who_did_what",
            )
        ]
        indexes = [models.Index(fields=["department_id", "id"], name="check_correction_by_department")]


class FileState(models.TextChoices):
    """Where a file of codes stands."""

    WAITING = "waiting", "等待核查"
    RUNNING = "running", "正在核查"
    DONE = "done", "已完成"
    FAILED = "failed", "没有完成"
    ENDED = "ended", "已到期清除"


class CheckFile(models.Model):
    """One file of codes: who sent it for what, and what became of it. The codes themselves lie in files until the end.

    Only who sent it reads it. What was answered stays in `CheckRequest` and `CheckPart` for ever.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    region_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    item = models.CharField(max_length=40)
    case_no = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=30)
    file_name = models.CharField(max_length=200)
    codes = models.IntegerField()
    refused = models.IntegerField()
    state = models.CharField(max_length=10, choices=FileState, default=FileState.WAITING)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    ends_on = models.DateField()
    """First day without the answers."""
    request_number = models.CharField(max_length=40, blank=True)
    hits = models.IntegerField(null=True)
    sentence = models.CharField(max_length=500, blank=True)
    receipt = models.TextField(blank=True)
    message = models.CharField(max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=100, null=True)
    request_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor_kind", "actor_id", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="check_file_key_used_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done"]) | Q(hits__isnull=False, finished_at__isnull=False) & ~Q(receipt=""),
                name="check_file_done_has_its_receipt",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(message=""), name="check_file_failed_says_why"),
        ]
        indexes = [
            models.Index(fields=["actor_kind", "actor_id", "-received_at"], name="check_file_of_actor"),
            models.Index(fields=["ends_on"], condition=~Q(state="ended"), name="check_file_to_end"),
        ]

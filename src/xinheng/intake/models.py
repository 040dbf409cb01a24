"""What is on its way in: deliveries, remembered header mappings, and the groups of a receipt."""

import uuid

from django.db import models
from django.db.models import Q

from xinheng.ledger.models import Batch, Channel
from xinheng.people.models import Department, Region, User


class DeliveryState(models.TextChoices):
    """Where a delivered file stands."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "核对中"
    MAPPING = "mapping", "待确认列名"
    DONE = "done", "已出回执"
    REFUSED = "refused", "未能接收"


class Delivery(models.Model):
    """One file as it was handed in; it becomes one batch, or is refused with one sentence.

    The file itself lies encrypted under `stored_path` until it is committed as the batch's source.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    type = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    stored_path = models.CharField(max_length=255, blank=True)
    key_id = models.BigIntegerField(null=True)
    mapping = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    percent = models.SmallIntegerField(default=0)
    stage = models.CharField(max_length=50, blank=True)
    message = models.CharField(max_length=500, blank=True)
    advice = models.CharField(max_length=500, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    submitted_by_client = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", batch__isnull=False) | (~Q(state="done") & Q(batch=None)),
                name="delivery_done_has_its_batch",
            )
        ]
        indexes = [models.Index(fields=["region", "-received_at"], name="delivery_by_time")]


class HeaderMapping(models.Model):
    """How a department's own column names are to be read, once an officer said so."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    type = models.CharField(max_length=40)
    header_digest = models.CharField(max_length=64)
    mapping = models.JSONField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "type", "header_digest"], name="one_mapping_per_header")
        ]


class FindingGroup(models.Model):
    """How often one kind of problem occurs in a batch; the single rows stand in the ledger."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="finding_groups")
    check_id = models.CharField(max_length=3)
    column = models.CharField(max_length=60)
    variant = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=8, choices=[("error", "错误"), ("warning", "提示"), ("notice", "说明")])
    count = models.BigIntegerField()
    first_row = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "check_id", "column", "variant", "level"], name="one_group_per_kind_of_finding"
            )
        ]

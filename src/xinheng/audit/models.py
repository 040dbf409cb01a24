"""The log of acts and reads. No foreign keys: the log outlives what it describes.

Rows are only ever added. The columns the database fills itself (`transaction`, batches and their digests)
are written by triggers, see migration 0002.
"""

from django.db import models


class AuditEvent(models.Model):
    """One act or one read of data that is not public."""

    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    region_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    transaction = models.BigIntegerField(default=0)

    class Meta:
        db_table = "audit_event"
        indexes = [
            models.Index(fields=["transaction", "id"], name="audit_event_of_transaction"),
            models.Index(fields=["region_id", "-id"], name="audit_event_of_region"),
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_event_of_object"),
        ]


class AuditBatch(models.Model):
    """The events of one transaction and the digest over them, written by the database at commit."""

    transaction = models.BigIntegerField()
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    count = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "audit_batch"
        indexes = [models.Index(fields=["transaction", "last_event"], name="audit_batch_of_transaction")]


class AuditSeal(models.Model):
    """A link of the chain: position without gaps, one batch, and the hash over all before it."""

    n = models.BigIntegerField(primary_key=True)
    batch_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_seal"

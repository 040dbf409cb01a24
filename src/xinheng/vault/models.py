"""Sealed data on natural persons, and the keys: with its key destroyed, nothing can be read anywhere."""

from django.db import models
from django.db.models import Q


class KeyKind(models.TextChoices):
    """What a data key seals."""

    BATCH = "batch", "批次"
    PERSON = "person", "自然人"
    SOURCE = "source", "原件"


class MasterKeyUse(models.Model):
    """Which master key wraps the data keys, by fingerprint; the open row is the present one."""

    fingerprint = models.CharField(max_length=16, unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["until"], condition=Q(until=None), nulls_distinct=False, name="one_present_master_key"
            )
        ]


class DataKey(models.Model):
    """A data key, itself encrypted with the master key kept outside the database."""

    kind = models.CharField(max_length=10, choices=KeyKind)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.CharField(max_length=100, blank=True)
    destroyed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at=None)
                | (Q(wrapped=None, destroyed_at__isnull=False) & ~Q(destroyed_by="") & ~Q(destroyed_reason="")),
                name="key_present_or_destroyed_by_somebody_for_a_reason",
            )
        ]


class Person(models.Model):
    """A natural person named by a decision document: nothing but a blind index."""

    blind_index = models.UUIDField(unique=True)


class PersonMention(models.Model):
    """A batch whose file names a person, also in rows that were rejected: what must be erased with her."""

    blind_index = models.UUIDField()
    batch_no = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blind_index", "batch_no"], name="person_mentioned_once_per_batch")
        ]


class SealedRecord(models.Model):
    """One version of a row about a natural person; all versions of a record share a key of their own.

    `decided_on` and `valid_to` stand in clear, so that the end of the retention is known without opening the row.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    key = models.ForeignKey(DataKey, on_delete=models.PROTECT)
    region_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    type = models.CharField(max_length=40)
    key_blind = models.UUIDField()
    content_blind = models.UUIDField()
    ciphertext = models.BinaryField()
    withdrawn = models.BooleanField(default=False)
    decided_on = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    batch_no = models.BigIntegerField()
    row_no = models.BigIntegerField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type", "key_blind"], condition=Q(known_to=None), name="one_current_sealed_version"
            )
        ]
        indexes = [models.Index(fields=["batch_no"], name="sealed_record_by_batch")]

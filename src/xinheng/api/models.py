"""Writes that were answered, so that a program may repeat one whose answer it did not get."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from xinheng.people.models import ApiClient


class AnsweredWrite(models.Model):
    """One `Idempotency-Key` of a program, and the deliveries that were its answer."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT)
    key = models.CharField(max_length=100)
    request_digest = models.CharField(max_length=64)
    deliveries = ArrayField(models.UUIDField())
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_once_per_client")]

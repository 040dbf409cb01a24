"""What changed, for everybody who follows: events in the transaction of the change, timepoints after its commit."""

from django.db import models


class FeedKind(models.TextChoices):
    """What a reader of the feed learns."""

    APPEARED = "appeared", "开始公示"
    ENDED = "ended", "提前终止"
    EXPIRED = "expired", "到期"
    SUSPENDED = "suspended", "暂停"
    RESUMED = "resumed", "恢复"


class FeedEvent(models.Model):
    """One row for upper packages to consume by cursor, written in the transaction of the change.

    A batch that publishes many effects writes one row with the range of their ids (`created_by_batch` tells
    them from effects that another transaction made meanwhile).
    """

    region_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=FeedKind)
    first_effect = models.BigIntegerField()
    last_effect = models.BigIntegerField()
    count = models.BigIntegerField()
    batch_no = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class FeedWaiting(models.Model):
    """An event without a timepoint yet; a trigger writes it with the event, the sequencer takes it away."""

    event_id = models.BigIntegerField(primary_key=True)


class Timepoint(models.Model):
    """The place of a committed event in the public feed.

    Numbers of events are given before their transactions commit; whoever followed them would miss the late ones.
    """

    number = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)

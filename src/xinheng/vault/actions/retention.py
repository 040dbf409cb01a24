"""Destroying what is kept no longer: the keys of records whose retention ended, and of old files naming persons."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.ledger.models import Batch
from xinheng.vault.actions.erasing import destroy_files, destroy_key
from xinheng.vault.models import DataKey, PersonMention
from xinheng.vault.retention import FILES, Retention, retentions

KEEPER = Actor.system("封存期管理")
REASON = "封存期届满"
_DUE = """
WITH rule AS (SELECT * FROM unnest(%(of)s::text[], %(from)s::text[], %(days)s::int[]) AS r(of, counted_from, days))
SELECT r.key_id, min(r.region_id) FROM vault_sealedrecord r
JOIN vault_datakey k ON k.id = r.key_id AND k.destroyed_at IS NULL
LEFT JOIN rule ON rule.of = CASE WHEN r.withdrawn THEN 'withdrawn' ELSE r.type END
WHERE r.known_to IS NULL GROUP BY r.key_id
HAVING bool_and(coalesce(CASE rule.counted_from WHEN 'valid_to' THEN r.valid_to WHEN 'decided_on' THEN r.decided_on
    WHEN 'withdrawn' THEN (r.known_from AT TIME ZONE 'Asia/Shanghai')::date END + rule.days < %(today)s, false))
ORDER BY r.key_id
"""


@dataclass(frozen=True)
class RetentionEnd:
    """What a day's run did: records and batches' files destroyed, and records due under a rule nobody verified."""

    records: int
    batches: int
    unverified: int


def end_retention(*, pack: str, today: date, now: datetime, by: Actor = KEEPER) -> RetentionEnd:
    """Destroy the keys of all that is kept no longer on this day. Only verified rules destroy; the rest is counted.

    A key shared by several records is destroyed with the last of them. Each key goes in a transaction of its own,
    so that a killed run is simply continued by the next.
    """
    rules = retentions(pack, today)
    verified = [rule for rule in rules.values() if rule.verified]
    due = due_keys(verified, today)
    for key_id, region_id in due:
        destroy_key(key_id=key_id, by=by, now=now, reason=REASON, region_id=region_id)
    batches = _old_files(rules[FILES], today) if FILES in rules and rules[FILES].verified else []
    for number in batches:
        destroy_files(batch_no=number, by=by, now=now, reason=REASON)
    waiting = len(due_keys(rules.values(), today))
    done = RetentionEnd(len(due), len(batches), waiting)
    if due or batches:
        with transaction.atomic():
            record(act="vault.retention", by=by, now=now, detail={"records": done.records, "batches": done.batches})
    return done


def due_keys(rules: Collection[Retention], today: date) -> list[tuple[int, int]]:
    """Living keys, with a region, of which every record's retention has ended by these rules."""
    given = [rule for rule in rules if rule.of != FILES]
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "of": [rule.of for rule in given],
                "from": [rule.counted_from for rule in given],
                "days": [rule.days for rule in given],
                "today": today,
            },
        )
        return [(int(key_id), int(region_id)) for key_id, region_id in cursor.fetchall()]


def _old_files(rule: Retention, today: date) -> list[int]:
    """Batches that name a person, received too long ago, whose files can still be opened."""
    alive = DataKey.objects.filter(destroyed_at=None).values("pk")
    old = Batch.objects.filter(received_at__date__lt=today - timedelta(days=rule.days), seal_key__in=alive)
    named = PersonMention.objects.values("batch_no")
    return list(old.filter(number__in=named).order_by("number").values_list("number", flat=True))

"""Noting what leaves the house. A door calls this in the same request, and gives out only what it returns.

The rows are locked against ending (`FOR SHARE`): either the end came first and the version is not handed over,
or the handover came first and the end finds it and writes its retraction.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import TryLater
from xinheng.effects.models import Confirming, Handover, Recipient, RecipientKind
from xinheng.effects.queries.in_force import HIDDEN
from xinheng.people.models import Region
from xinheng.people.queries import ClientSummary

CALLS = "接口读取"
MADE_GOOD = "EXISTS (SELECT 1 FROM effects_effect n WHERE n.restores_id = e.id)"
PUBLICATION = "{0}.kind = 'publication' AND {0}.end_reason <> 'corrected'"
"""Named as the index of publications by record names it."""


@transaction.atomic
def named_recipient(*, region: Region, kind: RecipientKind, name: str, now: datetime) -> Recipient:
    """The recipient of that kind and name in a region, noted on first use. Programs: `hand_to_program`."""
    found, _ = Recipient.objects.get_or_create(
        region=region, kind=kind, name=name, defaults={"confirming": Confirming.IN_WRITING, "created_at": now}
    )
    return found


@transaction.atomic
def hand_over(
    *,
    recipient: Recipient,
    title: str,
    record_ids: Sequence[int],
    by: Actor,
    now: datetime,
    valid_until: date | None = None,
) -> Handover:
    """Note that these versions leave with one file or report; TryLater when one of them changed meanwhile."""
    wanted = list(dict.fromkeys(record_ids))
    with connection.cursor() as cursor:
        _lock(cursor, "register_record r WHERE r.id = ANY(%s)", wanted)
        _lock(cursor, f"effects_effect r WHERE r.record_id = ANY(%s) AND {PUBLICATION.format('r')}", wanted)
        cursor.execute(
            f"""
            SELECT count(*) FROM register_record r
            WHERE r.id = ANY(%s) AND r.known_to IS NULL AND NOT r.withdrawn AND NOT EXISTS (
                SELECT 1 FROM effects_effect e
                WHERE e.record_id = r.id AND {PUBLICATION.format("e")}
                  AND (e.ended_at IS NOT NULL AND NOT {MADE_GOOD} OR {HIDDEN}))
            """,
            [wanted],
        )
        if cursor.fetchone()[0] != len(wanted):
            raise TryLater("这些信息刚刚有变化。", "请重新导出。")
        handover = Handover.objects.create(
            recipient=recipient,
            title=title[:200],
            at=now,
            versions=len(wanted),
            valid_until=valid_until,
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name,
        )
        _note(cursor, handover, wanted)
    return handover


@transaction.atomic
def hand_to_program(*, client: ClientSummary, effect_ids: Sequence[int], now: datetime) -> frozenset[int]:
    """Note what a program is about to read with its own key; those of the publications it may still get."""
    with connection.cursor() as cursor:
        _lock(cursor, "effects_effect r WHERE r.id = ANY(%s)", list(effect_ids))
        cursor.execute(
            f"""
            SELECT e.id, e.record_id FROM effects_effect e
            WHERE e.id = ANY(%s) AND e.ended_at IS NULL AND NOT {HIDDEN} ORDER BY e.id
            """,
            [list(effect_ids)],
        )
        alive = dict(cursor.fetchall())
        if not alive:
            return frozenset()
        recipient = _program(client, now)
        handover, _ = Handover.objects.get_or_create(
            recipient=recipient,
            day=today(now),
            defaults={
                "title": CALLS,
                "at": now,
                "versions": 0,
                "actor_kind": client.actor.kind,
                "actor_id": client.actor.id,
                "actor_name": client.actor.name,
            },
        )
        added = _note(cursor, handover, list(alive.values()))
        if added:
            cursor.execute("UPDATE effects_handover SET versions = versions + %s WHERE id = %s", [added, handover.pk])
    return frozenset(alive)


def _program(client: ClientSummary, now: datetime) -> Recipient:
    found, _ = Recipient.objects.get_or_create(
        client_id=client.id,
        defaults={
            "region": Region.objects.get(code=client.region_code),
            "kind": RecipientKind.API_CLIENT,
            "name": f"{client.department_name} {client.name}"[:200],
            "confirming": Confirming.BY_CALL,
            "created_at": now,
        },
    )
    return found


def _lock(cursor: Any, rows: str, numbers: list[int]) -> None:
    """Keep these rows from changing until we are through; a count, so that no rows travel."""
    cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM {rows} ORDER BY r.id FOR SHARE) AS locked", [numbers])


def _note(cursor: Any, handover: Handover, record_ids: list[int]) -> int:
    cursor.execute(
        """
        INSERT INTO effects_handedversion (handover_id, recipient_id, record_id)
        SELECT %s, %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING
        """,
        [handover.pk, handover.recipient_id, record_ids],
    )
    return int(cursor.rowcount)

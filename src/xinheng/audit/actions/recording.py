"""What may be written to the log. Every action of the platform calls `record` inside its own transaction."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.transaction import TransactionManagementError

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Refused
from xinheng.base.identifiers import credit_code
from xinheng.base.identifiers.citizen_number import looks_like_citizen_number

_CITIZEN_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:(?:18|19|20)\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_ADD = """
INSERT INTO audit_event (at, act, actor_kind, actor_id, actor_name, region_id, object_type, object_id, purpose, detail,
    transaction)
SELECT at, act, actor_kind, actor_id, actor_name, region_id, object_type, object_id, purpose, detail, 0
FROM json_to_recordset(%s) AS happened (at timestamptz, act text, actor_kind text, actor_id text, actor_name text,
    region_id bigint, object_type text, object_id text, purpose text, detail jsonb)
"""
"""One call instead of a row each: going to and fro costs more than the rows."""


@dataclass(frozen=True)
class Happening:
    """One of many events that are written together."""

    act: str
    by: Actor
    region_id: int | None = None
    object_type: str = ""
    object_id: str = ""
    purpose: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


def record_many(*, happenings: Sequence[Happening], now: datetime) -> None:
    """Add events of different actors to the log with one statement; the same rules as `record`."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("audit.actions.record_many must run inside the transaction it describes")
    if not happenings:
        return
    _refuse_persons(
        text for one in happenings for text in (one.by.name, one.object_id, one.purpose, *_texts(one.detail))
    )
    at = now.isoformat()
    rows = [
        {
            "at": at,
            "act": one.act,
            "actor_kind": one.by.kind,
            "actor_id": one.by.id,
            "actor_name": one.by.name,
            "region_id": one.region_id,
            "object_type": one.object_type,
            "object_id": one.object_id,
            "purpose": one.purpose,
            "detail": one.detail,
        }
        for one in happenings
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [json.dumps(rows, ensure_ascii=False)])


def record(
    *,
    act: str,
    by: Actor,
    now: datetime,
    region_id: int | None = None,
    object_type: str = "",
    object_id: str = "",
    purpose: str = "",
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add one event to the log and return its number.

    Must run inside the transaction of what it describes, so that neither exists without the other. Personal
    data does not belong here: texts that look like a citizen number are refused.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("audit.actions.record must run inside the transaction it describes")
    facts = dict(detail or {})
    _refuse_persons((by.name, object_id, purpose, *_texts(facts)))
    event = AuditEvent.objects.create(
        at=now,
        act=act,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        region_id=region_id,
        object_type=object_type,
        object_id=object_id,
        purpose=purpose,
        detail=facts,
    )
    return event.pk


def _refuse_persons(texts: Iterable[str]) -> None:
    # One look over all of them: a number does not reach across the sign between two texts.
    if _names_a_person("\x1f".join(texts)):
        raise Refused("操作日志不得包含公民身份号码。", "请改用记录编号说明对象。")


def _names_a_person(text: str) -> bool:
    """Whether a citizen number stands in the text; a few genuine credit codes have the same shape."""
    found = _CITIZEN_NUMBER.findall(text)
    return any(looks_like_citizen_number(one.upper()) and not credit_code.inspect(one).genuine for one in found)


def _texts(value: object) -> Iterator[str]:
    """Every text and number inside a detail value, keys included."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, inner in value.items():
                yield str(key)
                yield from _texts(inner)
        case list() | tuple() | set() | frozenset():
            for inner in value:
                yield from _texts(inner)
        case bool() | None:
            return
        case _:
            yield str(value)

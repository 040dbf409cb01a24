"""What is kept of answered calls: a row in the log and a row in the register of checks for each, written by sets.

A call with a key is kept with its answer, so that the same call gives the same answer again.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from xinheng.audit.actions import Happening, record_many
from xinheng.base.errors import Conflict, XinhengError
from xinheng.checks.asking import Errand
from xinheng.checks.models import CheckRequest, Mode
from xinheng.people.purposes import logged
from xinheng.rulebook.loader import load_pack

_KEEP = """
INSERT INTO checks_checkrequest (number, asked_at, on_day, region_id, department_id, actor_kind, actor_id, actor_name,
    item, case_no, purpose, mode, code, codes, hits, stale, measures, digest, key_id, idempotency_key, request_digest,
    answer)
SELECT number, asked_at, on_day, region_id, department_id, actor_kind, actor_id, actor_name,
    item, case_no, purpose, mode, code, codes, hits, stale, measures, digest, key_id, idempotency_key, request_digest,
    answer
FROM json_to_recordset(%s) AS asked (number text, asked_at timestamptz, on_day date, region_id bigint,
    department_id bigint, actor_kind text, actor_id text, actor_name text, item text, case_no text, purpose text,
    mode text, code text, codes integer, hits integer, stale boolean, measures jsonb, digest text, key_id text,
    idempotency_key text, request_digest text, answer text)
"""
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_TWO = tuple(first + second for first in _LETTERS for second in _LETTERS)
_PAIRS = 5
_NUMBERS = len(_TWO) ** _PAIRS


@dataclass(frozen=True)
class Key:
    """Under which `text` a call gives the same answer again; `digest` says what the same call is."""

    text: str
    digest: str


@dataclass(frozen=True)
class Sum:
    """What a call asked and found, in numbers and names: one code or many."""

    mode: Mode
    code: str
    codes: int
    hits: int
    stale: bool
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """One answered call on its way into the log and into the register of checks."""

    happening: Happening
    row: dict[str, object]


def keep(written: Sequence[Written], now: datetime) -> None:
    """Write answered calls into the log and into the register of checks, inside the caller's transaction."""
    record_many(happenings=[one.happening for one in written], now=now)
    if written:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [json.dumps([one.row for one in written], ensure_ascii=False)])


def written(
    about: Errand, found: Sum, happening: Happening, *, number: str, digest: str, key_id: str, day: date, now: datetime,
    key: Key | None, body: str,
) -> Written:  # fmt: skip
    """One answered call as it is kept; the answer itself only where the call has a key."""
    asker = about.asker
    row: dict[str, object] = {
        "number": number,
        "asked_at": _moment(now, "auto"),
        "on_day": day.isoformat(),
        "region_id": asker.region_id,
        "department_id": asker.department_id,
        "actor_kind": asker.actor.kind,
        "actor_id": asker.actor.id,
        "actor_name": asker.actor.name,
        "item": about.item.code,
        "case_no": about.case_no,
        "purpose": about.purpose.key,
        "mode": found.mode.value,
        "code": found.code,
        "codes": found.codes,
        "hits": found.hits,
        "stale": found.stale,
        "measures": found.measures,
        "digest": digest,
        "key_id": key_id,
        "request_digest": key.digest if key else "",
    }
    if key:
        row |= {"idempotency_key": key.text, "answer": body}
    return Written(happening, row)


def happening(about: Errand, act: str, object_type: str, object_id: str, detail: dict[str, object]) -> Happening:
    """The row of the log for one call."""
    asker = about.asker
    return Happening(
        act=act,
        by=asker.actor,
        region_id=asker.region_id,
        object_type=object_type,
        object_id=object_id,
        purpose=logged(about.purpose.key, about.case_no),
        detail=detail,
    )


def errand_facts(about: Errand, number: str, pack: str, day: date, now: datetime) -> dict[str, str]:
    """Who asked for what, as it stands in every receipt."""
    return {
        "number": number,
        "issuer": issuer(pack),
        "region": about.asker.region_code,
        "asked_at": _moment(now, "seconds"),
        "day": day.isoformat(),
        "department": about.asker.department_name,
        "item": about.item.code,
        "item_title": about.item.title,
        "case_no": about.case_no,
        "purpose": about.purpose.key,
    }


def new_number(region_code: str, day: date) -> str:
    """A number for a receipt: not to be guessed, and short enough to be read out."""
    left, word = secrets.randbelow(_NUMBERS), ""
    for _ in range(_PAIRS):
        left, pair = divmod(left, len(_TWO))
        word += _TWO[pair]
    return f"{_stem(region_code, day)}{word}"


@lru_cache(maxsize=64)
def _stem(region_code: str, day: date) -> str:
    return f"HC{region_code}-{day:%Y%m%d}-"


@lru_cache(maxsize=4)
def _moment(now: datetime, timespec: str) -> str:
    return now.isoformat(timespec=timespec)


@lru_cache(maxsize=8)
def issuer(pack: str) -> str:
    """Who signs."""
    found = load_pack(pack)
    return found.site_name or found.title


def answered_before(keys: Sequence[tuple[str, Key]]) -> dict[tuple[str, str], CheckRequest]:
    """The calls that were answered under these keys of these actors."""
    if not keys:
        return {}
    known = CheckRequest.objects.filter(
        actor_id__in={actor for actor, _ in keys}, idempotency_key__in={key.text for _, key in keys}
    )
    return {(one.actor_id, one.idempotency_key or ""): one for one in known}


def again(known: CheckRequest, key: Key, mode: Mode) -> str | XinhengError:
    """The answer that was given before, or the refusal of a key that was used for another call."""
    if known.request_digest != key.digest or known.answer is None or known.mode != mode:
        return used()
    return known.answer


def used() -> Conflict:
    """A key that stands for another call already."""
    return Conflict("这个 Idempotency-Key 已用于另一次核查。", "请为每次核查换一个新的值。")

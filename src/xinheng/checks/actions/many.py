"""Answering a call about many codes: one row in the log for the call, one for its codes, one receipt over all.

The row in the log holds the digest of all codes that were asked: a code that is changed or taken out later is noticed.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from xinheng.base.clock import today
from xinheng.base.errors import Refused, WrongUsage, XinhengError
from xinheng.base.home import Home
from xinheng.base.postgres.bulk import text_array
from xinheng.checks.actions.answering import reach
from xinheng.checks.actions.keeping import (
    Key,
    Sum,
    again,
    answered_before,
    errand_facts,
    happening,
    keep,
    new_number,
    written,
)
from xinheng.checks.answers import STALE
from xinheng.checks.asking import MOST_CODES, Errand, understood
from xinheng.checks.keys import SigningKey, ensure_check_key
from xinheng.checks.looking import Looked, look
from xinheng.checks.models import Mode
from xinheng.checks.receipts import canonical, lines_digest, sign_payload, with_receipt

ACT = "check.answer_many"
_KEEP_PART = """
INSERT INTO checks_checkpart (request_number, first, codes, entries, measures) VALUES (%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True)
class AnsweredMany:
    """The whole answer as it leaves, lines in the order of the codes, refusals in their places."""

    body: bytes

    @property
    def facts(self) -> dict[str, Any]:
        """The answer as a program reads it."""
        found: dict[str, Any] = json.loads(self.body)
        return found


def answer_many(
    *, about: Errand, codes: Sequence[str], pack: str, home: Home, now: datetime, key: Key | None = None
) -> AnsweredMany:
    """Answer up to `MOST_CODES` codes in one transaction; returns when it is committed.

    Refused codes are counted; a person's number is neither kept nor repeated. With a `key` the same call gives the
    same answer again.
    """
    if not codes:
        raise WrongUsage("请至少写一个代码。")
    if len(codes) > MOST_CODES:
        raise Refused(f"一次最多核查 {MOST_CODES} 个代码。", "请分批提交，或者用文件提交。")
    signing = ensure_check_key(home)
    try:
        with transaction.atomic():
            return _answered_again(about, key) or _answer(about, codes, pack, signing, now, key)
    except IntegrityError:  # the same call, a moment earlier
        found = _answered_again(about, key)
        if found is None:
            raise
        return found


def _answered_again(about: Errand, key: Key | None) -> AnsweredMany | None:
    if key is None:
        return None
    actor = about.asker.actor.id
    known = answered_before([(actor, key)]).get((actor, key.text))
    if known is None:
        return None
    body = again(known, key, Mode.MANY)
    if isinstance(body, XinhengError):
        raise body
    return AnsweredMany(body.encode())


def _answer(
    about: Errand, codes: Sequence[str], pack: str, signing: SigningKey, now: datetime, key: Key | None
) -> AnsweredMany:
    day = today(now)
    reached = reach(about.asker, pack, day, now)
    looked = list(look(understood(about, codes), 1, reached, day))
    lines = [one.line for one in looked]
    number = new_number(about.asker.region_code, day)
    asked = [one.code for one in looked if one.code]
    hits = sum(one.hit for one in looked)
    facts = {
        **errand_facts(about, number, pack, day, now),
        "codes": len(looked),
        "hits": hits,
        "refused": len(looked) - len(asked),
        "sentence": sentence_of_many(len(asked), hits, reached.stale),
        "stale": reached.stale,
        "sources": reached.facts,
        "lines_digest": lines_digest(lines),
    }
    payload = canonical(facts)
    receipt, digest = sign_payload(payload, signing)
    body = with_receipt(payload, receipt, b"[" + b",".join(lines) + b"]")
    keep_part(number, looked)
    detail: dict[str, object] = {
        "item": about.item.code, "codes": len(looked), "hits": hits, "digest": digest, "asked": asked_digest(asked),
    }  # fmt: skip
    row = written(
        about, Sum(Mode.MANY, "", len(looked), hits, reached.stale), happening(about, ACT, "check", number, detail),
        number=number, digest=digest, key_id=signing.id, day=day, now=now, key=key, body=body.decode() if key else "",
    )  # fmt: skip
    keep([row], now)
    return AnsweredMany(body)


def keep_part(number: str, looked: Sequence[Looked]) -> None:
    """Keep the codes that were answered, with what was found, in one row; of a refused one only its place."""
    entries, measures = (
        f"{{{','.join(map(str, counts))}}}"
        for counts in ([one.entries for one in looked], [one.measures for one in looked])
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_PART, [number, looked[0].place, text_array(one.code for one in looked), entries, measures])


def asked_digest(codes: Sequence[str]) -> str:
    """What the sealed log keeps of the codes of one call, so that their rows can be held against it."""
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()


def sentence_of_many(codes: int, hits: int, stale: bool) -> str:
    """The answer about many codes in one sentence."""
    told = f"核查 {codes} 个代码，{hits} 个有生效的名单信息或者须采取的措施"
    return f"{told}；{STALE}，各来源见清单。" if stale else f"{told}。"

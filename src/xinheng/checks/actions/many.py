"""Answering a call about many codes: one row in the log for the call, one row for each code, one receipt over all.

A line is canonical JSON from the start, so that it is hashed, sent and verified as the same bytes.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any

from django.db import IntegrityError, connection, transaction

from xinheng.base.clock import today
from xinheng.base.errors import Refused, WrongUsage, XinhengError
from xinheng.base.home import Home
from xinheng.checks.actions.answering import found_rows, reach
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
from xinheng.checks.answers import STALE, UNKNOWN, FoundRow, Reach, answer, as_facts
from xinheng.checks.asking import MOST_CODES, Errand, PersonRefused, Question, question
from xinheng.checks.keys import SigningKey, ensure_check_key
from xinheng.checks.models import Mode
from xinheng.checks.receipts import canonical, lines_digest, sign_payload, with_receipt

ACT = "check.answer_many"
_COPY = "COPY checks_checkline (request_number, place, code, entries, measures) FROM STDIN"
_WARNED = f"[{encode_basestring(UNKNOWN)}]"


@dataclass(frozen=True)
class Line:
    """The answer about one of many codes as canonical JSON; `code` is empty where it was refused."""

    text: bytes
    code: str = ""
    entries: int = 0
    measures: int = 0
    hit: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """The line as a program reads it."""
        found: dict[str, Any] = json.loads(self.text)
        return found


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
    lines = list(answered_lines(about, codes, 1, reached, day))
    number = new_number(about.asker.region_code, day)
    kept = [one for one in lines if one.code]
    hits = sum(one.hit for one in lines)
    facts = {
        **errand_facts(about, number, pack, day, now),
        "codes": len(lines),
        "hits": hits,
        "refused": len(lines) - len(kept),
        "sentence": sentence_of_many(len(kept), hits, reached.stale),
        "stale": reached.stale,
        "sources": reached.facts,
        "lines_digest": lines_digest(one.text for one in lines),
    }
    payload = canonical(facts)
    receipt, digest = sign_payload(payload, signing)
    body = with_receipt(payload, receipt, b"[" + b",".join(one.text for one in lines) + b"]")
    keep_lines(number, 1, lines)
    asked = hashlib.sha256("\n".join(one.code for one in lines).encode()).hexdigest()
    detail: dict[str, object] = {
        "item": about.item.code, "codes": len(lines), "hits": hits, "digest": digest, "asked": asked,
    }  # fmt: skip
    row = written(
        about, Sum(Mode.MANY, "", len(lines), hits, reached.stale), happening(about, ACT, "check", number, detail),
        number=number, digest=digest, key_id=signing.id, day=day, now=now, key=key, body=body.decode() if key else "",
    )  # fmt: skip
    keep([row], now)
    return AnsweredMany(body)


def answered_lines(about: Errand, codes: Sequence[str], first: int, reached: Reach, day: date) -> Iterator[Line]:
    """The answers about these codes, the first of them at place `first`."""
    asked = [_asked(about, code) for code in codes]
    rows = iter(found_rows([one for one in asked if isinstance(one, Question)], day))
    for place, one in enumerate(asked, first):
        if isinstance(one, Question):
            yield _line(one, next(rows), place, reached)
        else:
            yield _refused(one, place)


def keep_lines(number: str, first: int, lines: Sequence[Line]) -> None:
    """Write one row for each code that was answered; a refused one leaves none."""
    text = "".join(
        f"{number}\t{place}\t{one.code}\t{one.entries}\t{one.measures}\n"
        for place, one in enumerate(lines, first)
        if one.code
    )
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(text)


def _asked(about: Errand, code: str) -> Question | XinhengError:
    try:
        return question(about, code)
    except XinhengError as refusal:
        return refusal


def _line(one: Question, rows: list[FoundRow], place: int, reached: Reach) -> Line:
    first = rows[0]
    if first.organisation_id is None and one.ambiguous:
        return _refused(PersonRefused(), place)
    if first.effect_id is None:
        # Most codes have nothing in force: what JSON would write for them is known.
        known, warned = ("true", "[]") if first.organisation_id is not None else ("false", _WARNED)
        text = (
            f'{{"code":"{one.code}","entries":[],"hit":false,"incentives":[],"known":{known},"measures":[],'
            f'"name":{encode_basestring(first.name or "")},"place":{place},"warnings":{warned}}}'
        )
        return Line(text.encode(), one.code)
    said = answer(one, rows, names=frozenset(), executable=reached.executable)
    text_of_hit = canonical({"place": place, **as_facts(said)})
    return Line(text_of_hit, one.code, len(said.entries), len(said.measures), said.hit)


def _refused(refusal: XinhengError, place: int) -> Line:
    return Line(canonical({"place": place, "refused": refusal.message, "advice": refusal.advice}))


def sentence_of_many(codes: int, hits: int, stale: bool) -> str:
    """The answer about many codes in one sentence."""
    told = f"核查 {codes} 个代码，{hits} 个有生效的名单信息或者须采取的措施"
    return f"{told}；{STALE}，各来源见清单。" if stale else f"{told}。"

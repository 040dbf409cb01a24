"""Answering a call about many codes: one row in the log for the call, one row for each code, one receipt over all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.base.clock import today
from xinheng.base.errors import Refused, WrongUsage, XinhengError
from xinheng.base.home import Home
from xinheng.checks.actions.answering import errand_facts, found_rows, new_number, reach, request_row
from xinheng.checks.answers import STALE, answer, as_facts, source_facts
from xinheng.checks.asking import MOST_CODES, Errand, PersonRefused, Question, question
from xinheng.checks.keys import ensure_check_key
from xinheng.checks.models import Mode
from xinheng.checks.receipts import canonical, lines_digest, sign
from xinheng.people.purposes import logged

ACT = "check.answer_many"
_COPY = "COPY checks_checkline (request_number, place, code, entries, measures) FROM STDIN"


@dataclass(frozen=True)
class AnsweredMany:
    """The answers in the order of the codes; a code that may not be asked about has its refusal in its place."""

    number: str
    codes: int
    hits: int
    refused: int
    lines: list[dict[str, Any]]
    facts: dict[str, Any]
    receipt: str

    @property
    def body(self) -> str:
        """The whole as it leaves."""
        return json.dumps({**self.facts, "lines": self.lines, "receipt": self.receipt}, ensure_ascii=False)


def answer_many(
    *, about: Errand, codes: Sequence[str], pack: str, home: Home, now: datetime, most: int = MOST_CODES
) -> AnsweredMany:
    """Answer up to `most` codes in one transaction; returns when it is committed.

    Refused codes are counted; a person's number is neither kept nor repeated.
    """
    if not codes:
        raise WrongUsage("请至少写一个代码。")
    if len(codes) > most:
        raise Refused(f"一次最多核查 {most} 个代码。", "请分批提交，或者用文件提交。")
    key = ensure_check_key(home)
    day = today(now)
    with transaction.atomic():
        asked = [_asked(about, code) for code in codes]
        reached = reach(about.asker, pack, day, now)
        lines, kept, hits = _lines(asked, day, reached.executable)
        number = new_number(about.asker.region_code, day)
        facts = {
            **errand_facts(about, number, pack, day, now),
            "codes": len(codes),
            "hits": hits,
            "refused": len(codes) - len(kept),
            "sentence": _sentence(len(kept), hits, reached.stale),
            "stale": reached.stale,
            "sources": [source_facts(line) for line in reached.sources],
            "lines_digest": lines_digest([canonical(line) for line in lines]),
        }
        receipt, digest = sign(facts, key)
        request_row(
            about, number=number, mode=Mode.MANY, codes=len(codes), hits=hits, stale=reached.stale, digest=digest,
            key_id=key.id, day=day, now=now,
        ).save(force_insert=True)  # fmt: skip
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for place, code, entries, measures in kept:
                copy.write_row((number, place, code, entries, measures))
        record(
            act=ACT, by=about.asker.actor, now=now, region_id=about.asker.region_id, object_type="check",
            object_id=number, purpose=logged(about.purpose.key, about.case_no),
            detail={"item": about.item.code, "codes": len(codes), "hits": hits, "digest": digest},
        )  # fmt: skip
    return AnsweredMany(number, len(codes), hits, len(codes) - len(kept), lines, facts, receipt)


def _asked(about: Errand, code: str) -> Question | XinhengError:
    try:
        return question(about, code)
    except XinhengError as refusal:
        return refusal


def _lines(
    asked: Sequence[Question | XinhengError], day: Any, executable: frozenset[tuple[str, str]]
) -> tuple[list[dict[str, Any]], list[tuple[int, str, int, int]], int]:
    questions = [one for one in asked if isinstance(one, Question)]
    rows = iter(found_rows(questions, day))
    lines: list[dict[str, Any]] = []
    kept: list[tuple[int, str, int, int]] = []
    hits = 0
    for place, one in enumerate(asked, 1):
        refusal = one if isinstance(one, XinhengError) else None
        if isinstance(one, Question):
            found = next(rows)
            if one.ambiguous and found[0].organisation_id is None:
                refusal = PersonRefused()
            else:
                said = answer(one, found, names=frozenset(), executable=executable)
                lines.append({"place": place, **as_facts(said)})
                kept.append((place, said.code, len(said.entries), len(said.measures)))
                hits += said.hit
        if refusal is not None:
            lines.append({"place": place, "refused": refusal.message, "advice": refusal.advice})
    return lines, kept, hits


def _sentence(codes: int, hits: int, stale: bool) -> str:
    told = f"核查 {codes} 个代码，{hits} 个有生效的名单信息或者须采取的措施"
    return f"{told}；{STALE}，各来源见清单。" if stale else f"{told}。"

"""Answering: one select, one insert into the log, one commit, and only then the answers.

A group of waiting calls costs little more than one of them, since a commit waits for the disk. Each call has an audit
row and a signed receipt of its own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring as text
from typing import Any

from django.db import transaction

from xinheng.base.clock import today
from xinheng.base.errors import XinhengError
from xinheng.base.home import Home
from xinheng.base.names import name_key
from xinheng.checks.actions.keeping import (
    Key,
    Sum,
    Written,
    again,
    answered_before,
    errand_facts,
    happening,
    keep,
    new_number,
    used,
    written,
)
from xinheng.checks.answers import Answer, FoundRow, Reach, answer, sentence
from xinheng.checks.asking import Asker, PersonRefused, Question
from xinheng.checks.executing import executable_measures
from xinheng.checks.freshness import source_lines
from xinheng.checks.items import sources
from xinheng.checks.keys import SigningKey, ensure_check_key
from xinheng.checks.looking import found_rows
from xinheng.checks.models import Mode
from xinheng.checks.receipts import sign_payload, with_receipt
from xinheng.checks.writing import members
from xinheng.checks.writing import written as in_json
from xinheng.register.models import OrganisationName

ACT = "check.answer"


@dataclass(frozen=True)
class Asked:
    """One call. With a `key`, the same call gives the same answer again."""

    question: Question
    key: Key | None = None

    @property
    def named(self) -> tuple[str, str]:
        """Whose key this is."""
        return self.question.errand.asker.actor.id, self.key.text if self.key else ""


@dataclass(frozen=True)
class Answered:
    """One answer as it leaves: the whole as JSON with the signed receipt in it."""

    body: str

    @property
    def facts(self) -> dict[str, Any]:
        """The answer as a program reads it."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class _Desk:
    """What all answers of one transaction share."""

    pack: str
    key: SigningKey
    day: date
    now: datetime


def answer_checks(*, asked: Sequence[Asked], pack: str, home: Home, now: datetime) -> list[Answered | XinhengError]:
    """Answer calls about one code each, in one transaction; returns when it is committed, in the order given.

    What may not be answered comes back as the refusal, and leaves no trace of what was sent.
    """
    desk = _Desk(pack, ensure_check_key(home), today(now), now)
    with transaction.atomic():
        return _answer(asked, desk)


def _answer(asked: Sequence[Asked], desk: _Desk) -> list[Answered | XinhengError]:
    results: dict[int, Answered | XinhengError] = {}
    first_of = dict[tuple[str, str], int]()
    fresh: list[int] = []
    before = answered_before([(one.named[0], one.key) for one in asked if one.key])
    for place, one in enumerate(asked):
        if one.key and one.named in before:
            known = again(before[one.named], one.key, Mode.ONE)
            results[place] = Answered(known) if isinstance(known, str) else known
        elif not one.key or first_of.setdefault(one.named, place) == place:
            fresh.append(place)
    questions = [asked[place].question for place in fresh]
    askers = {_region(one): one.errand.asker for one in questions}
    reaches = {number: reach(asker, desk.pack, desk.day, desk.now) for number, asker in askers.items()}
    kept: list[Written] = []
    for place, question, rows in zip(fresh, questions, found_rows(questions, desk.day), strict=True):
        if question.ambiguous and rows[0].organisation_id is None:
            results[place] = PersonRefused()
            continue
        reached = reaches[_region(question)]
        found = answer(question, rows, names=_names(question, rows), executable=reached.executable)
        results[place], row = _write(asked[place], found, reached, desk)
        kept.append(row)
    keep(kept, desk.now)
    return [results[place] if place in results else _twin(one, asked, results, first_of)
            for place, one in enumerate(asked)]  # fmt: skip


def _twin(
    one: Asked,
    asked: Sequence[Asked],
    results: dict[int, Answered | XinhengError],
    first_of: dict[tuple[str, str], int],
) -> Answered | XinhengError:
    """The answer to a call whose key came twice in one group."""
    first = first_of[one.named]
    return results[first] if one.key == asked[first].key else used()


def reach(asker: Asker, pack: str, day: date, now: datetime) -> Reach:
    """The sources of the asker's region and the measures that may be carried out there today."""
    delivered = source_lines(sources(pack), asker.region_id, now)
    return Reach(delivered, executable_measures(pack, asker.region_code, day), now)


def _write(one: Asked, found: Answer, reached: Reach, desk: _Desk) -> tuple[Answered, Written]:
    about = one.question.errand
    number = new_number(about.asker.region_code, desk.day)
    facts = {**errand_facts(about, number, desk.pack, desk.day, desk.now), "sentence": sentence(found, reached)}
    payload = in_json(
        {**{key: text(value) for key, value in facts.items()}, **members(found), "sources": reached.canonical_facts}
    ).encode()
    receipt, digest = sign_payload(payload, desk.key)
    body = with_receipt(payload, receipt).decode()
    measures = tuple(line.key for line in (*found.measures, *found.incentives))
    hits = int(found.hit)
    detail: dict[str, object] = {"check": number, "item": about.item.code, "hits": hits, "digest": digest}
    row = written(
        about, Sum(Mode.ONE, found.code, 1, hits, reached.stale, measures),
        happening(about, ACT, "organisation", found.code, detail),
        number=number, digest=digest, key_id=desk.key.id, day=desk.day, now=desk.now, key=one.key, body=body,
    )  # fmt: skip
    return Answered(body), row


def _names(question: Question, rows: list[FoundRow]) -> frozenset[str]:
    """The present name's key, and all former ones only where the present one differs from what was typed."""
    present = rows[0].name_key or ""
    if not question.name or rows[0].organisation_id is None or name_key(question.name) == present:
        return frozenset({present})
    kept = OrganisationName.objects.filter(organisation_id=rows[0].organisation_id, known_to=None)
    return frozenset({present, *kept.values_list("name_key", flat=True)})


def _region(question: Question) -> int:
    return question.errand.asker.region_id

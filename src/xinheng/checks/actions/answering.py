"""Answering: one select, one insert into the log, one commit, and only then the answers.

A group of waiting calls costs little more than one of them, since a commit waits for the disk. Each call has an audit
row and a signed receipt of its own.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from xinheng.audit.actions import Happening, record_many
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, XinhengError
from xinheng.base.home import Home
from xinheng.base.names import name_key
from xinheng.checks.answers import Answer, FoundRow, SourceLine, answer, as_facts, sentence, source_facts
from xinheng.checks.asking import Asker, Errand, PersonRefused, Question
from xinheng.checks.executing import executable_measures
from xinheng.checks.freshness import source_lines
from xinheng.checks.items import sources
from xinheng.checks.keys import SigningKey, ensure_check_key
from xinheng.checks.models import CheckRequest, Mode
from xinheng.checks.receipts import sign
from xinheng.people.purposes import logged
from xinheng.register.models import OrganisationName
from xinheng.rulebook.loader import load_pack

ACT = "check.answer"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Asked:
    """One call. With a `key`, the same call gives the same answer again; `digest` says what the same is."""

    question: Question
    key: str | None = None
    digest: str = ""


@dataclass(frozen=True)
class Answered:
    """One answer as it leaves: its number, and the whole as JSON with the signed receipt in it."""

    number: str
    body: str

    @property
    def facts(self) -> dict[str, Any]:
        """The answer as a program reads it."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Reach:
    """How far the answers for one region reach at one moment."""

    sources: tuple[SourceLine, ...]
    executable: frozenset[tuple[str, str]]

    @property
    def stale(self) -> bool:
        return not self.sources or not all(one.fresh for one in self.sources)


def answer_checks(*, asked: Sequence[Asked], pack: str, home: Home, now: datetime) -> list[Answered | XinhengError]:
    """Answer calls about one code each, in one transaction; returns when it is committed, in the order given.

    What may not be answered comes back as the refusal, and leaves no trace of what was sent.
    """
    key = ensure_check_key(home)
    with transaction.atomic():
        return _answer(asked, pack, key, now)


def _answer(asked: Sequence[Asked], pack: str, key: SigningKey, now: datetime) -> list[Answered | XinhengError]:
    day = today(now)
    before = _answered_before(asked)
    results: dict[int, Answered | XinhengError] = {}
    fresh: list[int] = []
    for place, one in enumerate(asked):
        known = before.get((one.question.errand.asker.actor.id, one.key or ""))
        if known is None:
            fresh.append(place)
        else:
            results[place] = _again(known, one)
    questions = [asked[place].question for place in fresh]
    askers = {_region(one): one.errand.asker for one in questions}
    reaches = {number: reach(asker, pack, day, now) for number, asker in askers.items()}
    requests, happenings, first_of = [], [], dict[tuple[str, str], int]()
    for place, question, rows in zip(fresh, questions, found_rows(questions, day), strict=True):
        if question.ambiguous and rows[0].organisation_id is None:
            results[place] = PersonRefused()
            continue
        one = asked[place]
        named = (question.errand.asker.actor.id, one.key or "")
        if one.key and named in first_of:  # twice in one group
            results[place] = results[first_of[named]] if one.digest == asked[first_of[named]].digest else _used()
            continue
        found = answer(question, rows, names=_names(question, rows), executable=reaches[_region(question)].executable)
        request, done = _write(one, found, reaches[_region(question)], key=key, pack=pack, day=day, now=now)
        requests.append(request)
        happenings.append(_happening(request, question.errand))
        results[place] = done
        if one.key:
            first_of[named] = place
    record_many(happenings=happenings, now=now)
    CheckRequest.objects.bulk_create(requests)
    return [results[place] for place in range(len(asked))]


def found_rows(questions: Sequence[Question], day: date) -> list[list[FoundRow]]:
    """The rows of `check_answer_v1` for each question."""
    if not questions:
        return []
    grouped: list[list[FoundRow]] = [[] for _ in questions]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM check_answer_v1(%s, %s, %s)",
            [[one.code for one in questions], [_region(one) for one in questions], day],
        )
        for row in cursor.fetchall():
            grouped[row[0] - 1].append(FoundRow(*row))
    return grouped


def reach(asker: Asker, pack: str, day: date, now: datetime) -> Reach:
    """The sources of the asker's region and the measures that may be carried out there today."""
    return Reach(source_lines(sources(pack), asker.region_id, now), executable_measures(pack, asker.region_code, day))


def new_number(region_code: str, day: date) -> str:
    """A number for a receipt: not to be guessed, and short enough to be read out."""
    word = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"HC{region_code}-{day:%Y%m%d}-{word}"


def issuer(pack: str) -> str:
    """Who signs."""
    found = load_pack(pack)
    return found.site_name or found.title


def errand_facts(about: Errand, number: str, pack: str, day: date, now: datetime) -> dict[str, Any]:
    """Who asked for what, as it stands in every receipt."""
    return {
        "number": number,
        "issuer": issuer(pack),
        "region": about.asker.region_code,
        "asked_at": now.isoformat(timespec="seconds"),
        "day": day.isoformat(),
        "department": about.asker.department_name,
        "item": about.item.code,
        "item_title": about.item.title,
        "case_no": about.case_no,
        "purpose": about.purpose.key,
    }


def _write(
    one: Asked, found: Answer, reached: Reach, *, key: SigningKey, pack: str, day: date, now: datetime
) -> tuple[CheckRequest, Answered]:
    about = one.question.errand
    number = new_number(about.asker.region_code, day)
    facts = {
        **errand_facts(about, number, pack, day, now),
        "sentence": sentence(found, reached.sources, now),
        **as_facts(found),
        "sources": [source_facts(line) for line in reached.sources],
    }
    receipt, digest = sign(facts, key)
    body = json.dumps({**facts, "receipt": receipt}, ensure_ascii=False)
    request = request_row(
        about, number=number, mode=Mode.ONE, codes=1, hits=int(found.hit), stale=reached.stale, digest=digest,
        key_id=key.id, day=day, now=now,
    )  # fmt: skip
    request.code = found.code
    request.measures = [line.key for line in (*found.measures, *found.incentives)]
    if one.key:
        request.idempotency_key, request.request_digest, request.answer = one.key, one.digest, body
    return request, Answered(number, body)


def request_row(
    about: Errand, *, number: str, mode: Mode, codes: int, hits: int, stale: bool, digest: str, key_id: str, day: date,
    now: datetime,
) -> CheckRequest:  # fmt: skip
    """The row that keeps one call, not written yet."""
    asker = about.asker
    return CheckRequest(
        number=number,
        asked_at=now,
        on_day=day,
        region_id=asker.region_id,
        department_id=asker.department_id,
        actor_kind=asker.actor.kind,
        actor_id=asker.actor.id,
        actor_name=asker.actor.name,
        item=about.item.code,
        case_no=about.case_no,
        purpose=about.purpose.key,
        mode=mode,
        codes=codes,
        hits=hits,
        stale=stale,
        digest=digest,
        key_id=key_id,
    )


def _happening(request: CheckRequest, about: Errand) -> Happening:
    return Happening(
        act=ACT,
        by=about.asker.actor,
        region_id=request.region_id,
        object_type="organisation",
        object_id=request.code,
        purpose=logged(about.purpose.key, about.case_no),
        detail={"check": request.number, "item": request.item, "hits": request.hits, "digest": request.digest},
    )


def _answered_before(asked: Sequence[Asked]) -> dict[tuple[str, str], CheckRequest]:
    keyed = [one for one in asked if one.key]
    if not keyed:
        return {}
    known = CheckRequest.objects.filter(
        actor_id__in={one.question.errand.asker.actor.id for one in keyed},
        idempotency_key__in={one.key for one in keyed if one.key},
    )
    return {(one.actor_id, one.idempotency_key or ""): one for one in known}


def _again(known: CheckRequest, one: Asked) -> Answered | XinhengError:
    if known.request_digest != one.digest or known.answer is None:
        return _used()
    return Answered(known.number, known.answer)


def _used() -> Conflict:
    return Conflict("这个 Idempotency-Key 已用于另一次核查。", "请为每次核查换一个新的值。")


def _names(question: Question, rows: list[FoundRow]) -> frozenset[str]:
    """The present name's key, and all former ones only where the present one differs from what was typed."""
    present = rows[0].name_key or ""
    if not question.name or rows[0].organisation_id is None or name_key(question.name) == present:
        return frozenset({present})
    kept = OrganisationName.objects.filter(organisation_id=rows[0].organisation_id, known_to=None)
    return frozenset({present, *kept.values_list("name_key", flat=True)})


def _region(question: Question) -> int:
    return question.errand.asker.region_id

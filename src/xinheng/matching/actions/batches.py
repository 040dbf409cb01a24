"""Comparing the unlinked statements of one batch with the register, by sets.

Done after the batch is committed and without its lock: until then its statements wait in the queue like any other
that nobody can be named for. A batch looks at its own statements only, once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record as log
from xinheng.audit.actor import Actor
from xinheng.base.names import name_key
from xinheng.catalogue.contracts import load_contracts
from xinheng.ledger.models import Batch
from xinheng.matching.actions.comparing import comparison
from xinheng.matching.decided import Key, decisions
from xinheng.matching.finding import Candidate, Finding, Typed, find, numbers_in
from xinheng.matching.matcher import Verdict, match_names, version_of
from xinheng.matching.models import Comparison, MatchRun, NameDecision
from xinheng.matching.vocabulary import Vocabulary, vocabulary
from xinheng.register.actions.matched import (
    MATCHED,
    REMEMBERED,
    FoundSubject,
    Offer,
    ask_for_subjects,
    link_found,
    offer_candidates,
)
from xinheng.register.models import Record, Review, ReviewKind
from xinheng.register.understanding import names_a_person

REGISTRATION_ITEM = "registration"
AT_ONCE = 2_000
"""So many typed names are looked up together."""


@dataclass(frozen=True)
class Matched:
    """What came of a batch: how many statements were looked at, linked, offered to a person, or already decided.

    `opened` are the records that may be published now.
    """

    looked_at: int
    linked: int
    unsure: int
    remembered: int
    opened: tuple[int, ...]


@dataclass(frozen=True)
class _Answer:
    """What is known of one typed name: the finding, and the decision that goes before it."""

    finding: Finding
    decision: NameDecision | None

    @property
    def outcome(self) -> str:
        """How the question is closed, where it need not be asked."""
        return REMEMBERED if self.decision and self.decision.organisation_id else MATCHED

    @property
    def organisation(self) -> int | None:
        """Whom the statements are linked to without asking."""
        if self.decision and self.decision.organisation_id:
            return self.decision.organisation_id
        best = self.finding.best
        return best.organisation_id if best and self.finding.verdict is Verdict.SAME else None

    @property
    def why(self) -> str:
        """The reason, in one sentence."""
        if self.decision and self.decision.organisation_id:
            return f"按第 {self.decision.review_id} 号待审事项的处理：同一部门、同一写法"
        return self.finding.why

    @property
    def numbers(self) -> tuple[int, ...]:
        """The candidates, the likeliest first."""
        return tuple(one.organisation_id for one in self.finding.candidates)


@dataclass(frozen=True)
class _Asked:
    """A statement with its question and what is known of the name it types."""

    review: int
    statement: Record
    answer: _Answer


def waiting_batches(*, now: datetime) -> list[int]:
    """Batches that came in before `now` with unlinked statements, and that nobody looked at yet."""
    unlinked = Record.objects.filter(link_method="none", known_to=None, withdrawn=False).values("batch_no")
    found = Batch.objects.filter(number__in=unlinked, matchrun=None, known_at__lt=now)
    return list(found.order_by("number").values_list("number", flat=True))


def match_batch(*, batch_no: int, pack: str, by: Actor, now: datetime) -> Matched:
    """Compare, link what is the same, offer what may be; doing it again changes nothing and opens nothing."""
    statements = _statements(batch_no, pack)
    answers = _answers(batch_no, statements, pack)
    if not statements:
        return Matched(0, 0, 0, 0, ())
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(number=batch_no)
        if MatchRun.objects.filter(batch=batch).exists():
            return Matched(0, 0, 0, 0, ())
        return _write(batch, statements, answers, pack=pack, by=by, now=now)


def _statements(batch_no: int, pack: str) -> list[Record]:
    registering = [key for key, contract in load_contracts(pack).items() if contract.item == REGISTRATION_ITEM]
    found = Record.objects.filter(
        batch_no=batch_no, known_to=None, link_method="none", gate="unlinked", withdrawn=False
    )
    named = found.exclude(type__in=registering).exclude(subject_name="").order_by("id")
    return [one for one in named if not names_a_person(one.subject_name)]


def _key(statement: Record) -> Key:
    return name_key(statement.subject_name), statement.subject_code


def _answers(batch_no: int, statements: Sequence[Record], pack: str) -> dict[Key, _Answer]:
    if not statements:
        return {}
    words = vocabulary(pack)
    typed = {_key(one): Typed(one.subject_name, numbers_in(one.subject_code)) for one in statements}
    decided = decisions(Batch.objects.get(number=batch_no).department_id, typed)
    keys = list(typed)
    answers: dict[Key, _Answer] = {}
    for start in range(0, len(keys), AT_ONCE):
        part = dict(enumerate(keys[start : start + AT_ONCE]))
        found = find({number: typed[key] for number, key in part.items()}, words)
        for number, key in part.items():
            decision = decided.get(key)
            finding = _after(decision, typed[key], found[number], words) if decision else found[number]
            answers[key] = _Answer(finding, decision)
    return answers


def _after(decision: NameDecision, typed: Typed, finding: Finding, words: Vocabulary) -> Finding:
    """The finding as an officer's decision leaves it: with the organisation she chose, without those she refused."""
    chosen = decision.organisation
    if chosen is not None:
        if all(one.organisation_id != chosen.pk for one in finding.candidates):
            found = Candidate(chosen.pk, chosen.name, False, match_names(typed.name, chosen.name, words))
            return replace(finding, candidates=(found, *finding.candidates))
        return finding
    kept = tuple(one for one in finding.candidates if one.organisation_id not in decision.refused)
    if len(kept) == len(finding.candidates):
        return finding
    if not kept:
        return Finding(Verdict.DIFFERENT, (), "相近的单位此前已由人核对，都不是")
    return Finding(Verdict.UNSURE, kept, "相近的单位有的此前已由人核对不是，其余须由人核对")


def _write(
    batch: Batch, statements: Sequence[Record], answers: Mapping[Key, _Answer], *, pack: str, by: Actor, now: datetime
) -> Matched:
    matcher = version_of(vocabulary(pack))
    known = [one for one in statements if answers[_key(one)].finding.candidates]
    ask_for_subjects(known, reason="没有可用的代码，按名称比对。", now=now)
    numbers = [one.record_no for one in known]
    questions = dict(
        Review.objects.filter(kind=ReviewKind.LINK, closed_at=None, record_no__in=numbers).values_list(
            "record_no", "id"
        )
    )
    asked = [_Asked(questions[one.record_no], one, answers[_key(one)]) for one in known]
    rows = [row for one in asked for row in _comparisons(one, batch, matcher, now)]
    Comparison.objects.bulk_create(rows, batch_size=1000)
    unsure = [one for one in asked if one.answer.organisation is None]
    offer_candidates({one.review: Offer(one.answer.numbers, one.answer.why) for one in asked})
    opened: list[int] = []
    counts = {}
    for outcome in (MATCHED, REMEMBERED):
        found = [
            FoundSubject(one.review, one.answer.organisation, one.answer.why)
            for one in asked
            if one.answer.organisation is not None and one.answer.outcome == outcome
        ]
        counts[outcome] = len(found)
        opened += link_found(found, outcome=outcome, now=now)
    facts = {
        "looked_at": len(statements),
        "linked": counts[MATCHED],
        "unsure": len(unsure),
        "remembered": counts[REMEMBERED],
    }
    MatchRun.objects.create(batch=batch, matcher=matcher, at=now, **facts)
    log(
        act="matching.batch",
        by=by,
        now=now,
        region_id=batch.region_id,
        object_type="batch",
        object_id=str(batch.number),
        detail={"matcher": matcher, **facts},
    )
    return Matched(**facts, opened=tuple(opened))


def _comparisons(asked: _Asked, batch: Batch, matcher: str, now: datetime) -> Iterator[Comparison]:
    answer, statement = asked.answer, asked.statement
    for one in answer.finding.candidates:
        linked = one.organisation_id == answer.organisation
        followed = answer.decision if linked and answer.outcome == REMEMBERED else None
        yield comparison(
            one, statement, batch, review=asked.review, linked=linked, decision=followed, matcher=matcher, now=now
        )

"""Links that need no officer's answer: many statements at once, each by its own open question.

Like an officer's link, a provisional number gets a subject link that can be closed again; the rows in the ledger
keep their number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xinheng.register.models import BY_ITSELF, Gate, Record, Review, ReviewKind

MATCHED, REMEMBERED = BY_ITSELF


@dataclass(frozen=True)
class FoundSubject:
    """An open question, the organisation its statement speaks of, and in one sentence why."""

    review: int
    organisation_id: int
    why: str


@dataclass(frozen=True)
class Offer:
    """What an officer is shown with a question: who may be meant, the likeliest first, and why she is asked."""

    candidates: tuple[int, ...]
    reason: str


def ask_for_subjects(statements: Iterable[Record], *, reason: str, now: datetime) -> None:
    """Put the question whose each statement is; what is asked already is not asked twice."""
    Review.objects.bulk_create(
        [
            Review(
                kind=ReviewKind.LINK,
                region_id=one.region_id,
                department_id=one.department_id,
                record_no=one.record_no,
                batch_no=one.batch_no,
                row_no=one.row_no,
                reason=reason,
                opened_at=now,
            )
            for one in statements
        ],
        ignore_conflicts=True,
    )


def offer_candidates(offers: Mapping[int, Offer]) -> None:
    """Say with open questions, by their ids, who may be meant."""
    questions = list(Review.objects.select_for_update().filter(pk__in=offers, closed_at=None))
    for question in questions:
        question.candidates = list(offers[question.pk].candidates)
        question.reason = offers[question.pk].reason[:300]
    Review.objects.bulk_update(questions, ["candidates", "reason"], batch_size=1000)


@transaction.atomic
def link_found(found: Sequence[FoundSubject], *, outcome: str, now: datetime) -> tuple[int, ...]:
    """Link the statements whose questions are still open, and close these questions with `outcome`.

    Returns the records to publish: of those that nobody amended, withdrew or answered meanwhile, all whose batch is
    not held. The caller logs what it did.
    """
    if outcome not in BY_ITSELF:
        raise ValueError(f"{outcome} needs an officer")
    asked: dict[str, Any] = {"now": now, "outcome": outcome, "unlinked": Gate.UNLINKED, "kind": ReviewKind.LINK}
    asked |= {
        "reviews": [one.review for one in found],
        "organisations": [one.organisation_id for one in found],
        "whys": [one.why[:200] for one in found],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STILL_ASKED, asked)
        rows = cursor.fetchall()
        if not rows:
            return ()
        columns = [list(column) for column in zip(*rows, strict=True)]
        asked["reviews"], asked["versions"], asked["numbers"], asked["organisations"], asked["whys"] = columns
        cursor.execute(_LINK, asked)
        cursor.execute(_OPEN, asked)
        opened = [record_no for record_no, gate in cursor.fetchall() if gate == Gate.OPEN]
        cursor.execute(_CLOSE, asked)
    return tuple(opened)


_STILL_ASKED = """
SELECT q.id, r.id, r.subject_no, f.organisation, f.why
FROM unnest(%(reviews)s::bigint[], %(organisations)s::bigint[], %(whys)s::text[]) AS f (review, organisation, why)
JOIN register_review q ON q.id = f.review AND q.closed_at IS NULL AND q.kind = %(kind)s
JOIN register_record r ON r.record_no = q.record_no AND r.known_to IS NULL AND r.gate = %(unlinked)s AND NOT r.withdrawn
ORDER BY r.id FOR UPDATE OF q, r
"""
_LINK = """
INSERT INTO register_subjectlink (number, organisation_id, known_from, reason)
SELECT n.number, n.organisation, %(now)s, n.why
FROM unnest(%(numbers)s::bigint[], %(organisations)s::bigint[], %(whys)s::text[]) AS n (number, organisation, why)
"""
_OPEN = """
UPDATE register_record r SET link_method = 'match', gate = CASE WHEN EXISTS (
    SELECT FROM ledger_batch b WHERE b.number = r.batch_no AND b.held AND b.released_at IS NULL
) THEN 'held' ELSE 'open' END
WHERE r.id = ANY(%(versions)s::bigint[]) RETURNING r.record_no, r.gate
"""
_CLOSE = """
UPDATE register_review q SET closed_at = %(now)s, outcome = %(outcome)s, note = c.why
FROM unnest(%(reviews)s::bigint[], %(whys)s::text[]) AS c (review, why) WHERE q.id = c.review
"""

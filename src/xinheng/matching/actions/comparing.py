"""The row that keeps one comparison."""

from datetime import datetime

from xinheng.ledger.models import Batch
from xinheng.matching.finding import Candidate
from xinheng.matching.models import Comparison, NameDecision
from xinheng.register.models import Record


def comparison(
    found: Candidate,
    statement: Record,
    batch: Batch,
    *,
    review: int,
    linked: bool,
    decision: NameDecision | None,
    matcher: str,
    now: datetime,
) -> Comparison:
    """What speaks for and against an organisation being the subject of a statement, not saved yet."""
    reasons = found.match.reasons
    return Comparison(
        review_id=review,
        record_no=statement.record_no,
        batch=batch,
        row_no=statement.row_no,
        organisation_id=found.organisation_id,
        typed_name=statement.subject_name,
        known_name=found.name,
        former=found.former,
        verdict=found.match.verdict.value,
        score=found.match.score,
        reasons=[one.key for one in reasons],
        words=[one.words[:300] for one in reasons],
        points=[one.points for one in reasons],
        linked=linked,
        decision=decision,
        matcher=matcher,
        at=now,
    )

"""An officer's answer about a typed name is kept, followed next time, and can be undone; nothing is ever deleted."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record as log
from xinheng.audit.actor import Actor
from xinheng.base.errors import WrongUsage
from xinheng.base.names import name_key
from xinheng.ledger.models import Batch
from xinheng.matching.actions.comparing import comparison
from xinheng.matching.finding import Candidate
from xinheng.matching.matcher import match_names, version_of
from xinheng.matching.models import Comparison, NameDecision
from xinheng.matching.vocabulary import vocabulary
from xinheng.people.models import User
from xinheng.register.actions.matched import REMEMBERED, FoundSubject, link_found
from xinheng.register.actions.review import LINKED
from xinheng.register.models import Organisation, Record, Review, ReviewKind

REPLACED = "另有处理"


@transaction.atomic
def remember(
    *, review: int, organisation_id: int | None, pack: str, by: User, now: datetime, note: str = ""
) -> tuple[int, ...]:
    """Keep what was decided on a question whose a statement is, for this department's way to type the name.

    `organisation_id` None: it is none of the candidates. With an organisation, the department's other open questions
    about the same name and code are answered alike; returns their records that may be published.
    """
    question = Review.objects.get(pk=review)
    if question.kind != ReviewKind.LINK:
        return ()
    refused = [one for one in question.candidates if one != organisation_id]
    decision = _decide(question, organisation_id, refused, by=by, now=now, note=note)
    if organisation_id is None:
        return ()
    return _answer_the_same(question, decision, pack=pack, now=now)


@transaction.atomic
def forget(*, review: int, by: User, now: datetime, reason: str) -> tuple[int, ...]:
    """Take back the decision made on a question, or the one it was answered by, and do not link so again.

    To be called when the link of that question is undone. Returns the other questions that decision had answered,
    whose links the caller must undo as well.
    """
    if not reason.strip():
        raise WrongUsage("请说明撤销的理由。")
    question = Review.objects.get(pk=review)
    if question.kind != ReviewKind.LINK:
        return ()
    linked = Comparison.objects.filter(review_id=review, linked=True).select_related("decision").first()
    decision = linked.decision if linked and linked.decision else None
    decision = decision or NameDecision.objects.filter(review_id=review, organisation__isnull=False).last()
    wrong = decision.organisation_id if decision else linked.organisation_id if linked else None
    if wrong is None:
        return ()
    _decide(question, None, [wrong], by=by, now=now, note=f"撤销关联：{reason.strip()}")
    if decision is None:
        return ()
    answered = Comparison.objects.filter(decision=decision, linked=True).values_list("review_id", flat=True)
    others = {decision.review_id, *answered} - {review}
    return tuple(Review.objects.filter(pk__in=others, outcome__in=(LINKED, REMEMBERED)).values_list("id", flat=True))


def _decide(
    question: Review, organisation_id: int | None, refused: Sequence[int], *, by: User, now: datetime, note: str
) -> NameDecision:
    """The new decision in the place of the one before on the same name, whose end is kept."""
    statement = Record.objects.filter(record_no=question.record_no).latest("version")
    typed = {
        "department_id": question.department_id,
        "name_key": name_key(statement.subject_name),
        "code": statement.subject_code,
    }
    NameDecision.objects.filter(**typed, undone_at=None).update(
        undone_at=now, undone_by=by, undone_why=(note.strip() or REPLACED)[:300]
    )
    made = NameDecision.objects.create(
        **typed,
        region_id=question.region_id,
        name=statement.subject_name,
        organisation_id=organisation_id,
        refused=list(refused),
        review_id=question.pk,
        note=note.strip()[:300],
        by=by,
        at=now,
    )
    log(
        act="matching.decided",
        by=Actor.of(by),
        now=now,
        region_id=question.region_id,
        object_type="record",
        object_id=str(question.record_no),
        detail={"decision": made.pk, "review": question.pk, "organisation": organisation_id, "refused": list(refused)},
    )
    return made


def _answer_the_same(question: Review, decision: NameDecision, *, pack: str, now: datetime) -> tuple[int, ...]:
    """Link the department's other statements about which the same is asked."""
    still_asked = Review.objects.filter(kind=ReviewKind.LINK, department_id=question.department_id, closed_at=None)
    alike = Record.objects.filter(
        record_no__in=still_asked.values("record_no"),
        known_to=None,
        gate="unlinked",
        subject_name=decision.name,
        subject_code=decision.code,
    )
    numbers = {one.record_no: one for one in alike}
    if not numbers or decision.organisation_id is None:
        return ()
    asked = still_asked.filter(record_no__in=numbers).values_list("id", "record_no")
    words = vocabulary(pack)
    organisation = Organisation.objects.get(pk=decision.organisation_id)
    found = Candidate(organisation.pk, organisation.name, False, match_names(decision.name, organisation.name, words))
    batches = Batch.objects.in_bulk([one.batch_no for one in numbers.values()], field_name="number")
    why = f"按第 {question.pk} 号待审事项的处理：同一部门、同一写法"
    Comparison.objects.bulk_create(
        comparison(
            found, numbers[record_no], batches[numbers[record_no].batch_no], review=review, linked=True,
            decision=decision, matcher=version_of(words), now=now,
        )
        for review, record_no in asked
    )  # fmt: skip
    return link_found([FoundSubject(review, organisation.pk, why) for review, _ in asked], outcome=REMEMBERED, now=now)

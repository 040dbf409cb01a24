"""What may be asked about names: who a typed name is, and what was compared for a question; a scope comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.matching.finding import Typed, find
from xinheng.matching.matcher import Reason, Verdict
from xinheng.matching.models import Comparison, NameDecision
from xinheng.matching.vocabulary import vocabulary
from xinheng.register.queries import OrganisationHit, SearchResult
from xinheng.register.queries.searching import FEW, SIMILAR
from xinheng.register.references import organisation_ref
from xinheng.register.scoping import officers_only, reviews_in
from xinheng.register.summaries import OrganisationSummary, summaries, visible_to
from xinheng.register.understanding import names_a_person

LONGEST = 300
MOST = 1_000
"""So many names are answered at once."""


@dataclass(frozen=True)
class NamedOrganisation:
    """An organisation that a typed name may be, by which of its names, and everything that was compared."""

    organisation: OrganisationSummary
    known_name: str
    former: bool
    verdict: Verdict
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Answer:
    """Who a typed name is. `same`: the first candidate, and no other comes near; `unsure`: a person must look."""

    verdict: Verdict
    why: str
    candidates: tuple[NamedOrganisation, ...]


@dataclass(frozen=True)
class Compared:
    """One comparison as it was kept with a question."""

    organisation_id: int
    organisation_ref: str
    known_name: str
    former: bool
    verdict_label: str
    score: int
    reasons: tuple[Reason, ...]
    linked: bool
    matcher: str
    at: datetime


@dataclass(frozen=True)
class Decided:
    """An officer's decision on a typed name; `undone_at` None while it counts."""

    name: str
    code: str
    organisation_name: str
    review_id: int
    note: str
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None
    undone_why: str


class PersonRefused(Refused):
    """A person's number was sent; nothing of it is kept or repeated."""

    def __init__(self) -> None:
        super().__init__("名称比对只面向单位，不受理自然人。", "内容像是公民身份号码，没有用于查询，也没有保存。")


def who_is(scope: Scope, typed: Sequence[Typed], *, pack: str) -> tuple[Answer, ...]:
    """Who each typed name is, among the organisations the caller may know of; PersonRefused for persons' numbers."""
    if len(typed) > MOST:
        raise Refused(f"一次最多比对 {MOST} 个名称。", "请分几次发送。")
    if any(names_a_person(text) for one in typed for text in (one.name, *(value for _, value in one.numbers))):
        raise PersonRefused
    asked = {place: Typed(one.name[:LONGEST], one.numbers) for place, one in enumerate(typed)}
    found = find(asked, vocabulary(pack), visible=visible_to(scope))
    met = {one.organisation_id for finding in found.values() for one in finding.candidates}
    known = {one.id: one for one in summaries(scope, sorted(met))}
    answers = []
    for place in asked:
        finding = found[place]
        named = tuple(
            NamedOrganisation(
                known[one.organisation_id], one.name, one.former, one.match.verdict, one.match.score, one.match.reasons
            )
            for one in finding.candidates
        )
        answers.append(Answer(finding.verdict, finding.why, named))
    return tuple(answers)


def similar_names(scope: Scope, found: SearchResult, *, first_page: bool, pack: str) -> tuple[OrganisationHit, ...]:
    """Names near what was searched, explained, before those the search itself calls similar.

    Asked only on the first page, where a name was typed and few or none have it as it is.
    """
    shown = {hit.organisation.id for hit in found.hits}
    few = len(found.hits) <= FEW and not found.more and first_page
    if found.kind not in ("name", "nothing") or not few or not found.text.strip():
        return found.similar
    (answer,) = who_is(scope, [Typed(found.text)], pack=pack)
    near = [
        OrganisationHit(one.organisation, "；".join(reason.words for reason in one.reasons))
        for one in answer.candidates
        if one.organisation.id not in shown
    ]
    explained = {hit.organisation.id for hit in near}
    others = [hit for hit in found.similar if hit.organisation.id not in explained]
    return (*near, *others)[:SIMILAR]


def compared(scope: Scope, review: int) -> tuple[Compared, ...]:
    """What was compared for a question, the likeliest first; of several times the latest."""
    officers_only(scope)
    if not reviews_in(scope).filter(pk=review).exists():
        return ()
    rows = Comparison.objects.filter(review_id=review).select_related("organisation").order_by("-score", "pk")
    latest: dict[int, Comparison] = {}
    for row in rows:
        kept = latest.get(row.organisation_id)
        if kept is None or (row.linked, row.at) > (kept.linked, kept.at):
            latest[row.organisation_id] = row
    return tuple(_compared(row) for row in latest.values())


def decisions_on(scope: Scope, review: int) -> tuple[Decided, ...]:
    """What officers decided on the name that a question is about, the newest first, undone decisions included."""
    officers_only(scope)
    question = reviews_in(scope).filter(pk=review).first()
    if question is None:
        return ()
    made = NameDecision.objects.filter(review_id=review).values("name_key", "code")
    followed = Comparison.objects.filter(review_id=review, decision__isnull=False).values(
        "decision__name_key", "decision__code"
    )
    keys = {(one["name_key"], one["code"]) for one in made}
    keys |= {(one["decision__name_key"], one["decision__code"]) for one in followed}
    rows = NameDecision.objects.filter(
        department_id=question.department_id, name_key__in=[key for key, _ in keys]
    ).select_related("organisation", "by", "undone_by")
    return tuple(_decided(row) for row in rows.order_by("-pk") if (row.name_key, row.code) in keys)


def _compared(row: Comparison) -> Compared:
    return Compared(
        organisation_id=row.organisation_id,
        organisation_ref=organisation_ref(row.organisation_id),
        known_name=row.known_name,
        former=row.former,
        verdict_label=row.get_verdict_display(),
        score=row.score,
        reasons=tuple(
            Reason(key, words, points) for key, words, points in zip(row.reasons, row.words, row.points, strict=True)
        ),
        linked=row.linked,
        matcher=row.matcher,
        at=row.at,
    )


def _decided(row: NameDecision) -> Decided:
    return Decided(
        name=row.name,
        code=row.code,
        organisation_name=row.organisation.name if row.organisation else "",
        review_id=row.review_id,
        note=row.note,
        by=row.by.display_name,
        at=row.at,
        undone_by=row.undone_by.display_name if row.undone_by else "",
        undone_at=row.undone_at,
        undone_why=row.undone_why,
    )

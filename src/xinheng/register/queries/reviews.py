"""The questions that wait for a person, and what she needs to see to answer one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from xinheng.base.errors import NotFound
from xinheng.base.identifiers.credit_code import PLACEHOLDER
from xinheng.base.names import name_key
from xinheng.base.scope import Scope
from xinheng.register.models import BY_ITSELF, Identifier, OrganisationName, Record, Review, ReviewKind
from xinheng.register.queries.organisations import Provenance, provenance
from xinheng.register.references import record_ref
from xinheng.register.scoping import reviews_in
from xinheng.register.summaries import OrganisationSummary, summaries


@dataclass(frozen=True)
class ReviewLine:
    """A question in the queue."""

    id: int
    kind: str
    kind_label: str
    record_no: int
    record_ref: str
    type: str
    title: str
    subject_name: str
    subject_code: str
    decision_no: str
    decided_on: date | None
    department_id: int
    department_name: str
    batch_no: int
    row_no: int
    reason: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    outcome: str
    note: str
    put_off_until: date | None
    put_off_by: str


@dataclass(frozen=True)
class Candidate:
    """An organisation the statement may speak of; `same` says in Chinese what agrees, `different` what does not."""

    organisation: OrganisationSummary
    former_names: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    same: tuple[str, ...]
    different: tuple[str, ...]


@dataclass(frozen=True)
class ReviewDetail:
    """A question with the statement as sent on one side and the candidates on the other."""

    line: ReviewLine
    authority_name: str
    content: tuple[tuple[str, str], ...]
    source: Provenance | None
    candidates: tuple[Candidate, ...]


def reviews(
    scope: Scope,
    *,
    kind: str | None = None,
    department: int | None = None,
    after: int | None = None,
    on: date | None = None,
    limit: int = 50,
) -> tuple[ReviewLine, ...]:
    """Open questions, the longest waiting first; `after` is the id of the last one on the page before.

    With `on`, questions put off beyond that day are left out.
    """
    found = reviews_in(scope).filter(closed_at=None)
    if on is not None:
        found = found.exclude(put_off_until__gt=on)
    return _page(found, kind=kind, department=department, after=after, limit=limit)


def put_off_reviews(
    scope: Scope, *, on: date, kind: str | None = None, department: int | None = None, after: int | None = None,
    limit: int = 50,
) -> tuple[ReviewLine, ...]:  # fmt: skip
    """Open questions that somebody put off beyond a day."""
    found = reviews_in(scope).filter(closed_at=None, put_off_until__gt=on)
    return _page(found, kind=kind, department=department, after=after, limit=limit)


def answered_by_themselves(
    scope: Scope, *, department: int | None = None, before: int | None = None, limit: int = 50
) -> tuple[ReviewLine, ...]:
    """Questions that no officer had to answer, the newest first, so that somebody may look at them."""
    found = reviews_in(scope).filter(outcome__in=BY_ITSELF)
    if department is not None:
        found = found.filter(department_id=department)
    if before is not None:
        found = found.filter(pk__lt=before)
    return _lines(list(found.select_related("department", "closed_by", "put_off_by").order_by("-pk")[:limit]))


def _page(
    found: QuerySet[Review], *, kind: str | None, department: int | None, after: int | None, limit: int
) -> tuple[ReviewLine, ...]:
    if kind is not None:
        found = found.filter(kind=ReviewKind(kind))
    if department is not None:
        found = found.filter(department_id=department)
    if after is not None:
        found = found.filter(pk__gt=after)
    return _lines(list(found.select_related("department", "closed_by", "put_off_by").order_by("pk")[:limit]))


def review_counts(scope: Scope) -> dict[str, int]:
    """How many open questions of each kind wait, kinds without any included."""
    found = reviews_in(scope).filter(closed_at=None).values("kind").annotate(count=Count("pk")).order_by()
    return dict.fromkeys(ReviewKind.values, 0) | {row["kind"]: row["count"] for row in found}


def review(scope: Scope, id: int) -> ReviewDetail:
    """One question, open or answered; NotFound outside the scope."""
    question = reviews_in(scope).filter(pk=id).select_related("department", "closed_by", "put_off_by").first()
    if question is None:
        raise NotFound("没有这一待审事项。", "请从待审列表中选择。")
    version = _versions([question])[question.record_no]
    shown = summaries(scope, question.candidates)
    return ReviewDetail(
        line=_lines([question])[0],
        authority_name=version.authority_name,
        content=tuple((name, str(value)) for name, value in version.content.items()),
        source=provenance(version.batch_no, version.row_no),
        candidates=tuple(_candidate(one, version) for one in shown),
    )


def _versions(questions: list[Review]) -> dict[int, Record]:
    """The newest version of each record asked about."""
    numbers = [question.record_no for question in questions]
    rows = Record.objects.filter(record_no__in=numbers).order_by("version")
    return {row.record_no: row for row in rows}


def _lines(questions: list[Review]) -> tuple[ReviewLine, ...]:
    versions = _versions(questions)
    return tuple(_line(question, versions[question.record_no]) for question in questions)


def _line(question: Review, version: Record) -> ReviewLine:
    return ReviewLine(
        id=question.pk,
        kind=question.kind,
        kind_label=question.get_kind_display(),
        record_no=question.record_no,
        record_ref=record_ref(question.record_no),
        type=version.type,
        title=version.title,
        subject_name=version.subject_name,
        subject_code=version.subject_code,
        decision_no=version.decision_no,
        decided_on=version.decided_on,
        department_id=question.department_id,
        department_name=question.department.name,
        batch_no=question.batch_no,
        row_no=question.row_no,
        reason=question.reason,
        opened_at=question.opened_at,
        closed_at=question.closed_at,
        closed_by=question.closed_by.display_name if question.closed_by else "",
        outcome=question.outcome,
        note=question.note,
        put_off_until=question.put_off_until,
        put_off_by=question.put_off_by.display_name if question.put_off_by else "",
    )


def _candidate(summary: OrganisationSummary, version: Record) -> Candidate:
    names = OrganisationName.objects.filter(organisation_id=summary.id, known_to=None).order_by("former", "pk")
    numbers = Identifier.objects.filter(organisation_id=summary.id, known_to=None).order_by("kind", "value")
    stated = name_key(version.subject_name)
    keys = {name.name_key: name.former for name in names}
    same, different = [], []
    if stated in keys:
        same.append("曾用名相同" if keys[stated] else "名称相同")
    else:
        different.append("名称不同")
    # A placeholder says that there is no code; it agrees with nobody's and contradicts nobody's.
    if version.subject_code not in ("", PLACEHOLDER):
        agrees = any(number.value == version.subject_code for number in numbers)
        (same if agrees else different).append("代码相同" if agrees else "代码不同")
    return Candidate(
        organisation=summary,
        former_names=tuple(name.name for name in names if name.former),
        numbers=tuple((number.get_kind_display(), number.value) for number in numbers),
        same=tuple(same),
        different=tuple(different),
    )

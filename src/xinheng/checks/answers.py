"""What a check answers: entries in force, what they mean for this item, and how far the answer can be relied on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from xinheng.base.clock import format_date, today
from xinheng.base.names import name_key
from xinheng.checks.asking import Question
from xinheng.checks.receipts import canonical
from xinheng.effects.models import Kind, ListingTerms, MeasureTerms
from xinheng.law.models import BasisSetMember
from xinheng.register.references import record_ref

STALE = "以下来源未更新，不能认定无记录"
MARKED = "异议处理中"
_NEIGHBOURS = 256
UNKNOWN = "本平台没有这个代码的登记信息，请核对代码。"


class Entry(NamedTuple):
    """One entry of a list that is in force. `last_day` None: until it is removed."""

    list_key: str
    list_title: str
    decision_no: str
    authority_name: str
    decided_on: date | None
    starts: date
    last_day: date | None
    removal_rule: str
    basis: tuple[str, ...]
    mark: str
    record_no: int | None

    @property
    def record(self) -> str:
        """How the record is named outside; worked out only where it is told."""
        return record_ref(self.record_no) if self.record_no is not None else ""


class MeasureLine(NamedTuple):
    """One measure that belongs to this item: what to do, on which basis, until when."""

    key: str
    title: str
    list_key: str
    executing_body: str
    applies_to: str
    basis: tuple[str, ...]
    starts: date
    last_day: date | None
    removal_rule: str
    record_no: int | None

    @property
    def record(self) -> str:
        """How the record is named outside; worked out only where it is told."""
        return record_ref(self.record_no) if self.record_no is not None else ""


@dataclass(frozen=True)
class SourceLine:
    """One source of the answer and when it delivered last."""

    key: str
    title: str
    department_name: str
    last_delivery: datetime | None
    fresh: bool


@dataclass(frozen=True)
class Answer:
    """The answer about one code. `name` is as the register knows it, empty for an unknown code."""

    code: str
    name: str
    known: bool
    entries: tuple[Entry, ...]
    measures: tuple[MeasureLine, ...]
    incentives: tuple[MeasureLine, ...]
    warnings: tuple[str, ...]

    @property
    def hit(self) -> bool:
        """Whether anything adverse is in force."""
        return bool(self.entries or self.measures)


@dataclass(frozen=True)
class Reach:
    """How far the answers for one region reach at one moment: what all of them have in common is worked out once."""

    sources: tuple[SourceLine, ...]
    executable: frozenset[tuple[str, str]]
    now: datetime

    @property
    def stale(self) -> bool:
        return not self.sources or not all(one.fresh for one in self.sources)

    @cached_property
    def moment(self) -> str:
        """As of when."""
        return f"截至{format_date(today(self.now))} {self.now:%H:%M}"

    @cached_property
    def late(self) -> str:
        """The sources of which nothing may be said to be absent, in words."""
        return "、".join(f"{one.title}（{_since(one)}）" for one in self.sources if not one.fresh)

    @cached_property
    def facts(self) -> list[dict[str, Any]]:
        """The sources as they go into a receipt and to a program."""
        return [
            vars(one) | {"last_delivery": one.last_delivery.isoformat() if one.last_delivery else None}
            for one in self.sources
        ]

    @cached_property
    def canonical_facts(self) -> str:
        """The same as canonical JSON: more than half of an answer that finds nothing, and written once."""
        return canonical(self.facts).decode()


class FoundRow(NamedTuple):
    """One row of `check_answer_v1`."""

    place: int
    organisation_id: int | None
    name: str | None
    name_key: str | None
    status: str | None
    effect_id: int | None
    kind: str | None
    terms_id: int | None
    basis_set_id: int | None
    starts: date | None
    ends: date | None
    removal_rule: str | None
    marked: bool | None
    decision: str | None
    record_no: int | None
    record_type: str | None
    list_key: str | None
    title: str | None
    decision_no: str | None
    authority_name: str | None
    decided_on: date | None


def answer(
    question: Question, rows: list[FoundRow], *, names: frozenset[str], executable: frozenset[tuple[str, str]]
) -> Answer:
    """The answer from the rows of one code. `names` are all its name keys, `executable` those of today."""
    first = rows[0]
    entries: list[Entry] = []
    restraints: list[MeasureLine] = []
    incentives: list[MeasureLine] = []
    wanted = frozenset(question.errand.item.measures)
    for row in rows:
        if row.effect_id is None or row.starts is None:
            continue  # nothing in force
        if row.kind in {Kind.LISTING, Kind.PUBLICATION}:
            entries.append(_entry(row, row.starts))
            continue
        terms = measure_terms(row.terms_id or 0)
        if terms.measure_key in wanted and (terms.edition, terms.measure_key) in executable:
            line = _measure(row, terms, row.starts)
            (incentives if row.kind == Kind.INCENTIVE else restraints).append(line)
    warnings = []
    if question.name and first.organisation_id is not None and name_key(question.name) not in names:
        warnings.append(f"名称与代码不符：本平台登记的名称是“{first.name}”，请核对营业执照。")
    if first.organisation_id is None:
        warnings.append(UNKNOWN)
    return Answer(
        code=question.code,
        name=first.name or "",
        known=first.organisation_id is not None,
        entries=tuple(entries),
        measures=tuple(restraints),
        incentives=tuple(incentives),
        warnings=tuple(warnings),
    )


def sentence(found: Answer, reached: Reach) -> str:
    """The answer in one sentence; without fresh sources nothing is said to be absent."""
    moment, late = reached.moment, reached.late
    parts = []
    if found.entries:
        parts.append(f"查到 {len(found.entries)} 条生效的名单信息")
    if found.measures:
        parts.append(f"本事项须采取 {len(found.measures)} 项措施")
    elif found.entries:
        parts.append("本事项没有须采取的措施")
    if found.incentives:
        parts.append(f"可给予 {len(found.incentives)} 项激励")
    if found.hit:
        tail = f"另有来源未更新，可能还有未收到的信息：{late}。" if late else ""
        return f"{moment}，{'，'.join(parts)}。{tail}"
    if late or not reached.sources:
        return f"{moment}，{STALE}：{late or '没有登记任何来源'}。"
    extra = f"，{parts[0]}" if parts else ""
    return f"{moment}，未查到生效的名单信息，本事项没有须采取的措施{extra}。"


def _since(one: SourceLine) -> str:
    if one.last_delivery is None:
        return "从未报送"
    return f"最近报送于{format_date(today(one.last_delivery))}"


def _entry(row: FoundRow, starts: date) -> Entry:
    key, title = listing_terms(row.terms_id) if row.kind == Kind.LISTING and row.terms_id else ("", "")
    return Entry(
        list_key=key or row.list_key or "",
        list_title=title or row.title or "",
        decision_no=row.decision_no or row.decision or "",
        authority_name=row.authority_name or "",
        decided_on=row.decided_on,
        starts=starts,
        last_day=_last_day(row.ends),
        removal_rule=row.removal_rule or "",
        basis=basis_texts(row.basis_set_id),
        mark=MARKED if row.marked else "",
        record_no=row.record_no,
    )


def _measure(row: FoundRow, terms: MeasureTerms, starts: date) -> MeasureLine:
    return MeasureLine(
        key=terms.measure_key,
        title=terms.title,
        list_key=terms.list_key,
        executing_body=terms.executing_body,
        applies_to=terms.applies_to,
        basis=basis_texts(row.basis_set_id),
        starts=starts,
        last_day=_last_day(row.ends),
        removal_rule=row.removal_rule or "",
        record_no=row.record_no,
    )


def _last_day(ends: date | None) -> date | None:
    return ends - timedelta(days=1) if ends else None


# The three below read rows that are never changed, so each is read once.


@lru_cache(maxsize=4096)
def listing_terms(number: int) -> tuple[str, str]:
    """Key and title of the list that a listing enters its subject in."""
    found = ListingTerms.objects.get(pk=number)
    return found.list_key, found.title


@lru_cache(maxsize=4096)
def measure_terms(number: int) -> MeasureTerms:
    """The terms of a restraint or incentive; its neighbours come with it, since a county has a few hundred."""
    return _terms_around(number // _NEIGHBOURS).get(number) or MeasureTerms.objects.get(pk=number)


@lru_cache(maxsize=64)
def _terms_around(block: int) -> dict[int, MeasureTerms]:
    return MeasureTerms.objects.in_bulk(range(block * _NEIGHBOURS, (block + 1) * _NEIGHBOURS))


@lru_cache(maxsize=16384)
def basis_texts(number: int | None) -> tuple[str, ...]:
    """The provisions of a basis set as they are cited."""
    members = BasisSetMember.objects.filter(basis_set_id=number).select_related("provision__text")
    cited = (
        f"《{one.provision.text.title}》{one.provision.article}"
        for one in sorted(members, key=lambda one: (one.role != "governing", one.provision.text_key, one.pk))
    )
    return tuple(dict.fromkeys(cited))

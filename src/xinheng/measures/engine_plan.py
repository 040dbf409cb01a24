"""What the rules say today, read once for a whole run: which lists list, which measures follow from which list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from xinheng.audit.actor import Actor
from xinheng.base.clock import add_working_days, today
from xinheng.base.scope import PUBLIC, Scope
from xinheng.effects.actions import ListedBy, intern_measure_terms
from xinheng.effects.models import Kind, MeasureTerms
from xinheng.law.actions import intern_basis_sets
from xinheng.law.models import BasisRole
from xinheng.law.queries import ProvisionInForce, reliable_provisions
from xinheng.measures.judging import Ground, concerns, executable, set_off_by
from xinheng.measures.queries import ground
from xinheng.measures.reading import load_lists
from xinheng.measures.rules import ListRule, Measure
from xinheng.people.models import Department, Region
from xinheng.proceedings.telling import credit_office_of
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.rules import value_at

COURTS = "人民法院"
REASONS = "coalesce(r.content->>'grounds', r.content->>'entry_reason', '')"
"""SQL: for which reasons the body of a list entered the subject of record `r`."""
ANSWER = "measure_task_answer"


@dataclass(frozen=True)
class Follows:
    """One measure that follows from one list today: on which terms, on which basis, as readers see it."""

    measure: Measure
    list_key: str
    terms_id: int
    basis_set_id: int
    basis_shown: str


@dataclass(frozen=True)
class Plan:
    """One run for one region."""

    region: Region
    pack: str
    day: date
    now: datetime
    by: Actor
    ground: Ground
    office: str
    restraints: Mapping[str, tuple[Follows, ...]]
    """By list key, in the order of the files; graduated measures stand among them, since they are announced alike."""
    incentives: Mapping[str, tuple[Follows, ...]]
    departments: Mapping[str, Department] = field(default_factory=dict)

    def measure(self, edition: str, key: str) -> Measure | None:
        """A measure of the rulebook; None where the pack has it no more."""
        found = self.ground.editions.get(edition)
        return next((one for one in found.measures if one.key == key), None) if found else None

    def sets_off(self, list_key: str, measure: Measure, reasons: str) -> bool:
        """Whether an entry of that list, for these reasons, sets the measure off."""
        rule = self.ground.lists.get(list_key)
        return rule is not None and set_off_by(measure, rule, reasons, self.ground.provisions)

    def answer_by(self) -> date:
        """The last day for a department to answer a task handed out today."""
        return answer_by(self.pack, self.day)


def answer_by(pack: str, day: date) -> date:
    """The last day for a department to answer what it is asked on that day."""
    value = value_at(load_pack(pack).rules()[ANSWER], day).value
    if not isinstance(value, int):
        raise TypeError(f"{ANSWER} is not a number of days")
    return add_working_days(day, value).day


def arrivals(pack: str) -> list[str]:
    """The record types in which entries of lists arrive."""
    return sorted({one.record_type for one in load_lists(pack).values() if one.record_type and one.public})


def lists_in_force(pack: str, day: date) -> list[ListedBy]:
    """The lists whose entries are listed today: verified, on provisions that may be relied on."""
    provisions = reliable_provisions(PUBLIC)
    found = []
    for rule in load_lists(pack).values():
        basis = basis_of(rule, provisions, day)
        if rule.record_type and rule.public and rule.verified and basis:
            numbers = tuple(one.id for one in basis)
            found.append(
                ListedBy(
                    record_type=rule.record_type,
                    record_value=rule.record_value,
                    list_key=rule.key,
                    title=rule.title,
                    enabling=numbers,
                    governing=numbers,
                    by_decision=rule.ends == "planned_to",
                    months=rule.term_months,
                    removal_rule=rule.early_removal or rule.term or "至移出名单之日止",
                    decided_from=max(one.effective_from for one in basis),
                    kind=Kind.HONOUR if rule.kind == "honour" else Kind.LISTING,
                    decided_to=min((one.effective_to for one in basis if one.effective_to), default=None),
                )
            )
    return found


def basis_of(rule: ListRule, provisions: Mapping[str, ProvisionInForce], day: date) -> list[ProvisionInForce]:
    """The provisions of a list that may be relied on that day."""
    found = [provisions[one] for one in rule.basis if one in provisions]
    return [one for one in found if one.in_force_on(day)]


def plan_of(region: Region, pack: str, *, now: datetime, by: Actor) -> Plan:
    """The rules of today for one region, with terms and basis sets interned."""
    day = today(now)
    known = ground(Scope(region=region.code), pack=pack)
    provisions = reliable_provisions(PUBLIC)
    found: dict[str, list[Follows]] = {}
    for one in _following(known, provisions, day, now):
        found.setdefault(one.list_key, []).append(one)
    office = credit_office_of(region)
    return Plan(
        region=region,
        pack=pack,
        day=day,
        now=now,
        by=by,
        ground=known,
        office=office.name if office else region.name,
        restraints=_of_kind(found, incentive=False),
        incentives=_of_kind(found, incentive=True),
        departments={one.code: one for one in Department.objects.filter(region=region, is_active=True)},
    )


def _following(
    known: Ground, provisions: Mapping[str, ProvisionInForce], day: date, now: datetime
) -> Iterator[Follows]:
    """Every measure that may follow from a list today. What they share is interned by two queries for all."""
    pairs = []
    for rule in known.lists.values():
        governing = basis_of(rule, provisions, day)
        if rule.public and rule.verified and governing:
            pairs += [
                (one, rule, governing)
                for edition in known.editions.values()
                for one in edition.measures
                if concerns(one, rule) and executable(one, known, day)
            ]
    terms = intern_measure_terms(wanted=[_terms(one, rule) for one, rule, _ in pairs])
    members = [
        [(provisions[each].id, BasisRole.ENABLING) for each in one.basis]
        + [(each.id, BasisRole.GOVERNING) for each in governing]
        for one, _, governing in pairs
    ]
    for (one, rule, _), terms_id, basis in zip(pairs, terms, intern_basis_sets(sets=members, now=now), strict=True):
        shown = "、".join(known.provisions[each].shown for each in one.basis)
        yield Follows(measure=one, list_key=rule.key, terms_id=terms_id, basis_set_id=basis, basis_shown=shown)


def _of_kind(found: Mapping[str, Sequence[Follows]], *, incentive: bool) -> dict[str, tuple[Follows, ...]]:
    chosen = {
        key: tuple(one for one in follows if one.measure.incentive == incentive) for key, follows in found.items()
    }
    return {key: follows for key, follows in chosen.items() if follows}


def _terms(measure: Measure, rule: ListRule) -> MeasureTerms:
    return MeasureTerms(
        measure_key=measure.key,
        edition=measure.edition,
        list_key=rule.key,
        title=measure.title,
        executing_body=measure.executing_body,
        applies_to=measure.objects,
        rests=_rests(rule, measure),
    )


def _rests(rule: ListRule, measure: Measure) -> bool:
    """Whether an objection lets it rest: what this region's departments carry out, unless a court listed the subject,
    whose own review is not suspensive."""
    return bool(measure.executors) and COURTS not in rule.deciding_body

"""What the rules say today, read once for a whole run: which lists list, which measures follow from which list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from xinheng.audit.actor import Actor
from xinheng.base.clock import add_working_days, today
from xinheng.base.scope import PUBLIC, Scope
from xinheng.effects.actions import ListedBy, measure_terms
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole
from xinheng.law.queries import ProvisionInForce, reliable_provisions
from xinheng.measures.judging import Ground, executable
from xinheng.measures.queries import ground
from xinheng.measures.reading import load_lists
from xinheng.measures.rules import ListRule, Measure
from xinheng.people.models import Department, Region
from xinheng.proceedings.telling import credit_office_of
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.rules import value_at

COURTS = "人民法院"
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
    """By list key, in the order of the files."""
    incentives: Mapping[str, tuple[Follows, ...]]
    departments: Mapping[str, Department] = field(default_factory=dict)

    def measure(self, edition: str, key: str) -> Measure | None:
        """A measure of the rulebook; None where the pack has it no more."""
        found = self.ground.editions.get(edition)
        return next((one for one in found.measures if one.key == key), None) if found else None

    def answer_by(self) -> date:
        """The last day for a department to answer a task handed out today."""
        value = value_at(load_pack(self.pack).rules()[ANSWER], self.day).value
        if not isinstance(value, int):
            raise TypeError(f"{ANSWER} is not a number of days")
        return add_working_days(self.day, value).day


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
    restraints: dict[str, tuple[Follows, ...]] = {}
    incentives: dict[str, tuple[Follows, ...]] = {}
    for rule in known.lists.values():
        governing = basis_of(rule, provisions, day)
        if not (rule.public and rule.verified and governing):
            continue
        follows = [
            _follows(one, rule, provisions, governing, known, now=now)
            for edition in known.editions.values()
            for one in edition.measures
            if rule.key in one.list_keys and executable(one, known, day)
        ]
        restraints[rule.key] = tuple(one for one in follows if not one.measure.incentive)
        incentives[rule.key] = tuple(one for one in follows if one.measure.incentive)
    office = credit_office_of(region)
    return Plan(
        region=region,
        pack=pack,
        day=day,
        now=now,
        by=by,
        ground=known,
        office=office.name if office else region.name,
        restraints={key: follows for key, follows in restraints.items() if follows},
        incentives={key: follows for key, follows in incentives.items() if follows},
        departments={one.code: one for one in Department.objects.filter(region=region, is_active=True)},
    )


def _follows(
    measure: Measure, rule: ListRule, provisions: Mapping[str, ProvisionInForce],
    governing: Sequence[ProvisionInForce], known: Ground, *, now: datetime,
) -> Follows:  # fmt: skip
    members = [(provisions[one].id, BasisRole.ENABLING) for one in measure.basis]
    members += [(one.id, BasisRole.GOVERNING) for one in governing]
    return Follows(
        measure=measure,
        list_key=rule.key,
        terms_id=measure_terms(
            measure_key=measure.key,
            edition=measure.edition,
            list_key=rule.key,
            title=measure.title,
            executing_body=measure.executing_body,
            applies_to=measure.objects,
            rests=_rests(rule, measure),
        ),
        basis_set_id=intern_basis_set(members=members, now=now),
        basis_shown="、".join(known.provisions[one].shown for one in measure.basis),
    )


def _rests(rule: ListRule, measure: Measure) -> bool:
    """Whether an objection lets it rest: what this region's departments carry out, unless a court listed the subject,
    whose own review is not suspensive."""
    return bool(measure.executors) and COURTS not in rule.deciding_body

"""Publicity rules as packs write them: the text that governs a decision, its class, its period.

A regime is what one text says on some record types and days of decision; an inner pack replaces a regime of
the same key.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from xinheng.law.queries import ProvisionInForce
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import RulebookError, Section
from xinheng.rulebook.rules import read_citation

FINE = "罚款"
Until = Literal["months", "valid_to", "removal"]
Policy = Literal["old_rule", "new_rule_if_shorter", "manual"]
UNTIL: tuple[Until, ...] = ("months", "valid_to", "removal")
POLICIES: tuple[Policy, ...] = ("old_rule", "new_rule_if_shorter", "manual")


@dataclass(frozen=True)
class Period:
    """How long a class is public, counted from the day of decision.

    `valid_to`: through the last day of validity, at most `max_months`; `without_end_months` where none is
    stated. `removal`: until the day of removal, which is not known in advance.
    """

    until: Until
    min_months: int
    max_months: int | None
    without_end_months: int | None
    removal_rule: str


@dataclass(frozen=True)
class SeverityClass:
    """One class of a regime. `stated` is the word by which a department or an officer chooses it."""

    key: str
    label: str
    stated: str
    publish: bool
    period: Period
    governing: tuple[str, ...]
    verified: bool


@dataclass(frozen=True)
class Predicate:
    """Which kinds of penalty belong to a class, under which procedure, and fines (in fen, half-open)."""

    class_key: str
    kinds: tuple[str, ...]
    procedures: tuple[str, ...]
    from_fen: int | None
    below_fen: int | None
    provision: str
    verified: bool


@dataclass(frozen=True)
class Regime:
    """One text's regime. Classes stand lightest first; a decision takes its heaviest class.

    `otherwise` is the class of what no predicate names; without it such a decision has no class.
    """

    key: str
    rules: tuple[str, ...]
    description: str
    field: str
    decided_from: date
    decided_to: date | None
    enabling: tuple[str, ...]
    verified: bool
    classes: tuple[SeverityClass, ...]
    predicates: tuple[Predicate, ...]
    otherwise: str
    pack: str

    def class_of(self, key: str) -> SeverityClass:
        """The class of that key."""
        return next(one for one in self.classes if one.key == key)

    def rank_of(self, key: str) -> int:
        """Position of a class, lightest first."""
        return [one.key for one in self.classes].index(key)

    def governs(self, day: date) -> bool:
        """Whether decisions of that day fall under it."""
        return self.decided_from <= day and (self.decided_to is None or day <= self.decided_to)

    @property
    def longest_months(self) -> int | None:
        """After so many months nothing of this regime is public any more; None when that is not known."""
        months = [one.period.max_months for one in self.classes if one.publish]
        return None if None in months else max((m for m in months if m is not None), default=None)


@dataclass(frozen=True)
class Transition:
    """How decisions from before a change of rule are treated from `since` on."""

    since: date
    policy: Policy
    governing: tuple[str, ...]
    verified: bool


@dataclass(frozen=True)
class PublicityRules:
    """All regimes and transition policies of a pack."""

    regimes: tuple[Regime, ...]
    transitions: tuple[tuple[str, tuple[Transition, ...]], ...]

    def regimes_of(self, rule: str) -> tuple[Regime, ...]:
        """Regimes of one rule: those for a special field first, then the newest first."""
        chosen = [regime for regime in self.regimes if rule in regime.rules]
        return tuple(sorted(chosen, key=lambda one: (not one.field, -one.decided_from.toordinal(), one.key)))

    def transition_on(self, rule: str, day: date) -> Transition | None:
        """The policy that counts on that day."""
        values = [value for value in dict(self.transitions).get(rule, ()) if value.since <= day]
        return values[-1] if values else None

    @property
    def rules_with_end(self) -> tuple[str, ...]:
        """The rules for which the last day of validity, or the day of removal, matters."""
        regimes = [one for one in self.regimes if any(c.period.until != "months" for c in one.classes)]
        return tuple(sorted({rule for one in regimes for rule in one.rules})) or ("",)

    @property
    def fine_bounds(self) -> tuple[int, ...]:
        """All amounts in fen at which some rule changes its answer, ascending."""
        found = {0}
        for regime in self.regimes:
            for one in regime.predicates:
                found |= {bound for bound in (one.from_fen, one.below_fen) if bound is not None}
        return tuple(sorted(found))

    @property
    def rule_keys(self) -> tuple[str, ...]:
        return tuple(sorted({rule for regime in self.regimes for rule in regime.rules}))


@cache
def load_rules(pack: str) -> PublicityRules:
    """The publicity rules of a pack with its parents."""
    regimes: dict[str, Regime] = {}
    for file in load_pack(pack).files("publicity"):
        regime = _read_regime(file.section, file.pack)
        if regime.key != file.name:
            raise file.section.refuse("key", f"“key”应与文件同名：{file.name}。")
        regimes[regime.key] = regime
    transitions: dict[str, tuple[Transition, ...]] = {}
    for file in load_pack(pack).files("publicity/transition"):
        rule = file.section.text("rule")
        transitions[rule] = _read_transitions(file.section)
    return PublicityRules(
        tuple(regimes[key] for key in sorted(regimes)),
        tuple((key, transitions[key]) for key in sorted(transitions)),
    )


def grounded(rules: PublicityRules, provisions: dict[str, ProvisionInForce], today: date) -> PublicityRules:
    """The rules with `verified` narrowed to what the legal register carries today.

    Enabling provisions that are not in force are dropped; a regime with none left, a class with an
    unreliable governing provision, and a predicate without its provision become not executable.
    """

    def reliable(references: tuple[str, ...]) -> bool:
        return all(reference in provisions for reference in references)

    def in_force(reference: str) -> bool:
        return reference in provisions and provisions[reference].in_force_on(today)

    regimes = []
    for regime in rules.regimes:
        enabling = tuple(reference for reference in regime.enabling if in_force(reference))
        regimes.append(
            replace(
                regime,
                enabling=enabling,
                verified=regime.verified and bool(enabling),
                classes=tuple(
                    replace(one, verified=one.verified and reliable(one.governing)) for one in regime.classes
                ),
                predicates=tuple(
                    replace(one, verified=one.verified and reliable((one.provision,))) for one in regime.predicates
                ),
            )
        )
    transitions = tuple(
        (
            rule,
            tuple(replace(one, verified=one.verified and all(map(in_force, one.governing))) for one in values),
        )
        for rule, values in rules.transitions
    )
    return PublicityRules(tuple(regimes), transitions)


def governing_of(regime: Regime, one: SeverityClass) -> tuple[str, ...]:
    """The provisions that fix a class and its period: its own and those of the predicates that lead to it."""
    named = [*one.governing]
    named += [
        predicate.provision for predicate in regime.predicates if predicate.class_key == one.key and predicate.verified
    ]
    return tuple(dict.fromkeys(named))


def _read_regime(section: Section, pack: str) -> Regime:
    _, verified, _ = read_citation(section)
    classes = []
    for inner in section.sections("classes"):
        classes.append(_read_class(inner, verified))
        inner.done()
    keys = tuple(one.key for one in classes)
    if not keys or len(set(keys)) != len(keys):
        raise section.refuse("classes", "至少要有一个类别，且不能重复。")
    predicates = []
    for inner in section.sections("predicates"):
        predicates.append(_read_predicate(inner, keys))
        inner.done()
    regime = Regime(
        key=section.text("key"),
        rules=section.texts("rules"),
        description=section.text("description"),
        field=section.text("field", ""),
        decided_from=section.day("decided_from"),
        decided_to=section.optional_day("decided_to"),
        enabling=section.texts("enabling"),
        verified=verified,
        classes=tuple(classes),
        predicates=tuple(predicates),
        otherwise=section.choice("otherwise", ("", *keys), ""),
        pack=pack,
    )
    if not regime.rules or not regime.enabling:
        raise RulebookError(section.place, "必须写明适用的信息类别 rules 和允许公示的条款 enabling。")
    section.done()
    return regime


def _read_class(section: Section, verified: bool) -> SeverityClass:
    publish = section.flag("publish", True)
    until = section.choice("until", UNTIL, "months")
    period = Period(
        until=until,
        min_months=section.whole("min_months", 0),
        max_months=section.whole("max_months") if "max_months" in section else None,
        without_end_months=section.whole("without_end_months") if "without_end_months" in section else None,
        removal_rule=section.text("removal_rule", ""),
    )
    complete = {
        "months": period.max_months is not None,
        "valid_to": period.max_months is not None and period.without_end_months is not None,
        "removal": bool(period.removal_rule),
    }
    if publish and not complete[until]:
        raise RulebookError(section.place, "公示的类别必须写明期限：没有终止日期或者移出条件的公示不成立。")
    governing = section.texts("governing")
    if not governing:
        raise RulebookError(section.place, "必须写明确定类别和期限的条款 governing。")
    return SeverityClass(
        key=section.text("key"),
        label=section.text("label", ""),
        stated=section.text("stated", ""),
        publish=publish,
        period=period,
        governing=governing,
        verified=section.flag("verified", verified),
    )


def _read_predicate(section: Section, keys: tuple[str, ...]) -> Predicate:
    _, verified, _ = read_citation(section)
    kinds = section.texts("kinds")
    bounds = [section.whole(key) * 100 if key in section else None for key in ("from_yuan", "below_yuan")]
    if not kinds or (bounds != [None, None] and kinds != (FINE,)):
        raise section.refuse("kinds", f"必须写明处罚种类；数额只能与“{FINE}”一起使用。")
    return Predicate(
        class_key=section.choice("class", keys),
        kinds=kinds,
        procedures=section.texts("procedures"),
        from_fen=bounds[0],
        below_fen=bounds[1],
        provision=section.text("provision"),
        verified=verified,
    )


def _read_transitions(section: Section) -> tuple[Transition, ...]:
    values = []
    for inner in section.sections("values"):
        _, verified, _ = read_citation(inner)
        policy = inner.choice("policy", POLICIES)
        governing = inner.texts("governing")
        if verified and policy == "new_rule_if_shorter" and not governing:
            raise inner.refuse("governing", "适用新规定必须写明过渡条款。")
        values.append(Transition(inner.day("since"), policy, governing, verified))
        inner.done()
    section.done()
    return tuple(sorted(values, key=lambda one: one.since))

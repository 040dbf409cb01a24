"""Basis sets and terms for what the rules chose: a few rows that many effects share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xinheng.effects.models import PublicationTerms
from xinheng.effects.rules import PublicityRules, governing_of
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole
from xinheng.law.queries import ProvisionInForce


@dataclass(frozen=True)
class Chosen:
    """One combination that occurs among the judged records."""

    rule: str
    regime: str
    class_key: str
    set_by: str
    transition: bool


@dataclass(frozen=True)
class Basis:
    """The interned rows for one combination."""

    chosen: Chosen
    basis_set_id: int
    terms_id: int
    removal_rule: str

    @property
    def row(self) -> tuple[object, ...]:
        """As a row of the VALUES list that effects are joined with."""
        one = self.chosen
        return (
            one.rule,
            one.regime,
            one.class_key,
            one.set_by,
            one.transition,
            self.basis_set_id,
            self.terms_id,
            self.removal_rule,
        )


def intern_bases(
    chosen: Iterable[Chosen],
    rules: PublicityRules,
    provisions: Mapping[str, ProvisionInForce],
    *,
    today: date,
    now: datetime,
) -> list[Basis]:
    """The basis set and terms of each combination, made where they do not exist yet."""
    return [_intern(one, rules, provisions, today=today, now=now) for one in chosen]


def _intern(
    chosen: Chosen,
    rules: PublicityRules,
    provisions: Mapping[str, ProvisionInForce],
    *,
    today: date,
    now: datetime,
) -> Basis:
    regime = next(one for one in rules.regimes if one.key == chosen.regime)
    severity = regime.class_of(chosen.class_key)
    governing = governing_of(regime, severity)
    members = [(provisions[reference].id, BasisRole.ENABLING) for reference in regime.enabling]
    transition = rules.transition_on(chosen.rule, today)
    if chosen.transition and transition is not None:
        # The later text was not in force on the day of decision: it applies through the transition rule alone.
        members += [(provisions[reference].id, BasisRole.GOVERNING) for reference in transition.governing]
        members += [(provisions[reference].id, BasisRole.APPLIED) for reference in governing]
    else:
        members += [(provisions[reference].id, BasisRole.GOVERNING) for reference in governing]
    terms, _ = PublicationTerms.objects.get_or_create(
        rule=chosen.rule,
        regime=chosen.regime,
        class_key=chosen.class_key,
        severity=severity.label,
        set_by=chosen.set_by,
        transition=chosen.transition,
        min_months=severity.period.min_months,
        max_months=severity.period.max_months,
    )
    return Basis(chosen, intern_basis_set(members=members, now=now), terms.pk, severity.period.removal_rule)

"""What the publicity rules say about one decision, in plain Python: the reference for the set-based SQL.

`publicity` compiles the same rules for a million rows; a test compares both on generated decisions.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from xinheng.effects.rules import FINE, Predicate, PublicityRules, Regime, SeverityClass

Outcome = Literal[
    "publish", "not_published", "expired", "review", "unverified", "no_rule", "no_text", "no_date", "returned"
]
OUTCOMES: dict[Outcome, str] = {
    "publish": "公示",
    "not_published": "按规定不公示",
    "expired": "公示期已届满",
    "review": "失信等级待人工确定",
    "unverified": "依据尚未核实",
    "no_rule": "没有可适用的公示规定",
    "no_text": "作出决定时适用的规定未登记",
    "no_date": "没有决定日期，或者决定日期在今天以后",
    "returned": "曾撤回、修复或者异议成立，待审核",
}
ReviewReason = Literal["", "class", "conflict", "transition"]
REVIEW_REASONS: dict[ReviewReason, str] = {
    "": "",
    "class": "失信等级不能从处罚种类、程序和罚款数额确定，也没有载明。",
    "conflict": "载明的失信等级与按处罚种类、程序和罚款数额确定的等级不一致。",
    "transition": "规定变更前作出的决定，按过渡规定需要人工确定。",
}


@dataclass(frozen=True)
class Decision:
    """The facts of a record that the rules look at."""

    rule: str
    decided_on: date | None
    valid_to: date | None = None
    kinds: tuple[str, ...] = ()
    procedure: str = ""
    stated: str = ""
    amount_fen: int | None = None
    fields: tuple[str, ...] = ()
    officer: str = ""
    """The class an officer decided on, by its word; empty when nobody did."""


@dataclass(frozen=True)
class Judgement:
    """What follows for a decision on one day."""

    outcome: Outcome
    review: ReviewReason = ""
    regime: str = ""
    class_key: str = ""
    set_by: str = ""
    transition: bool = False
    ends: date | None = None


def judge(decision: Decision, rules: PublicityRules, today: date) -> Judgement:
    """Whether, on which terms and until when a decision is public from `today` on."""
    regimes = rules.regimes_of(decision.rule)
    if not regimes:
        return Judgement("no_rule")
    if decision.decided_on is None or decision.decided_on > today:
        return Judgement("no_date")
    own = _regime_on(regimes, decision, decision.decided_on)
    if own is None:
        return Judgement("no_text")
    first = judge_under(own, decision, decision.decided_on, today)
    newest = _regime_on(regimes, decision, today)
    if newest is None or newest is own or first.outcome not in {"publish", "review"}:
        return first
    transition = rules.transition_on(decision.rule, today)
    if transition is None or not transition.verified:
        return Judgement("unverified", regime=own.key)
    if transition.policy == "old_rule" or (transition.policy == "manual" and decision.officer):
        return first
    if transition.policy == "manual":
        return Judgement("review", "transition", own.key)
    return _shorter(first, judge_under(newest, decision, decision.decided_on, today))


def judge_under(regime: Regime, decision: Decision, decided_on: date, today: date) -> Judgement:
    """What one regime says, whatever others say."""
    longest = regime.longest_months
    if longest is not None and add_months(decided_on, longest) <= today:
        return Judgement("expired", regime=regime.key)
    if not regime.verified:
        return Judgement("unverified", regime=regime.key)
    chosen, set_by, problem = _class_of(regime, decision)
    if problem == "unverified":
        return Judgement("unverified", regime=regime.key)
    if chosen is None:
        return Judgement("review", problem, regime.key)
    if not chosen.verified:
        return Judgement("unverified", regime=regime.key)
    if not chosen.publish:
        return Judgement("not_published", regime=regime.key, class_key=chosen.key, set_by=set_by)
    ends = end_of(chosen, decided_on, decision.valid_to)
    if ends is not None and ends <= today:
        return Judgement("expired", regime=regime.key, class_key=chosen.key, set_by=set_by)
    return Judgement("publish", "", regime.key, chosen.key, set_by, ends=ends)


def end_of(one: SeverityClass, decided_on: date, valid_to: date | None) -> date | None:
    """The first day on which a decision of this class is no longer public; None while removal is awaited."""
    period = one.period
    if period.until == "removal":
        return valid_to
    if period.until == "valid_to" and valid_to is None:
        return add_months(decided_on, period.without_end_months or 0)
    longest = add_months(decided_on, period.max_months or 0)
    if period.until == "valid_to" and valid_to is not None:
        return min(valid_to + timedelta(days=1), longest)
    return longest


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of that month, as PostgreSQL counts."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _regime_on(regimes: tuple[Regime, ...], decision: Decision, day: date) -> Regime | None:
    for regime in regimes:
        if regime.governs(day) and (not regime.field or regime.field in decision.fields):
            return regime
    return None


def _shorter(first: Judgement, second: Judgement) -> Judgement:
    """The new rule where it is kinder to the subject, else the rule of the day of decision."""
    under_new = Judgement(
        second.outcome, second.review, second.regime, second.class_key, second.set_by, True, second.ends
    )
    if second.outcome in {"not_published", "expired"}:
        return under_new
    if first.outcome == "review":
        return first
    if second.outcome == "publish":
        shorter = second.ends is not None and (first.ends is None or second.ends < first.ends)
        return under_new if shorter else first
    return under_new


def _class_of(
    regime: Regime, decision: Decision
) -> tuple[SeverityClass | None, str, Literal["", "class", "conflict", "unverified"]]:
    """The class, who or what set it, and otherwise what is in the way."""
    chosen = _chosen_by_word(regime, decision.officer)
    if chosen is not None:
        return chosen, "officer", ""
    derived, certain = _derived(regime, decision)
    if not certain:
        return None, "", "unverified"
    stated = _chosen_by_word(regime, decision.stated)
    if derived is None:
        return (stated, "stated", "") if stated else (None, "", "class")
    if stated and stated.label != derived.label:
        return None, "", "conflict"
    return derived, "rule", ""


def _chosen_by_word(regime: Regime, word: str) -> SeverityClass | None:
    return next((one for one in regime.classes if word and one.stated == word), None)


def _derived(regime: Regime, decision: Decision) -> tuple[SeverityClass | None, bool]:
    """The heaviest class of the kinds, None when one has none; and whether only verified predicates spoke."""
    ranks: list[int | None] = []
    certain = True
    for kind in decision.kinds or ("",):
        predicate = next((one for one in regime.predicates if _matches(one, kind, decision)), None)
        if predicate is not None:
            ranks.append(regime.rank_of(predicate.class_key))
            certain = certain and predicate.verified
        else:
            ranks.append(regime.rank_of(regime.otherwise) if regime.otherwise else None)
    heaviest = max((rank for rank in ranks if rank is not None), default=None)
    if heaviest is None or (None in ranks and heaviest != len(regime.classes) - 1):
        return None, certain
    return regime.classes[heaviest], certain


def _matches(predicate: Predicate, kind: str, decision: Decision) -> bool:
    if kind not in predicate.kinds:
        return False
    if predicate.procedures and decision.procedure not in predicate.procedures:
        return False
    if kind != FINE or (predicate.from_fen is None and predicate.below_fen is None):
        return True
    if decision.amount_fen is None:
        return False
    return (predicate.from_fen or 0) <= decision.amount_fen and (
        predicate.below_fen is None or decision.amount_fen < predicate.below_fen
    )

"""The publicity rules compiled into one set-based query: the same statement judges one record or a million.

`classification.judge` says in plain Python what this SQL must give. The query is a stack of small steps, each
fenced with OFFSET 0 so that PostgreSQL computes a step once instead of repeating it inside the next.
"""

from collections.abc import Callable, Iterable
from datetime import date

from xinheng.effects.rules import FINE, Predicate, PublicityRules, Regime, SeverityClass

FACTS = (
    "rule",
    "decided_on",
    "valid_to",
    "kinds",
    "procedure",
    "stated",
    "amount_fen",
    "fields",
    "officer",
    "returned",
)
"""Columns the query needs of its source; `kinds` is never empty (no kind: one empty text)."""
JUDGED = ("outcome", "review", "regime", "class_key", "set_by", "transition", "ends")
"""Columns the query adds."""


def judging_query(facts: str, rules: PublicityRules, today: date) -> str:
    """A SELECT over `facts` (a SELECT with the columns `FACTS`) that adds the columns `JUDGED`.

    `facts` may carry further columns and parameters. Rules must be `grounded` for `today`.
    """
    # Fragments come from the rulebook, texts in them are quoted: no user input reaches this string.
    sides = (_Side("own", rules.regimes), _Side("later", _current(rules, today)))
    steps = [
        facts,
        f"SELECT f.*, {_own_regime(rules)} AS own, {_later_regime(rules, today)} AS newest FROM ({{}}) f",
        "SELECT f.*, CASE WHEN newest IS DISTINCT FROM own THEN newest END AS later FROM ({}) f",
        _step(side.heaviest() for side in sides),
        _step(side.derived() for side in sides),
        _step(side.chosen() for side in sides),
        _step(side.outcome(today) for side in sides),
        f"SELECT f.*, {_pick(rules, today)} AS pick FROM ({{}}) f",
        _FINAL,
    ]
    query = steps[0]
    for step in steps[1:]:
        query = step.replace("{}", f"{query} OFFSET 0", 1)
    return query


_FINAL = """SELECT f.*,
    CASE pick WHEN 'own' THEN own_outcome WHEN 'later' THEN later_outcome WHEN 'manual' THEN 'review'
        ELSE pick END AS outcome,
    CASE pick WHEN 'own' THEN own_review WHEN 'later' THEN later_review WHEN 'manual' THEN 'transition'
        ELSE '' END AS review,
    CASE pick WHEN 'later' THEN later ELSE own END AS regime,
    CASE pick WHEN 'own' THEN own_key WHEN 'later' THEN later_key END AS class_key,
    CASE pick WHEN 'own' THEN own_by WHEN 'later' THEN later_by END AS set_by,
    pick = 'later' AS transition,
    CASE pick WHEN 'own' THEN own_ends WHEN 'later' THEN later_ends END AS ends
FROM ({}) f"""


def quoted(text: str) -> str:
    """A text as an SQL literal; percent signs are doubled because the query is executed with parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _texts(texts: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(quoted(text) for text in texts) + "]::text[]"


def _case(branches: Iterable[tuple[str, str]], otherwise: str = "NULL") -> str:
    """CASE WHEN …; without branches just what remains."""
    written = " ".join(f"WHEN {condition} THEN {value}" for condition, value in branches)
    return f"CASE {written} ELSE {otherwise} END" if written else otherwise


def _step(sides: Iterable[str]) -> str:
    return f"SELECT f.*, {', '.join(sides)} FROM ({{}}) f"


def _own_regime(rules: PublicityRules) -> str:
    branches = []
    for rule in rules.rule_keys:
        for regime in rules.regimes_of(rule):
            condition = f"rule = {quoted(rule)} AND decided_on >= {_day(regime.decided_from)}"
            if regime.decided_to:
                condition += f" AND decided_on <= {_day(regime.decided_to)}"
            branches.append((condition + _for_field(regime), quoted(regime.key)))
    return _case(branches, "NULL::text")


def _later_regime(rules: PublicityRules, today: date) -> str:
    branches = []
    for rule in rules.rule_keys:
        for regime in rules.regimes_of(rule):
            if regime.governs(today):
                branches.append((f"rule = {quoted(rule)}{_for_field(regime)}", quoted(regime.key)))
    return _case(branches, "NULL::text")


def _for_field(regime: Regime) -> str:
    return f" AND {quoted(regime.field)} = ANY(fields)" if regime.field else ""


def _current(rules: PublicityRules, today: date) -> tuple[Regime, ...]:
    return tuple(regime for regime in rules.regimes if regime.governs(today))


class _Side:
    """The columns of one side: `own`, the regime of the day of decision, or `later`, today's."""

    def __init__(self, name: str, regimes: tuple[Regime, ...]) -> None:
        self.name = name
        self.regimes = regimes

    def _by_regime(self, column: str, value: Callable[[Regime], str], kind: str) -> str:
        branches = [(f"{self.name} = {quoted(regime.key)}", value(regime)) for regime in self.regimes]
        return f"({_case(branches)})::{kind} AS {self.name}_{column}"

    def heaviest(self) -> str:
        return ", ".join(
            (
                self._by_regime("heaviest", _heaviest, "integer"),
                self._by_regime("unknown", _unknown, "boolean"),
                self._by_regime("certain", _certain, "boolean"),
            )
        )

    def derived(self) -> str:
        def derived(regime: Regime) -> str:
            top = len(regime.classes) - 1
            heaviest = f"{self.name}_heaviest"
            return f"CASE WHEN {self.name}_unknown AND {heaviest} <> {top} THEN NULL ELSE {heaviest} END"

        return ", ".join(
            (
                self._by_regime("derived", derived, "integer"),
                self._by_regime("officer", lambda regime: _by_word(regime, "officer"), "integer"),
                self._by_regime("stated", lambda regime: _by_word(regime, "stated"), "integer"),
            )
        )

    def chosen(self) -> str:
        side = self.name
        conflict = self._by_regime("", self._conflict, "boolean").rsplit(" AS ", 1)[0]
        return f"""
            CASE WHEN {side}_officer IS NOT NULL THEN {side}_officer
                 WHEN NOT {side}_certain THEN NULL
                 WHEN {side}_derived IS NULL THEN {side}_stated
                 WHEN {conflict} THEN NULL
                 ELSE {side}_derived END AS {side}_class,
            CASE WHEN {side}_officer IS NOT NULL THEN 'officer'
                 WHEN {side}_derived IS NULL THEN 'stated' ELSE 'rule' END AS {side}_by,
            CASE WHEN {side}_officer IS NOT NULL THEN ''
                 WHEN NOT {side}_certain THEN 'unverified'
                 WHEN {side}_derived IS NULL AND {side}_stated IS NULL THEN 'class'
                 WHEN {conflict} THEN 'conflict'
                 ELSE '' END AS {side}_problem"""

    def _conflict(self, regime: Regime) -> str:
        """The stated word and the derived class carry different labels."""
        branches = []
        for one in regime.classes:
            if one.stated:
                same = [str(rank) for rank, other in enumerate(regime.classes) if other.label == one.label]
                branches.append((f"stated = {quoted(one.stated)}", f"{self.name}_derived NOT IN ({', '.join(same)})"))
        return f"coalesce({_case(branches, 'false')}, false)"

    def outcome(self, today: date) -> str:
        def outcome(regime: Regime) -> str:
            branches = []
            if regime.longest_months is not None:
                branches.append((f"{_months(regime.longest_months)} <= {_day(today)}", "'expired'"))
            if not regime.verified:
                return _case(branches, "'unverified'")
            branches.append((f"{self.name}_problem = 'unverified'", "'unverified'"))
            branches.append((f"{self.name}_class IS NULL", "'review'"))
            for rank, one in enumerate(regime.classes):
                branches.append((f"{self.name}_class = {rank}", _class_outcome(one, today)))
            return _case(branches)

        return ", ".join(
            (
                self._by_regime("outcome", outcome, "text"),
                f"{self.name}_problem AS {self.name}_review",
                self._by_regime("key", lambda regime: self._by_class(regime, lambda one: quoted(one.key)), "text"),
                self._by_regime("ends", lambda regime: self._by_class(regime, _ends), "date"),
            )
        )

    def _by_class(self, regime: Regime, value: Callable[[SeverityClass], str]) -> str:
        return _case((f"{self.name}_class = {rank}", value(one)) for rank, one in enumerate(regime.classes))


def _kinds(regime: Regime) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for predicate in regime.predicates for kind in predicate.kinds))


def _matched(regime: Regime, kind: str, value: Callable[[Predicate], str], otherwise: str) -> str:
    """The value of the first predicate that matches a kind which the decision has; NULL when it has not."""
    branches = []
    for predicate in regime.predicates:
        if kind in predicate.kinds:
            branches.append((_condition(predicate, kind), value(predicate)))
    return f"CASE WHEN {quoted(kind)} = ANY(kinds) THEN {_case(branches, otherwise)} END"


def _condition(predicate: Predicate, kind: str) -> str:
    conditions = []
    if predicate.procedures:
        conditions.append(f"procedure = ANY({_texts(predicate.procedures)})")
    if kind == FINE and predicate.from_fen is not None:
        conditions.append(f"amount_fen >= {predicate.from_fen}")
    if kind == FINE and predicate.below_fen is not None:
        conditions.append(f"amount_fen >= 0 AND amount_fen < {predicate.below_fen}")
    return " AND ".join(conditions) or "true"


def _rank(regime: Regime) -> Callable[[Predicate], str]:
    return lambda predicate: str(regime.rank_of(predicate.class_key))


def _otherwise(regime: Regime) -> str:
    return str(regime.rank_of(regime.otherwise)) if regime.otherwise else "NULL::integer"


def _heaviest(regime: Regime) -> str:
    ranks = [_matched(regime, kind, _rank(regime), _otherwise(regime)) for kind in _kinds(regime)]
    unnamed = f"CASE WHEN NOT kinds <@ {_texts(_kinds(regime))} THEN {_otherwise(regime)} END"
    return f"GREATEST({', '.join([unnamed, *ranks])})"


def _unknown(regime: Regime) -> str:
    """Whether some kind of the decision has no class."""
    if regime.otherwise:
        return "false"
    parts = [f"NOT kinds <@ {_texts(_kinds(regime))}"]
    for kind in _kinds(regime):
        ranked = _matched(regime, kind, lambda _: "false", "true")
        parts.append(f"coalesce({ranked}, false)")
    return " OR ".join(parts)


def _certain(regime: Regime) -> str:
    """Whether only verified predicates spoke."""
    doubtful = {kind for one in regime.predicates if not one.verified for kind in one.kinds}
    parts = [
        f"coalesce({_matched(regime, kind, lambda one: 'true' if one.verified else 'false', 'true')}, true)"
        for kind in _kinds(regime)
        if kind in doubtful
    ]
    return " AND ".join(parts) or "true"


def _by_word(regime: Regime, column: str) -> str:
    seen: dict[str, int] = {}
    for rank, one in enumerate(regime.classes):
        if one.stated:
            seen.setdefault(one.stated, rank)
    return _case((f"{column} = {quoted(word)}", str(rank)) for word, rank in seen.items())


def _months(months: int) -> str:
    return f"(decided_on + interval '{months} months')::date"


def _class_outcome(one: SeverityClass, today: date) -> str:
    if not one.verified:
        return "'unverified'"
    if not one.publish:
        return "'not_published'"
    return f"CASE WHEN {_ends(one)} <= {_day(today)} THEN 'expired' ELSE 'publish' END"


def _ends(one: SeverityClass) -> str:
    period = one.period
    if not one.publish:
        return "NULL"
    if period.until == "removal":
        return "valid_to"
    longest = _months(period.max_months or 0)
    if period.until == "valid_to":
        without = _months(period.without_end_months or 0)
        return f"CASE WHEN valid_to IS NULL THEN {without} ELSE LEAST(valid_to + 1, {longest}) END"
    return longest


_BY_POLICY = {
    "old_rule": "'own'",
    "manual": "CASE WHEN officer <> '' THEN 'own' ELSE 'manual' END",
    "new_rule_if_shorter": """CASE
        WHEN later_outcome IN ('not_published', 'expired') THEN 'later'
        WHEN own_outcome = 'review' THEN 'own'
        WHEN later_outcome <> 'publish' OR later_ends < coalesce(own_ends, 'infinity') THEN 'later'
        ELSE 'own' END""",
}


def _pick(rules: PublicityRules, today: date) -> str:
    """Which side decides, or the outcome itself where neither does."""
    policies = []
    for rule in rules.rule_keys:
        transition = rules.transition_on(rule, today)
        executable = transition is not None and transition.verified
        policy = _BY_POLICY[transition.policy] if transition is not None and executable else "'unverified'"
        policies.append((f"rule = {quoted(rule)}", policy))
    return _case(
        [
            (f"NOT coalesce(rule = ANY({_texts(rules.rule_keys)}), false)", "'no_rule'"),
            (f"decided_on IS NULL OR decided_on > {_day(today)}", "'no_date'"),
            ("own IS NULL", "'no_text'"),
            ("own_outcome NOT IN ('publish', 'review')", "'own'"),
            ("returned", "'returned'"),
            ("later IS NULL", "'own'"),
        ],
        _case(policies, "'own'"),
    )

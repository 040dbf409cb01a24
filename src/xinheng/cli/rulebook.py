"""`xinheng rulebook check`: reads everything a pack states, so that every mistake in it is found at once."""

from typing import Annotated

from typer import Option

from xinheng.base.errors import XinhengError
from xinheng.catalogue.contracts import load_contracts
from xinheng.checks.proving import check_mistakes
from xinheng.cli.output import AsJson, print_json, say
from xinheng.commitments.rules import commitment_mistakes
from xinheng.effects.rules import PublicityRules, Regime, governing_of, load_rules
from xinheng.law.reading import read_texts
from xinheng.matching.vocabulary import matching_mistakes
from xinheng.measures.proving import measure_mistakes
from xinheng.people.purposes import purposes
from xinheng.proceedings.proving import procedure_mistakes
from xinheng.rulebook.loader import load_pack, pack_names
from xinheng.vault.retention import retention_mistakes

MISTAKES = 1


def check(
    pack: Annotated[str | None, Option("--pack", help="规则包；不写则检查全部")] = None, as_json: AsJson = False
) -> int:
    """Prove every reference, basis and date of a pack; exit code 1 when something does not hold."""
    names = pack_names() if pack is None else (pack,)
    found = {name: _mistakes(name) for name in names}
    if as_json:
        print_json(found)
    else:
        for name, mistakes in found.items():
            say(f"规则包“{load_pack(name).title}”：{'没有发现问题' if not mistakes else ''}", *mistakes)
    return MISTAKES if any(found.values()) else 0


def _mistakes(pack: str) -> list[str]:
    try:
        load_pack(pack).rules()
        purposes(pack)
        contracts = load_contracts(pack)
        stated = {f"{text.key}#{provision.article}" for text in read_texts(pack) for provision in text.provisions}
        rules = load_rules(pack)
        # A layer that speaks for no place may leave periods to the counties built on it.
        speaks_for_a_place = load_pack(pack).region is not None
        kept = retention_mistakes(pack)
        checks = check_mistakes(pack, contracts)
        measures = measure_mistakes(pack)
        procedures = procedure_mistakes(pack, stated, speaks_for_a_place=speaks_for_a_place)
        commitments = commitment_mistakes(pack, stated)
    except XinhengError as error:
        return [f"{error.message}{error.advice}"]
    wanted = sorted({one.publication_rule for one in contracts.values() if one.publication_rule and speaks_for_a_place})
    return [
        *(f"公示规则“{rule}”没有取值。" for rule in wanted if not rules.regimes_of(rule)),
        *(mistake for regime in rules.regimes for mistake in _unfounded(regime, stated)),
        *_loose_transitions(rules, stated),
        *procedures,
        *commitments,
        *measures,
        *kept,
        *checks,
        *matching_mistakes(pack),
    ]


def _unfounded(regime: Regime, stated: set[str]) -> list[str]:
    named = {*regime.enabling, *(one for each in regime.classes for one in governing_of(regime, each))}
    return [f"公示规则“{regime.key}”引用的依据 {one} 不在依据目录中。" for one in sorted(named - stated) if one]


def _loose_transitions(rules: PublicityRules, stated: set[str]) -> list[str]:
    return [
        f"“{rule}”的新旧规则衔接引用的依据 {one} 不在依据目录中。"
        for rule, policies in rules.transitions
        for policy in policies
        for one in policy.governing
        if one not in stated
    ]

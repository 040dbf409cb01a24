"""How long sealed records of persons are kept: dated parameters of the rulebook, one for each record type."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.catalogue.contracts import load_contracts
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import RulebookError
from xinheng.rulebook.rules import NoValueYet, Rule, value_at

COUNTED_FROM = ("valid_to", "decided_on", "withdrawn", "received")
WITHDRAWN, FILES = "withdrawn", "files"
"""Besides record types: what a department took back, and originals and refused rows that name a person."""
_PREFIX = "person_retention_"


@dataclass(frozen=True)
class Retention:
    """What is kept for so many days after its basis ended. Without `verified` nothing is destroyed by it."""

    of: str
    description: str
    counted_from: str
    days: int
    citation: str
    verified: bool


def retentions(pack: str, as_at: date) -> dict[str, Retention]:
    """The retention of each record type that is sealed, and of `withdrawn` and `files`, as the pack says on a day."""
    found = {}
    for of, rule in _rules(pack).items():
        try:
            found[of] = _retention(of, rule, as_at)
        except NoValueYet:
            continue
    return found


def retention_mistakes(pack: str) -> list[str]:
    """What a pack must still say: a retention for every record type whose rows about persons are sealed."""
    sealed = {key for key, contract in load_contracts(pack).items() if contract.persons == "sealed"}
    rules = _rules(pack)
    for of, rule in rules.items():
        for dated in rule.values:
            _retention(of, rule, dated.since)
    return [
        f"缺少参数 {_PREFIX}{one}：自然人的这类信息封存多久。"
        for one in sorted(sealed | {WITHDRAWN, FILES})
        if one not in rules
    ]


def _rules(pack: str) -> Mapping[str, Rule]:
    return {key.removeprefix(_PREFIX): rule for key, rule in load_pack(pack).rules().items() if key.startswith(_PREFIX)}


def _retention(of: str, rule: Rule, as_at: date) -> Retention:
    dated = value_at(rule, as_at)
    match dated.value:
        case (str(name), int(days)) if name in COUNTED_FROM and days > 0:
            return Retention(of, rule.description, name, days, dated.citation, dated.verified)
    raise RulebookError(dated.place, f"封存期应写成 [起算日, 天数]，起算日是 {'、'.join(COUNTED_FROM)} 之一。")

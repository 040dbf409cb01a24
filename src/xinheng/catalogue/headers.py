"""Which column of a file is which field of a contract; never guessed, only recognised.

A heading is recognised by the field's Chinese label, exchange code, name or alias. What is not recognised is
asked of a person on the mapping page, where likely fields are offered as suggestions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from xinheng.base.errors import WrongUsage
from xinheng.catalogue.contract import OPERATION, WITHDRAWAL_REASON, Contract, Field
from xinheng.catalogue.headings import (
    heading_key,
    heading_keys,
    headings_of,
    loose_heading_key,
    money_unit,
    remarks_are_harmless,
)

LEAVE_OUT = ""
"""In a saved mapping: this column is not taken over."""
_LIKELY = 60
_SUGGESTIONS = 3


@dataclass(frozen=True)
class Ambiguity:
    """Several columns of a file claim one field."""

    field: str
    headers: tuple[str, ...]


@dataclass(frozen=True)
class HeaderMatch:
    """What became of each column of a file."""

    mapping: Mapping[str, str]
    """Column heading as it stands in the file → field name."""
    unknown: tuple[str, ...]
    """Columns nobody recognised; their content is not taken over unless somebody maps them."""
    ignored: tuple[str, ...]
    """Columns left out by the contract or by the saved mapping."""
    missing_required: tuple[str, ...]
    """Names of required fields without a column."""
    ambiguous: tuple[Ambiguity, ...]
    repeated: tuple[str, ...]
    """Headings that stand twice in the file."""
    other_unit: tuple[str, ...]
    """Columns that look like a field but state another unit of money (元 instead of 万元); never mapped."""

    @property
    def usable(self) -> bool:
        """True when rows can be read without asking anybody; unknown columns are then left out."""
        return bool(self.mapping) and not (self.missing_required or self.ambiguous or self.repeated or self.other_unit)

    @property
    def clear(self) -> bool:
        """True when every column found its place."""
        return self.usable and not self.unknown


@dataclass(frozen=True)
class ContractSuggestion:
    """How well a row of headings fits a contract."""

    key: str
    title: str
    matched: int
    unknown: int
    missing_required: int


def match_headers(headers: Sequence[str], contract: Contract, saved: Mapping[str, str] | None = None) -> HeaderMatch:
    """Find the field of each column.

    `saved` is an earlier answer of a person (heading → field name, or LEAVE_OUT); it goes before everything
    else for the headings it names. WrongUsage when it names a field the contract does not have.
    """
    chosen = _checked(saved or {}, contract)
    exact, loose = _index(contract)
    ignored_keys = {heading_key(heading) for heading in contract.ignored_headers}
    claims: dict[str, list[str]] = defaultdict(list)
    unknown, ignored, other_unit = [], [], []
    for header in dict.fromkeys(headers):
        if header in chosen:
            if chosen[header] == LEAVE_OUT:
                ignored.append(header)
            else:
                claims[chosen[header]].append(header)
            continue
        field = _recognised(header, exact, loose)
        if field and _unit_differs(header, field):
            other_unit.append(header)
        elif field:
            claims[field.name].append(header)
        elif not heading_key(header) or heading_key(header) in ignored_keys:
            ignored.append(header)
        else:
            unknown.append(header)
    mapping = {claimed[0]: name for name, claimed in claims.items() if len(claimed) == 1}
    return HeaderMatch(
        mapping=mapping,
        unknown=tuple(unknown),
        ignored=tuple(ignored),
        missing_required=_missing(contract, claims),
        ambiguous=tuple(Ambiguity(name, tuple(claimed)) for name, claimed in claims.items() if len(claimed) > 1),
        repeated=tuple(header for header, count in Counter(headers).items() if count > 1 and header in mapping),
        other_unit=tuple(other_unit),
    )


def suggest_fields(header: str, contract: Contract, taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Names of likely fields for the mapping page, best first; a person decides."""
    free = {field.name: field for field in contract.fields if field.name not in set(taken)}
    choices = {
        (name, heading): loose_heading_key(heading) for name, field in free.items() for heading in headings_of(field)
    }
    found = process.extract(loose_heading_key(header), choices, scorer=fuzz.ratio, score_cutoff=_LIKELY, limit=None)
    names = dict.fromkeys(name for _, _, (name, _) in found)
    return tuple(names)[:_SUGGESTIONS]


def suggest_contract(headers: Sequence[str], contracts: Mapping[str, Contract]) -> tuple[ContractSuggestion, ...]:
    """Contracts that recognise at least one column, best first.

    More recognised columns and fewer strange or missing ones are better; equal ones keep their order.
    """
    found = []
    for contract in contracts.values():
        match = match_headers(headers, contract)
        matched = len(match.mapping)
        if matched:
            found.append(
                ContractSuggestion(
                    key=contract.key,
                    title=contract.title,
                    matched=matched,
                    unknown=len(match.unknown) + len(match.ambiguous) + len(match.other_unit),
                    missing_required=len(match.missing_required),
                )
            )
    return tuple(sorted(found, key=lambda fit: fit.unknown + 2 * fit.missing_required - fit.matched))


def _checked(saved: Mapping[str, str], contract: Contract) -> Mapping[str, str]:
    for header, name in saved.items():
        if name != LEAVE_OUT and name not in contract.names:
            raise WrongUsage(f"列“{header}”指向的字段“{name}”不存在。", "请重新选择这一列对应的字段。")
    return saved


def _index(contract: Contract) -> tuple[dict[str, Field], dict[str, Field | None]]:
    """Exact forms, and forms without bracketed parts; None where the latter point to several fields."""
    exact = {key: field for field in contract.fields for key in heading_keys(field)}
    loose: dict[str, Field | None] = {}
    for field in contract.fields:
        for heading in headings_of(field):
            key = loose_heading_key(heading)
            known = loose.setdefault(key, field)
            if known is not field:
                loose[key] = None
    return exact, loose


def _recognised(header: str, exact: dict[str, Field], loose: dict[str, Field | None]) -> Field | None:
    field = exact.get(heading_key(header))
    if field or not remarks_are_harmless(header):
        return field
    short = loose_heading_key(header)
    return exact.get(short) or loose.get(short)


def _unit_differs(header: str, field: Field) -> bool:
    unit = money_unit(header)
    return bool(unit) and unit != money_unit(field.label)


def _missing(contract: Contract, claims: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Required fields without a column.

    A file that has the two columns of a withdrawal and no required column beyond those that identify a record
    can only hold withdrawals, and needs no more than the identifying ones.
    """
    roles = contract.roles
    needed = {field.name for field in contract.fields if field.required == "always"}
    identifying = {*contract.key_fields, roles.subject_name} & needed
    if {OPERATION, WITHDRAWAL_REASON} <= set(claims) and not (needed - identifying) & set(claims):
        needed = identifying
        if roles.subject_code in claims:
            needed.discard(roles.subject_name)
    return tuple(name for name in contract.names if name in needed and name not in claims)

"""What may be asked of the catalogue: which record types there are, and what each field may hold and why.

The catalogue is public in full: a subject may always see what can be collected about it. The scope is taken
like everywhere, and changes nothing here.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.catalogue.code_lists import CodeList, load_code_lists
from xinheng.catalogue.contract import Contract, Field
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.items import Item, load_items
from xinheng.catalogue.periods import PeriodLine, in_one_sentence, load_periods, periods_of
from xinheng.catalogue.provisions import ProvisionReference, load_provisions
from xinheng.catalogue.wording import (
    PUBLICITIES,
    TYPES,
    display_of,
    key_of,
    length_of,
    requirement_of,
    values_of,
)
from xinheng.rulebook.loader import load_pack


@dataclass(frozen=True)
class CatalogueEntry:
    """One record type as a line of the catalogue; all texts are ready to be shown."""

    key: str
    title: str
    act: str
    edition: str
    item_number: str
    item_title: str
    publicity: str
    publication: str
    publication_rule: str
    update_cycle: str
    service_level: str
    supplier: str
    citation: str
    verified: bool
    valid_since: date
    fields: int
    published_fields: int
    personal_fields: int
    note: str


@dataclass(frozen=True)
class FieldLine:
    """One field of a record type; all texts are ready to be shown."""

    number: int
    name: str
    label: str
    code: str
    aliases: tuple[str, ...]
    type: str
    length: str
    required: str
    values: str
    description: str
    example: str
    display: str
    published: bool
    personal: bool
    item_title: str
    basis: str
    basis_text_key: str
    basis_article: str
    basis_verified: bool


@dataclass(frozen=True)
class ContractPage:
    """A record type with all its fields."""

    entry: CatalogueEntry
    key_fields: str
    persons: str
    fields: tuple[FieldLine, ...]
    periods: tuple[PeriodLine, ...]
    """The publicity rules, those for the newest decisions first; empty when nothing is published."""


@dataclass(frozen=True)
class CodeListPage:
    """One code list with the spellings that are understood."""

    key: str
    title: str
    citation: str
    verified: bool
    values: tuple[tuple[str, str], ...]
    """Each value with its meaning; the meaning is empty where the value speaks for itself."""
    synonyms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Sources:
    """What the texts are made from."""

    contracts: dict[str, Contract]
    items: dict[str, Item]
    provisions: dict[str, ProvisionReference]
    code_lists: dict[str, CodeList]
    periods: tuple[PeriodLine, ...]


def catalogue(scope: Scope, *, pack: str) -> tuple[CatalogueEntry, ...]:
    """All record types in the order of the national catalogue."""
    sources = _sources(pack)
    numbered = sorted(sources.contracts.values(), key=lambda found: (_order(sources, found), found.key))
    return tuple(_entry(sources, found) for found in numbered)


def contract(scope: Scope, key: str, *, pack: str) -> ContractPage:
    """One record type with its fields; NotFound in words."""
    sources = _sources(pack)
    if key not in sources.contracts:
        raise NotFound("目录中没有这一类信息。", "请从“信息目录”页选择一类。")
    found = sources.contracts[key]
    return ContractPage(
        entry=_entry(sources, found),
        key_fields=key_of(found),
        persons="加密封存，不公示、不可检索" if found.persons == "sealed" else "不收自然人的信息",
        fields=tuple(_line(sources, found, number, field) for number, field in enumerate(found.fields, start=1)),
        periods=periods_of(found.publication_rule, sources.periods),
    )


def items(scope: Scope, *, pack: str) -> tuple[Item, ...]:
    """The kinds of information of the catalogue, with sub-items, in order."""
    return tuple(_sources(pack).items.values())


def code_lists(scope: Scope, *, pack: str) -> tuple[CodeListPage, ...]:
    """The code lists that fields use, by key."""
    lists = _sources(pack).code_lists
    return tuple(_code_list_page(lists[key]) for key in sorted(lists))


@cache
def _sources(pack: str) -> _Sources:
    loaded = load_pack(pack)
    return _Sources(
        contracts=load_contracts(pack),
        items=load_items(loaded),
        provisions=load_provisions(loaded),
        code_lists=load_code_lists(loaded),
        periods=load_periods(loaded),
    )


def _order(sources: _Sources, found: Contract) -> tuple[int, ...]:
    """The item's number; what is no credit information (number 0) comes last."""
    number = tuple(int(part) for part in sources.items[found.item].number.split("."))
    return number if number[0] else (99,)


def _entry(sources: _Sources, found: Contract) -> CatalogueEntry:
    item = sources.items[found.item]
    return CatalogueEntry(
        key=found.key,
        title=found.title,
        act=found.act,
        edition=found.edition,
        item_number=item.number,
        item_title=item.title,
        publicity=PUBLICITIES[found.publicity],
        publication=_publication(sources, found),
        publication_rule=found.publication_rule,
        update_cycle=found.update_cycle,
        service_level=found.service_level,
        supplier=found.supplier,
        citation=found.citation,
        verified=found.verified,
        valid_since=date.fromisoformat(found.valid_since),
        fields=len(found.fields),
        published_fields=len(found.published_names),
        personal_fields=len(found.personal_names),
        note=found.note,
    )


def _publication(sources: _Sources, found: Contract) -> str:
    """In one sentence: is it published, and until when."""
    if found.publicity != "public":
        return "不公示"
    if not found.publication_rule:
        return "在主体页面公示，不设截止期"
    return in_one_sentence(periods_of(found.publication_rule, sources.periods))


def _line(sources: _Sources, contract: Contract, number: int, field: Field) -> FieldLine:
    listed = sources.code_lists.get(field.code_list)
    provision = sources.provisions[field.provision]
    text_key, _, article = field.provision.partition("#")
    return FieldLine(
        number=number,
        name=field.name,
        label=field.label,
        code=field.code,
        aliases=field.aliases,
        type=TYPES[field.type],
        length=length_of(field),
        required=requirement_of(field, contract),
        values=values_of(field, dict(listed.meanings) if listed else {}),
        description=field.description,
        example=field.example,
        display=display_of(field),
        published=field.published,
        personal=field.personal,
        item_title=sources.items[field.item].title,
        basis=str(provision),
        basis_text_key=text_key,
        basis_article=article,
        basis_verified=provision.verified,
    )


def _code_list_page(code_list: CodeList) -> CodeListPage:
    meanings = dict(code_list.meanings)
    return CodeListPage(
        key=code_list.key,
        title=code_list.title,
        citation=code_list.citation,
        verified=code_list.verified,
        values=tuple((value, meanings.get(value, "")) for value in code_list.values),
        synonyms=code_list.synonyms,
    )

"""Reads the data contracts of a pack, and refuses every field that has no basis or crosses a boundary."""

from functools import cache

from xinheng.catalogue.boundaries import Boundaries, load_boundaries
from xinheng.catalogue.code_lists import load_code_lists
from xinheng.catalogue.contract import Contract, Field, Persons, Publicity, Roles
from xinheng.catalogue.fields import FieldReader
from xinheng.catalogue.items import FILE as ITEMS_FILE
from xinheng.catalogue.items import Item, load_items
from xinheng.catalogue.provisions import load_provisions
from xinheng.rulebook.loader import Pack, PackFile, load_pack
from xinheng.rulebook.reading import RulebookError, Section
from xinheng.rulebook.rules import read_citation

PUBLICITIES: tuple[Publicity, ...] = ("public", "shared", "authorised", "internal")
PERSONS: tuple[Persons, ...] = ("sealed", "refused")
SUBJECT = "subject"
"""Stands for the subject in a business key, whichever of its code and name is filled."""

_ROLES_READ_APART = ("other_codes", "subject_name")


@cache
def load_contracts(pack: str) -> dict[str, Contract]:
    """All contracts of a pack with its parents, by key.

    RulebookError with file and line when a field has no known item or no provision, carries a forbidden
    word, or contradicts itself.
    """
    return read_contracts(load_pack(pack))


def read_contracts(pack: Pack) -> dict[str, Contract]:
    """As `load_contracts`, for a pack that is already loaded, and without the cache."""
    items = load_items(pack)
    boundaries = load_boundaries(pack)
    reader = FieldReader(
        items=items,
        provisions=load_provisions(pack),
        code_lists=load_code_lists(pack),
        groups={file.name: file for file in pack.files("catalogue/groups")},
        boundaries=boundaries,
    )
    contracts: dict[str, Contract] = {}
    for file in pack.files("catalogue"):
        if file.name != ITEMS_FILE:
            contracts[file.name] = _read_contract(file, reader, items, boundaries)
    return contracts


def _read_contract(file: PackFile, reader: FieldReader, items: dict[str, Item], boundaries: Boundaries) -> Contract:
    section = file.section
    if section.text("key") != file.name:
        raise section.refuse("key", f"“key”应与文件同名：{file.name}。")
    if section.text("item") not in items:
        raise section.refuse("item", f"目录项“{section.text('item')}”不在目录中。")
    for key in ("title", "act"):
        hit = boundaries.find(section.text(key, ""))
        if hit:
            raise section.refuse(key, f"“{hit.text}”涉及{hit.ban.title}，不得收集（{hit.ban.basis}）。")
    citation, verified, reviewed_on = read_citation(section)
    contract = Contract(
        key=file.name,
        title=section.text("title"),
        edition=section.text("edition"),
        item=section.text("item"),
        pack=file.pack,
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        publicity=section.choice("publicity", PUBLICITIES),
        publication_rule=section.text("publication_rule", ""),
        persons=section.choice("persons", PERSONS),
        register=section.flag("register"),
        key_fields=section.texts("key_fields"),
        roles=_read_roles(section.section("roles")),
        fields=reader.read(section),
        switched_off=section.texts("switched_off"),
        act=section.text("act", ""),
        update_cycle=section.text("update_cycle"),
        valid_since=section.day("valid_since").isoformat(),
        supplier=section.text("supplier"),
        service_level=section.text("service_level", ""),
        ignored_headers=section.texts("ignored_headers"),
        note=section.text("note", ""),
        by_case=section.flag("by_case", False),
    )
    section.done()
    _refuse_contradictions(section, contract)
    return contract


def _read_roles(section: Section) -> Roles:
    for key in section.text_keys():
        if key not in Roles.__dataclass_fields__:
            raise section.refuse(key, f"不认识的角色“{key}”。")
    words = {key: section.text(key) for key in section.text_keys() if key not in _ROLES_READ_APART}
    return Roles(subject_name=section.text("subject_name", ""), other_codes=section.texts("other_codes"), **words)


def _refuse_contradictions(section: Section, contract: Contract) -> None:
    fields = {field.name: field for field in contract.fields}
    roles = contract.roles
    named = [getattr(roles, role) for role in Roles.__dataclass_fields__ if role != "other_codes"]
    for name in (*named, *roles.other_codes):
        if name and name not in fields:
            raise section.refuse("roles", f"角色指向的字段“{name}”不存在。")
    for name in contract.key_fields:
        if name != SUBJECT and name not in fields:
            raise section.refuse("key_fields", f"业务主键中的字段“{name}”不存在。")
    if SUBJECT in contract.key_fields and not roles.subject_name:
        raise section.refuse("key_fields", "业务主键含主体，但没有指明主体名称字段。")
    if not contract.key_fields:
        raise section.refuse("key_fields", "业务主键不能为空。")
    if contract.publication_rule and contract.publicity != "public":
        raise section.refuse("publication_rule", "不公开的信息不能有公示规则。")
    _refuse_hidden_persons(section, contract, fields)


def _refuse_hidden_persons(section: Section, contract: Contract, fields: dict[str, Field]) -> None:
    """Personal columns stay personal, and nothing is published from a contract that is not public."""
    if contract.publicity != "public" and contract.published_names:
        shown = "、".join(contract.published_names)
        raise section.refuse("publicity", f"不公开的信息不能有公示字段：{shown}。")
    if contract.roles.person_id and not fields[contract.roles.person_id].personal:
        raise section.refuse("roles", f"证件号码字段“{contract.roles.person_id}”必须标为个人信息。")
    for name in contract.key_fields:
        if name != SUBJECT and fields[name].personal:
            raise RulebookError(section.place_of("key_fields"), f"个人信息字段“{name}”不能作业务主键。")

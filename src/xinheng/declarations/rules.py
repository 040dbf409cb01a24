"""What may be declared and in which words its truth is pledged, from the rulebook (`declarations/*.yaml`)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from xinheng.base.errors import NotFound, Refused
from xinheng.catalogue.contracts import load_contracts
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import Section
from xinheng.rulebook.rules import read_citation

CONTRACT = "declaration"
FIELDS = ("title", "certificate_no", "issuer", "obtained_on", "valid_to", "statement")
"""What an organisation fills in; the names are those of the contract's fields."""


@dataclass(frozen=True)
class DeclarationKind:
    """One kind: its word in the catalogue, what its form asks, and who looks at what."""

    key: str
    value: str
    help: str
    labels: Mapping[str, str]
    needs: tuple[str, ...]
    evidence: str
    verifies: str
    longest_months: int


@dataclass(frozen=True)
class Pledge:
    """The words an organisation signs. Their digest is kept with every signature."""

    version: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def load_kinds(pack: str) -> dict[str, DeclarationKind]:
    """All kinds of a pack, in the order of the file; each must be a value of the contract's code list."""
    section = load_pack(pack).file("declarations/kinds.yaml").section
    section.text("description")
    read_citation(section)
    values = load_contracts(pack)[CONTRACT].field("kind").values
    kinds = {}
    for inner in section.sections("kinds"):
        kind = _read_kind(inner)
        if kind.value not in values:
            raise inner.refuse("value", f"“{kind.value}”不在代码表 declaration_kinds 中。")
        kinds[kind.key] = kind
    section.done()
    return kinds


def kind_of(pack: str, key: str) -> DeclarationKind:
    """The kind of that key; NotFound in words for any other."""
    found = load_kinds(pack).get(key)
    if found is None:
        raise NotFound("没有这一类自主申报信息。", "请从“自主申报”页选择一类。")
    return found


def pledge_on(pack: str, day: date) -> Pledge:
    """The words that are signed on that day; Refused where the pack has none that the place has adopted."""
    section = load_pack(pack).file("declarations/pledge.yaml").section
    section.text("description")
    found = None
    for inner in section.sections("versions"):
        since, version, text = inner.day("since"), inner.text("version"), inner.text("text")
        _, verified, _ = read_citation(inner)
        inner.done()
        if verified and since <= day:
            found = Pledge(version, text)
    section.done()
    if found is None:
        raise Refused("本地还没有确定自主申报的承诺书，现在不能申报。", "请向信用办询问。")
    return found


@cache
def verifiers(pack: str) -> Mapping[str, str]:
    """Credit codes of the departments that verify a kind; what is not named is the office's."""
    try:
        section = load_pack(pack).file("declarations/verifiers.yaml").section
    except NotFound:
        return {}
    section.text("description")
    named = dict(section.pairs("verifiers"))
    for key in named:
        if key not in load_kinds(pack):
            raise section.refuse("verifiers", f"没有“{key}”这一类自主申报信息。")
    section.done()
    return named


def _read_kind(section: Section) -> DeclarationKind:
    labels = dict(section.pairs("labels"))
    needs = section.texts("needs")
    for name in (*labels, *needs):
        if name not in FIELDS:
            raise section.refuse("labels", f"没有“{name}”这个填报项。")
    if set(labels) != set(FIELDS) or not {"title", "valid_to"} <= set(needs):
        raise section.refuse("labels", "每个填报项都要有名称；名称和有效期必填。")
    kind = DeclarationKind(
        key=section.text("key"),
        value=section.text("value"),
        help=section.text("help"),
        labels=labels,
        needs=needs,
        evidence=section.text("evidence"),
        verifies=section.text("verifies"),
        longest_months=section.whole("longest_months"),
    )
    section.done()
    return kind

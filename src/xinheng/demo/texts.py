"""The invented words of the demo county, read from the YAML beside this module."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import Section, read_each, read_yaml

TEXTS = Path(__file__).parent / "texts"
YUAN_PER_WAN = 10_000
Item = TypeVar("Item")


@dataclass(frozen=True)
class Department:
    """A department of the fictional county, as its contact sheet has it."""

    code: str
    name: str
    short_name: str
    address: str
    telephone: str
    hours: str
    fields: tuple[str, ...]
    hold_before_publication: bool


@dataclass(frozen=True)
class Trade:
    """What a share of the organisations do."""

    word: str
    kind: str
    field: str
    industry: str
    weight: int


@dataclass(frozen=True)
class Violation:
    """One kind of case; `fine` and `gain` are ranges in yuan, empty where nothing is paid."""

    type: str
    facts: str
    basis: str
    kinds: str
    fine: tuple[int, int] | None
    gain: tuple[int, int] | None
    level: str
    procedure: str
    weight: int
    fields: tuple[str, ...]
    """Narrower than the department's; empty for all of them."""


@dataclass(frozen=True)
class Permission:
    """One kind of licence; `years` 0 means without end."""

    title: str
    category: str
    certificate: str
    content: str
    years: int
    weight: int
    things: tuple[str, ...]
    fields: tuple[str, ...]
    """Narrower than the department's; empty for all of them."""


@dataclass(frozen=True)
class Penalties:
    """What one department punishes, and in which fields its subjects work."""

    fields: tuple[str, ...]
    goods: tuple[str, ...]
    acts: tuple[Violation, ...]


@dataclass(frozen=True)
class Permissions:
    """What one department permits, and in which fields its subjects work."""

    fields: tuple[str, ...]
    acts: tuple[Permission, ...]


def read_departments() -> dict[str, Department]:
    """The departments by short name, in the order of the contact sheet."""
    sheets = (file for file in load_pack("demo").files("contacts") if file.name == "departments")
    return {
        department.short_name: department
        for sheet in sheets
        for department in read_each(sheet.section.sections("departments"), _department)
    }


def read_trades() -> tuple[Trade, ...]:
    """The trades; their weights sum to 1000."""
    return tuple(read_each(read_text("trades").sections("trades"), _trade))


def read_violations() -> dict[str, Penalties]:
    """Kinds of case by the department's short name."""
    return _by_department("violations", _penalties)


def read_permissions() -> dict[str, Permissions]:
    """Kinds of licence by the department's short name."""
    return _by_department("licences", _permissions)


def read_text(name: str) -> Section:
    """One YAML file of this package."""
    return read_yaml(TEXTS / f"{name}.yaml", f"{name}.yaml")


def repeated_by_weight(items: tuple[Item, ...], weights: list[int]) -> tuple[Item, ...]:
    """Each item as often as its weight: drawing one place is then one index."""
    return tuple(item for item, weight in zip(items, weights, strict=True) for _ in range(weight))


def _by_department(name: str, read: Callable[[Section], Item]) -> dict[str, Item]:
    departments = read_text(name).section("departments")
    return {key: read(departments.section(key)) for key in departments.text_keys()}


def _department(section: Section) -> Department:
    return Department(
        code=section.text("code"),
        name=section.text("name"),
        short_name=section.text("short_name"),
        address=section.text("address"),
        telephone=section.text("telephone"),
        hours=section.text("hours"),
        fields=section.texts("fields"),
        hold_before_publication=section.flag("hold_before_publication"),
    )


def _trade(section: Section) -> Trade:
    return Trade(
        word=section.text("word"),
        kind=section.text("kind"),
        field=section.text("field"),
        industry=section.text("industry"),
        weight=section.whole("weight"),
    )


def _penalties(section: Section) -> Penalties:
    acts = tuple(read_each(section.sections("acts"), _violation))
    return Penalties(section.texts("fields"), section.texts("goods"), acts)


def _violation(section: Section) -> Violation:
    return Violation(
        type=section.text("type"),
        facts=section.text("facts"),
        basis=section.text("basis"),
        kinds=section.text("kinds"),
        fine=_range(section.text("fine", "")),
        gain=_range(section.text("gain", "")),
        level=section.text("level"),
        procedure=section.text("procedure", "普通程序"),
        weight=section.whole("weight"),
        fields=section.texts("fields"),
    )


def _permissions(section: Section) -> Permissions:
    acts = tuple(read_each(section.sections("acts"), _permission))
    return Permissions(section.texts("fields"), acts)


def _permission(section: Section) -> Permission:
    return Permission(
        title=section.text("title"),
        category=section.text("category"),
        certificate=section.text("certificate"),
        content=section.text("content"),
        years=section.whole("years"),
        weight=section.whole("weight"),
        things=section.texts("things"),
        fields=section.texts("fields"),
    )


def _range(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    low, high = text.split("-")
    return int(low), int(high)

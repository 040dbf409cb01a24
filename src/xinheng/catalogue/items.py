"""The catalogue of kinds of information: what may be collected at all."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from xinheng.rulebook.loader import Pack
from xinheng.rulebook.reading import RulebookError, Section, read_each
from xinheng.rulebook.rules import read_citation

FILE = "items"


@dataclass(frozen=True)
class Item:
    """One kind of information of the national catalogue or of a lawful local supplement."""

    key: str
    number: str
    title: str
    parent: str
    """Key of the kind it belongs to; empty for a kind itself."""
    citation: str
    verified: bool
    reviewed_on: date | None
    about_subjects: bool
    """False for data on the work of departments (counts of their own acts): no credit information."""
    pack: str


def load_items(pack: Pack) -> dict[str, Item]:
    """All items of the pack's layers, by key, in the order of the files."""
    items: dict[str, Item] = {}
    for file in pack.files("catalogue", f"{FILE}.yaml"):
        file.section.text("description")
        for item in read_each(file.section.sections("items"), partial(_read_item, pack=file.pack)):
            if item.key in items:
                raise RulebookError(file.section.place_of("items"), f"目录项“{item.key}”重复。")
            if item.parent and item.parent not in items:
                raise RulebookError(file.section.place_of("items"), f"目录项“{item.key}”的上级“{item.parent}”不存在。")
            items[item.key] = item
        file.section.done()
    return items


def _read_item(entry: Section, pack: str) -> Item:
    citation, verified, reviewed_on = read_citation(entry)
    return Item(
        key=entry.text("key"),
        number=entry.text("number"),
        title=entry.text("title"),
        parent=entry.text("parent", ""),
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        about_subjects=entry.flag("about_subjects", True),
        pack=pack,
    )

"""What the rulebook gives to read (`training/*.yaml`)."""

from dataclasses import dataclass
from functools import cache

from xinheng.rulebook.loader import load_pack


@dataclass(frozen=True)
class Reading:
    """One text; `law` is the key of the legal text it rests on."""

    title: str
    law: str
    paragraphs: tuple[str, ...]


@cache
def readings(pack: str) -> tuple[Reading, ...]:
    """All texts of a pack; an inner one replaces one of the same name."""
    found = {}
    for file in load_pack(pack).files("training"):
        section = file.section
        found[file.name] = Reading(section.text("title"), section.text("law"), section.texts("paragraphs"))
        section.done()
    return tuple(found.values())

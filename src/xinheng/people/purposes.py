"""What officers read information for that is not public: a list of the rulebook, and a few words of their own.

The log keeps both as one text, `[case] 第 12 号`. Older texts without a code are shown as they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import Section, read_each

LONGEST_NOTE = 100
_LOGGED = re.compile(r"\[([a-z_]+)\] ?(.*)", re.DOTALL)
_KEY = re.compile(r"[a-z_]{2,30}")


@dataclass(frozen=True)
class Purpose:
    """One purpose. With `needs_consent` a department reads only what the organisation allowed it to."""

    key: str
    title: str
    hint: str
    needs_consent: bool


@cache
def purposes(pack: str) -> Mapping[str, Purpose]:
    """The purposes of a pack by their codes, in the order they are offered."""
    section = load_pack(pack).file("purposes.yaml").section
    for fact in ("description", "citation"):
        section.text(fact)
    section.flag("verified")
    section.day("reviewed_on")
    found: dict[str, Purpose] = {}
    for part, one in zip(section.sections("purposes"), read_each(section.sections("purposes"), _read), strict=True):
        if one.key in found or not _KEY.fullmatch(one.key):
            raise part.refuse("key", f"用途代码“{one.key}”重复，或者不是小写字母和下划线。")
        found[one.key] = one
    section.done()
    return MappingProxyType(found)


def logged(key: str, note: str) -> str:
    """What the log keeps of a purpose."""
    return f"[{key}] {note.strip()[:LONGEST_NOTE]}"


def told(text: str, pack: str) -> str:
    """A purpose of the log in words: its label, and what the officer wrote."""
    found = _LOGGED.fullmatch(text)
    purpose = purposes(pack).get(found[1]) if found else None
    if found is None or purpose is None:
        return text
    return f"{purpose.title}：{found[2]}" if found[2] else purpose.title


def _read(section: Section) -> Purpose:
    return Purpose(
        key=section.text("key"),
        title=section.text("title"),
        hint=section.text("hint"),
        needs_consent=section.flag("needs_consent", False),
    )

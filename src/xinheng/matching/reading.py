"""A name of an organisation taken apart: division, brand and trade, form, branch, numbers."""

import re
from dataclasses import dataclass

from xinheng.base.names import name_key
from xinheng.matching.vocabulary import DIGITS, Vocabulary

LONGEST = 300
_EDGES = re.compile(r"^[^\w(]+|[^\w)]+$")
_ASIDE = re.compile(r"\(([^()]*)\)")
NUMBER = "#"
"""Stands in the parts of a name for an ordinal, which is compared by itself."""
_SIGNS = re.compile(f"[^\\w{NUMBER}]|_")


@dataclass(frozen=True)
class Division:
    """A division as a name writes it, and the codes it may mean."""

    written: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Name:
    """What a name says; two names with the same `compared` form are written the same."""

    given: str
    compared: str
    divisions: tuple[Division, ...]
    core: str
    """Brand and trade, without signs; ordinals stand as `NUMBER`."""
    form: str
    """The key of the form in the pack, empty where the name states none."""
    form_written: str
    branch: str
    """What follows the form: 汶上分公司."""
    ordinals: tuple[int, ...]
    numbers_written: tuple[str, ...]
    asides: tuple[str, ...]

    @property
    def letters(self) -> str:
        """All letters, digits and characters."""
        return _SIGNS.sub("", self.compared)

    @property
    def place(self) -> Division | None:
        """The narrowest division the name begins with."""
        return self.divisions[-1] if self.divisions else None


def compared_form(name: str, words: Vocabulary) -> str:
    """Width, case, blanks, brackets and traditional characters made one; stray signs at both ends removed."""
    return _EDGES.sub("", name_key(name[:LONGEST]).translate(words.simplified))


def read_name(name: str, words: Vocabulary) -> Name:
    """Take a name apart; nothing is lost, what is no division and no form is brand and trade."""
    compared = compared_form(name, words)
    asides = tuple(sorted(found for found in _ASIDE.findall(compared) if found in words.asides))
    text = _ASIDE.sub(lambda found: "" if found.group(1) in words.asides else found.group(0), compared)
    divisions, rest = _leading_divisions(text, words)
    numbers = tuple(found["number"] for found in words.ordinal.finditer(rest))
    rest = words.ordinal.sub(NUMBER, rest)
    form = words.form.search(rest)
    core = rest[: form.start()] if form else rest
    branch = rest[form.end() :] if form else ""
    return Name(
        given=name,
        compared=compared,
        divisions=divisions,
        core=_plain(core),
        form=words.forms[form.group()] if form else "",
        form_written=form.group() if form else "",
        branch=_plain(branch),
        ordinals=tuple(map(number, numbers)),
        numbers_written=numbers,
        asides=asides,
    )


def number(text: str) -> int:
    """The number that Chinese or Arabic digits write; 两 is two."""
    if text.isascii():
        return int(text)
    if not any(unit in text for unit in "十百"):
        return int("".join(str(DIGITS[character]) for character in text))
    total = digit = 0
    for character in text:
        unit = {"十": 10, "百": 100}.get(character)
        if unit is None:
            digit = DIGITS[character]
            continue
        total += (digit or 1) * unit
        digit = 0
    return total + digit


def _leading_divisions(text: str, words: Vocabulary) -> tuple[tuple[Division, ...], str]:
    found: list[Division] = []
    place = 0
    while True:
        division = _division_at(text, place, found[-1] if found else None, words)
        # A name is never a division alone: 长安有限公司 keeps its brand.
        if division is None or not _something_left(text[place + len(division.written) :], words):
            return tuple(found), text[place:]
        found.append(division)
        place += len(division.written)


def _something_left(rest: str, words: Vocabulary) -> bool:
    form = words.form.search(rest)
    return (form.start() if form else len(rest)) > 1


def _division_at(text: str, place: int, upper: Division | None, words: Vocabulary) -> Division | None:
    """The longest division written here; after another one only a part of that."""
    if text[place : place + 2] not in words.beginnings:
        return None
    for length in range(min(words.longest_division, len(text) - place), 1, -1):
        written = text[place : place + length]
        codes = words.divisions.get(written) or _renamed(written, words)
        if upper is not None:
            codes = frozenset(code for code in codes if any(lies_in(code, other) for other in upper.codes))
        if codes:
            return Division(written, codes)
    return None


def _renamed(written: str, words: Vocabulary) -> frozenset[str]:
    """A county written with an ending that is not its present one (章丘市 for 章丘区)."""
    stem, ending = written[:-1], written[-1]
    known = ending in words.county_endings and stem in words.county_stems
    return words.divisions[stem] if known else frozenset()


def lies_in(code: str, upper: str) -> bool:
    """Whether a division is a part of another one, by the digits of their codes."""
    stem = upper.rstrip("0")
    stem += "0" * (len(stem) % 2)
    return code != upper and code.startswith(stem)


def _plain(text: str) -> str:
    return _SIGNS.sub("", text)

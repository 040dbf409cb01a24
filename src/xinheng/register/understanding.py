"""What somebody meant by what was typed into the search box."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from xinheng.base.identifiers import citizen_number, credit_code
from xinheng.base.identifiers.credit_code_tables import Kind as CodeKind
from xinheng.base.masking import Kind as PersonalKind
from xinheng.base.masking import find_personal_numbers
from xinheng.base.names import searched_form

LONGEST = 100
SHORTEST, SHORTEST_INITIALS = 2, 3


class Meaning(StrEnum):
    """The ways to search."""

    CODE = "code"
    CODE_OR_PERSON = "code_or_person"
    """One citizen number in some hundreds is a valid credit code as well; only a bearer in the register decides."""
    DECISION_NO = "decision_no"
    INITIALS = "initials"
    NAME = "name"
    TOO_SHORT = "too_short"
    PERSON = "person"


@dataclass(frozen=True)
class Understood:
    """A way to search and the normalised text for it; the text is empty for a person's number."""

    meaning: Meaning
    text: str


_LONG_NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?![\dXx])")
_NOT_A_CODE = frozenset({CodeKind.EMPTY, CodeKind.PLACEHOLDER, CodeKind.CITIZEN_NUMBER, CodeKind.WRONG_LENGTH})
_CODE_CHARACTERS = re.compile(r"(?=.*\d)[0-9A-Z]+")
_LETTERS = re.compile(r"[A-Z0-9]+")
_YEAR = re.compile(r"[\[〔(【]\s*(?:19|20)\d{2}\s*[\]〕)】]")
_NUMBERED = re.compile(r"\d\s*号$")


def understand(typed: str) -> Understood:
    """Decide how to search; a citizen number anywhere in the text is never passed on."""
    text = unicodedata.normalize("NFKC", typed).strip()[:LONGEST]
    code = credit_code.inspect(text)
    if code.kind is CodeKind.CITIZEN_NUMBER:
        return Understood(Meaning.PERSON, "")
    if code.kind not in _NOT_A_CODE and _CODE_CHARACTERS.fullmatch(code.normalised):
        person = citizen_number.is_citizen_number(code.normalised)
        return Understood(Meaning.CODE_OR_PERSON if person else Meaning.CODE, code.normalised)
    if names_a_person(text):
        return Understood(Meaning.PERSON, "")
    if _YEAR.search(text) or _NUMBERED.search(text):
        return Understood(Meaning.DECISION_NO, decision_number(text))
    return _understand_words(searched_form(text))


def _understand_words(key: str) -> Understood:
    if len(key) < SHORTEST:
        return Understood(Meaning.TOO_SHORT, key)
    if len(key) >= SHORTEST_INITIALS and _LETTERS.fullmatch(key):
        return Understood(Meaning.INITIALS, key.lower())
    return Understood(Meaning.NAME, key)


def decision_number(text: str) -> str:
    """A document number with 〔〕 around the year, without spaces, in capitals."""
    half_width = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    return _YEAR.sub(lambda year: f"〔{year.group()[1:-1]}〕", half_width)


def spellings(number: str) -> tuple[str, ...]:
    """A normalised document number with each kind of bracket that departments put around the year."""
    pairs = zip("〔[(【［（", "〕])】］）", strict=True)
    return tuple(dict.fromkeys(number.replace("〔", left).replace("〕", right) for left, right in pairs))


def names_a_person(text: str) -> bool:
    """Whether a citizen number stands in the text, mistyped or not."""
    if any(found.kind is PersonalKind.CITIZEN_NUMBER for found in find_personal_numbers(text)):
        return True
    # A mistyped number is no less personal.
    numbers = _LONG_NUMBERS.findall(text)
    return any(
        credit_code.inspect(number).kind is CodeKind.CITIZEN_NUMBER or citizen_number.is_citizen_number(number)
        for number in numbers
    )

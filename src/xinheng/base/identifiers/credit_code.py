"""Unified social credit codes (GB 32100-2015).

A code is: department (1), category (1), region of the registry (6 digits), organisation code (9, GB 11714),
check character (1). Regions only ever warn: a tenth of genuine codes carries a former region or the number of
a registry.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from xinheng.base.errors import Refused
from xinheng.base.identifiers import citizen_number, organisation_code, registration_number
from xinheng.base.identifiers.credit_code_tables import (
    CATEGORIES,
    DEPARTMENTS,
    MESSAGES,
    SUBJECT_KINDS,
    Kind,
    Oddity,
)
from xinheng.base.identifiers.normalise import normalise

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the standard; a character's value is its position. No I, O, S, V, Z."""

WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""3^(i-1) mod 31 for the characters 1 to 17."""

FORMAT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
"""Department and category, six digits of the region, nine of the organisation, the check character."""

PLACEHOLDER = "0" * 17 + "X"
"""What national tables write where the subject has no code."""

EARLY_PILOT = re.compile(r"9135[0-9]{4}M000[0-9A-HJ-NPQRTUWXY]{6}")
"""Codes issued in Fujian before the standard: genuine, with another check character than the standard's."""

NATIONAL_OFFICE = 10
"""First two digits of the region of bodies registered with the national office, in place of a province."""

LENGTH = 18
GENUINE = frozenset({Kind.VALID, Kind.EARLY_PILOT})
CONFUSED = str.maketrans("OIZSV", "0125U")
"""Letters that are not in the alphabet, and what was meant by them."""

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WORDS_FOR_NONE = frozenset({"无", "暂无", "没有", "不详", "未知", "空", "/", "\\", "N/A", "NA", "NULL", "NONE", "0"})


@dataclass(frozen=True)
class Inspection:
    """What a typed code turned out to be; `suggestion` is a valid code differing in confused letters only."""

    kind: Kind
    normalised: str
    warnings: tuple[Oddity, ...] = ()
    suggestion: str | None = None

    @property
    def valid(self) -> bool:
        return self.kind is Kind.VALID

    @property
    def genuine(self) -> bool:
        """Whether the code can belong to an organisation: valid, or one of the early pilot."""
        return self.kind in GENUINE

    @property
    def message(self) -> str:
        """What is wrong, in one Chinese sentence; empty for a valid code."""
        return MESSAGES[self.kind][0]

    @property
    def advice(self) -> str:
        """What to do about it, in one Chinese sentence; empty for a valid code."""
        if self.suggestion:
            return f"字母 O、I、Z、S、V 不会出现在代码里，是否应为 {self.suggestion}？"
        return MESSAGES[self.kind][1]


def check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 characters of the alphabet."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def make(department_and_category: str, region: str, serial: str) -> str:
    """The full code for two characters, six digits and the first eight characters of an organisation code."""
    first_17 = f"{department_and_category}{region}{serial}{organisation_code.check_character(serial)}"
    return first_17 + check_character(first_17)


def inspect(
    text: str, *, known_regions: Collection[str] | None = None, expected_region: str | None = None
) -> Inspection:
    """Say what a typed code is. Regions are compared only where a list or an expected region is given.

    `expected_region` is a division code; its trailing zeros stand for everything below it.
    """
    code = normalise(text)
    kind = _kind(code, text)
    if kind in GENUINE:
        return Inspection(kind, code, warnings=_warnings(code, known_regions, expected_region))
    if kind is Kind.REGISTRATION_NUMBER and code.isdigit() and not registration_number.is_valid(code):
        return Inspection(kind, code, warnings=(Oddity.OTHER_CHECK_DIGIT,))
    if kind is Kind.ILLEGAL_CHARACTER:
        meant = code.translate(CONFUSED)
        return Inspection(kind, code, suggestion=meant if _kind(meant, meant) is Kind.VALID else None)
    return Inspection(kind, code)


def _kind(code: str, text: str) -> Kind:
    if not code or code in _WORDS_FOR_NONE or not text.strip("-—－_ 　"):
        return Kind.EMPTY
    if len(code) != LENGTH:
        return _kind_of_other_length(code)
    if code == PLACEHOLDER or set(code) == {"0"}:
        return Kind.PLACEHOLDER
    kind = _kind_by_checks(code) if FORMAT.fullmatch(code) else Kind.ILLEGAL_CHARACTER
    if kind not in GENUINE and citizen_number.looks_like_citizen_number(code):
        return Kind.CITIZEN_NUMBER
    return kind


def _kind_by_checks(code: str) -> Kind:
    organisation_part_fits = organisation_code.is_valid(code[8:17])
    if check_character(code[:17]) == code[17]:
        return Kind.VALID if organisation_part_fits else Kind.WRONG_ORGANISATION_PART
    if organisation_part_fits and EARLY_PILOT.fullmatch(code):
        return Kind.EARLY_PILOT
    return Kind.WRONG_CHECK_DIGIT


def _kind_of_other_length(code: str) -> Kind:
    if len(code) == 9 and organisation_code.FORMAT.fullmatch(code):
        return Kind.ORGANISATION_CODE
    if registration_number.FORMAT.fullmatch(code):
        # One registration number in ten could be read as an old citizen number, so its check digit decides.
        person = citizen_number.is_plausible_old_number(code) and not registration_number.is_valid(code)
        return Kind.CITIZEN_NUMBER if person else Kind.REGISTRATION_NUMBER
    if registration_number.COOPERATIVE_FORMAT.fullmatch(code):
        return Kind.REGISTRATION_NUMBER
    if registration_number.OLDEST_FORMAT.fullmatch(code):
        return Kind.REGISTRATION_NUMBER_13
    return Kind.WRONG_LENGTH


def _warnings(code: str, known_regions: Collection[str] | None, expected_region: str | None) -> tuple[Oddity, ...]:
    found = []
    if code[0] not in DEPARTMENTS:
        found.append(Oddity.UNKNOWN_DEPARTMENT)
    elif code[:2] not in CATEGORIES:
        found.append(Oddity.UNKNOWN_CATEGORY)
    region = code[2:8]
    if known_regions is not None and region not in known_regions:
        found.append(Oddity.UNKNOWN_REGION)
    elif known_regions is None and int(region[:2]) not in {NATIONAL_OFFICE, *citizen_number.PROVINCES}:
        found.append(Oddity.UNKNOWN_PROVINCE)
    if expected_region and not lies_within(region, expected_region):
        found.append(Oddity.OTHER_REGION)
    return tuple(found)


def lies_within(region: str, upper: str) -> bool:
    """Whether a division code of six digits belongs to another one or equals it, as 370102 and 370100."""
    level = 2 if upper.endswith("0000") else 4 if upper.endswith("00") else 6
    return region[:level] == upper[:level]


@dataclass(frozen=True, order=True)
class CreditCode:
    """A code that is valid, or one of the early pilot."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a typed code; Refused says what it is instead and what to do."""
        inspection = inspect(text)
        if not inspection.genuine:
            raise Refused(inspection.message, inspection.advice)
        return cls(inspection.normalised)

    @property
    def department(self) -> str:
        """The registering department in words, 未知 when the character is not in the table."""
        return DEPARTMENTS.get(self.text[0], "未知")

    @property
    def category(self) -> str:
        """The category of organisation in words, 未知 when the pair is not in the table."""
        return CATEGORIES.get(self.text[:2], "未知")

    @property
    def subject_kind(self) -> str:
        """The kind of subject that rules and filters use, 其他组织 when the pair is not in the table."""
        return SUBJECT_KINDS.get(self.text[:2], SUBJECT_KINDS.get(self.text[0], "其他组织"))

    @property
    def region(self) -> str:
        return self.text[2:8]

    @property
    def organisation_code(self) -> str:
        return self.text[8:17]

    def __str__(self) -> str:
        return self.text

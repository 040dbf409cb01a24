"""Citizen identity numbers (GB 11643). They are recognised in order to be sealed, masked or refused."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from xinheng.base.errors import Refused
from xinheng.base.identifiers.normalise import normalise

FORMAT = re.compile(r"\d{17}[\dX]", re.ASCII)
OLD_FORMAT = re.compile(r"\d{15}", re.ASCII)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
PROVINCES = frozenset(
    int(prefix)
    for prefixes in (
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46",
        "50 51 52 53 54 61 62 63 64 65 71 81 82 83 91",
    )
    for prefix in prefixes.split()
)
"""First two digits in use: provinces, residence permits of 港澳台 residents (81–83), foreigners' (91)."""

FOREIGN_RESIDENT = "9"
_EARLIEST_BIRTH = date(1850, 1, 1)
_LATEST_BIRTH = date(2099, 12, 31)


def check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def birth_date(number: str) -> date | None:
    """The date of birth inside a number of 18 or 15 characters; None when there is no such day."""
    digits = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def has_valid_check(number: str) -> bool:
    """Whether a normalised number has the form and the check character of one with 18 characters."""
    return FORMAT.fullmatch(number) is not None and check_character(number[:17]) == number[17]


def is_plausible_old_number(number: str) -> bool:
    """Whether 15 digits may be a citizen number: there is no check digit, only the province and the day."""
    return OLD_FORMAT.fullmatch(number) is not None and _has_province(number) and birth_date(number) is not None


def is_citizen_number(text: str) -> bool:
    """Whether a text is a citizen number of 18 characters: check character, province and day of birth."""
    number = normalise(text)
    return has_valid_check(number) and _has_province(number) and _has_likely_birth(number)


def looks_like_citizen_number(number: str) -> bool:
    """Whether normalised 18 characters must be treated as a person's: a mistyped number is no less personal.

    Of check character and province one may be wrong; the day of birth must exist.
    """
    if FORMAT.fullmatch(number) is None or not _has_likely_birth(number):
        return False
    return has_valid_check(number) or _has_province(number)


def _has_province(number: str) -> bool:
    # Foreigners' cards of 2023 put a 9 before the province of issue.
    start = 1 if number[0] == FOREIGN_RESIDENT else 0
    return int(number[start : start + 2]) in PROVINCES or int(number[:2]) in PROVINCES


def _has_likely_birth(number: str) -> bool:
    born = birth_date(number)
    return born is not None and _EARLIEST_BIRTH <= born <= _LATEST_BIRTH


def mask(number: str) -> str:
    """The form that may be shown: first three and last four characters."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


@dataclass(frozen=True)
class CitizenNumber:
    """A number of 18 characters. It prints masked; `text` is for sealing and comparing only."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a typed number, completing one of 15 digits; Refused, without the number, when it is none."""
        number = normalise(text)
        if OLD_FORMAT.fullmatch(number):
            number = complete(number)
        if not is_citizen_number(number):
            raise Refused("这不是有效的公民身份号码。", "请核对 18 位数字、出生日期和最后一位。")
        return cls(number)

    @property
    def born(self) -> date:
        born = birth_date(self.text)
        assert born is not None  # noqa: S101 - parse refuses others
        return born

    @property
    def masked(self) -> str:
        return mask(self.text)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"CitizenNumber({self.masked})"


def complete(old_number: str) -> str:
    """The number of 18 characters that replaced one of 15 digits."""
    first_17 = f"{old_number[:6]}19{old_number[6:]}"
    return first_17 + check_character(first_17)

"""Organisation codes (GB 11714): the nine characters that are also the body of a credit code."""

import re

FORMAT = re.compile(r"[0-9A-Z]{8}[0-9X]")
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_VALUE = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def check_character(first_8: str) -> str:
    """The ninth character that belongs to eight digits or capital letters."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first_8, WEIGHTS, strict=True))
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def is_valid(code: str) -> bool:
    """Whether nine normalised characters are an organisation code with the right check character."""
    return FORMAT.fullmatch(code) is not None and check_character(code[:8]) == code[8]

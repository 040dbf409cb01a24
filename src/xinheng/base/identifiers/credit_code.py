"""Unified social credit codes (GB 32100-2015)."""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the standard; a character's value is its position. No I, O, S, V, Z."""

WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""3^(i-1) mod 31 for the characters 1 to 17."""

FORMAT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
"""Department and category, six digits of the region, nine of the organisation, the check character."""

PLACEHOLDER = "0" * 17 + "X"
"""What national tables write where the subject has no code."""

_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 characters of the alphabet."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]

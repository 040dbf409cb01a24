"""Business registration numbers from before 2015: 15 digits, six of the registry, eight running, one check.

Farmers' co-operatives had `NA` or `NB` after the registry; older numbers of 13 digits had no check digit.
"""

import re

FORMAT = re.compile(r"\d{15}", re.ASCII)
COOPERATIVE_FORMAT = re.compile(r"\d{6}N[AB]\d{6}[0-9X]", re.ASCII)
OLDEST_FORMAT = re.compile(r"\d{13}", re.ASCII)

_MODULUS = 10


def check_digit(first_14: str) -> str:
    """The 15th digit that belongs to 14 (ISO 7064, MOD 11,10)."""
    product = _MODULUS
    for digit in first_14:
        total = (product + int(digit)) % _MODULUS or _MODULUS
        product = total * 2 % (_MODULUS + 1)
    return str((_MODULUS + 1 - product) % _MODULUS)


def is_valid(number: str) -> bool:
    """Whether a normalised number has 15 digits and the right check digit."""
    return FORMAT.fullmatch(number) is not None and check_digit(number[:14]) == number[14]

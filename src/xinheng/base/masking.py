"""Hiding numbers of natural persons in free text and in receipts.

Left alone are valid credit codes and numbers of documents. Where a number can be both, it is hidden, as is the
rare number that is a valid credit code and a valid citizen number at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from xinheng.base.identifiers import citizen_number, credit_code
from xinheng.base.identifiers.credit_code_tables import Kind as CodeKind
from xinheng.base.identifiers.normalise import normalise

HIDDEN = "（已隐去）"

_MAYBE = re.compile(r"\d{3}[\d \-\u3000－]*\d{3}")
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_SEPARATOR = r"[ \-\u3000－]?"
_CITIZEN = re.compile(rf"(?<!\d)\d{{6}}{_SEPARATOR}\d{{8}}{_SEPARATOR}\d{{3}}[\dXxＸｘ](?!\d)")
_OLD_CITIZEN = re.compile(rf"(?<!\d)\d{{6}}{_SEPARATOR}\d{{6}}{_SEPARATOR}\d{{3}}(?!\d)")
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_SEPARATOR})?(1[3-9]\d{_SEPARATOR}\d{{4}}{_SEPARATOR}\d{{4}})(?!\d)")
_BANK_CARD = re.compile(rf"(?<!\d)\d{{4}}(?:{_SEPARATOR}\d{{4}}){{3}}(?:{_SEPARATOR}\d{{1,3}})?(?!\d)")
_BANK_PREFIX = re.compile(r"62|60|68|69|9558|4|5[1-5]|35")

_NAMES_A_PERSON = re.compile(r"(身份证|证件号|身份号|公民身份)[^，。；,;\d]{0,12}$")
_NAMES_A_DOCUMENT = re.compile(r"(第|字|〕|］|\]|[）)]|文号|注册号|登记号|许可证号?|执照号?|编号)[：: ]?$")
_NAMES_MONEY = re.compile(r"(卡号|账号|帐号|账户|银行卡)[^，。；,;\d]{0,12}$")


class Kind(StrEnum):
    """What kind of number was found."""

    CITIZEN_NUMBER = "citizen_number"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"


@dataclass(frozen=True)
class Finding:
    """A personal number in a text: from `start` up to, not including, `end`."""

    start: int
    end: int
    kind: Kind


def find_personal_numbers(text: str) -> list[Finding]:
    """Citizen numbers (18 and 15), mobile and bank card numbers in a text, by position."""
    if not _MAYBE.search(text):
        return []
    taken = [match.span() for match in _CODE.finditer(text) if _is_only_a_code(match.group())]
    findings = []
    for finding in _candidates(text):
        if all(finding.end <= start or end <= finding.start for start, end in taken):
            findings.append(finding)
            taken.append((finding.start, finding.end))
    return sorted(findings, key=lambda finding: finding.start)


def mask_text(text: str) -> str:
    """The text with every personal number masked; nothing else changes."""
    for finding in reversed(find_personal_numbers(text)):
        text = text[: finding.start] + _masked(text[finding.start : finding.end]) + text[finding.end :]
    return text


def mask_value(value: str, *, personal: bool = False) -> str:
    """A value as a receipt may quote it.

    Of an identity number the first three and last four characters stay. In a column about persons
    (`personal`) everything else is left out, above all names.
    """
    if not value.strip():
        return value
    number = normalise(value)
    is_number = citizen_number.FORMAT.fullmatch(number) or citizen_number.OLD_FORMAT.fullmatch(number)
    if not is_number:
        return HIDDEN if personal else mask_text(value)
    # 15 digits that can be a registration number as well as a person's are hidden: the row and column of a
    # receipt say where to look.
    if personal or _is_person(number) or citizen_number.is_plausible_old_number(number):
        return citizen_number.mask(number)
    return value


def _is_only_a_code(text: str) -> bool:
    return credit_code.inspect(text).genuine and not citizen_number.is_citizen_number(normalise(text))


def _is_person(number: str) -> bool:
    return credit_code.inspect(number).kind is CodeKind.CITIZEN_NUMBER


def _candidates(text: str) -> Iterator[Finding]:
    """What looks like a personal number, the surest kind first."""
    for match in _CITIZEN.finditer(text):
        number = normalise(match.group())
        sure = citizen_number.has_valid_check(number) and citizen_number.looks_like_citizen_number(number)
        if sure or _NAMES_A_PERSON.search(text[: match.start()]):
            yield Finding(*match.span(), Kind.CITIZEN_NUMBER)
    for match in _BANK_CARD.finditer(text):
        number = normalise(match.group())
        likely = _BANK_PREFIX.match(number) and _luhn(number) and not _in_document_number(text, *match.span())
        if likely or _NAMES_MONEY.search(text[: match.start()]):
            yield Finding(*match.span(), Kind.BANK_CARD)
    for match in _OLD_CITIZEN.finditer(text):
        plausible = citizen_number.is_plausible_old_number(normalise(match.group()))
        named = _NAMES_A_PERSON.search(text[: match.start()])
        if named or (plausible and not _in_document_number(text, *match.span())):
            yield Finding(*match.span(), Kind.CITIZEN_NUMBER)
    for match in _MOBILE.finditer(text):
        if not _in_document_number(text, *match.span()):
            yield Finding(*match.span(1), Kind.MOBILE)


def _in_document_number(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] == "号" or _NAMES_A_DOCUMENT.search(text[:start]) is not None


def _masked(found: str) -> str:
    number = normalise(found)
    return citizen_number.mask(number)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (divmod(2 * digit, 10) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(tens + ones for tens, ones in doubled)) % 10 == 0

"""The row-level checks once more in plain Python, one row at a time: what the set expressions must agree with.

It answers in findings of the same ids, columns and variants. Slow on purpose: the rules are written as a
person would say them, with the value types of `base`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xinheng.base.identifiers import citizen_number, credit_code
from xinheng.base.identifiers.credit_code_tables import Kind
from xinheng.base.identifiers.normalise import normalise
from xinheng.catalogue.checks import plain, v09_money, v10_decision_no, v13_person_data, v14_minor_penalties
from xinheng.catalogue.checks.check import CheckContext, Level
from xinheng.catalogue.checks.facts import (
    INDIVIDUAL_BUSINESS,
    ORGANISATION,
    PERSON,
    SUBJECT,
    key_columns,
    subject_columns,
)
from xinheng.catalogue.checks.v01_required import REPRESENTATIVE_ID, REPRESENTATIVE_ID_TYPE, TAKEN_LICENCE
from xinheng.catalogue.checks.v06_natural_person import IDENTITY_CARD, PERSON_ID_TYPE
from xinheng.catalogue.contract import OPERATION, WITHDRAW, WITHDRAWAL_REASON, Contract, Field
from xinheng.catalogue.values import BLANKS, SCALE

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_WHOLE_ROW_CHECKS = ("V01", "V13", "V15")
_KINDS: dict[Kind, tuple[str, Level]] = {
    Kind.EARLY_PILOT: ("early_pilot", "warning"),
    Kind.REGISTRATION_NUMBER: ("legacy_registration_number", "warning"),
    Kind.REGISTRATION_NUMBER_13: ("legacy_registration_number", "warning"),
    Kind.ORGANISATION_CODE: ("legacy_organisation_code", "warning"),
    Kind.CITIZEN_NUMBER: ("person_number", "error"),
    Kind.WRONG_LENGTH: ("wrong_length", "error"),
    Kind.WRONG_CHECK_DIGIT: ("wrong_check_digit", "error"),
    Kind.WRONG_ORGANISATION_PART: ("organisation_part", "warning"),
    Kind.EMPTY: ("word_for_none", "error"),
}


@dataclass(frozen=True, order=True)
class Finding:
    """One way in which a row fails."""

    check: str
    column: str
    variant: str
    level: Level


def findings(contract: Contract, row: Mapping[str, str | None], context: CheckContext) -> set[Finding]:
    """Everything the row-level checks find in one row."""
    reading = _Reading(contract, row, context)
    found = set()
    for check, finder in _FINDERS.items():
        if check in contract.switched_off:
            continue
        for column, variant, level in finder(reading):
            whole = check in _WHOLE_ROW_CHECKS or column in key_columns(contract)
            if whole or not reading.withdrawn:
                found.add(Finding(check, column, variant, level))
    return found


Found = Iterator[tuple[str, str, Level]]


@dataclass(frozen=True)
class _Reading:
    contract: Contract
    row: Mapping[str, str | None]
    context: CheckContext

    @cached_property
    def _texts(self) -> dict[str, str]:
        given = ((field, self.row.get(field.name) or "") for field in self.contract.fields)
        return {field.name: "" if raw in field.blanks else raw for field, raw in given}

    @cached_property
    def _trimmed(self) -> dict[str, str]:
        return {name: text.strip(BLANKS) for name, text in self._texts.items()}

    def text(self, name: str) -> str:
        return self._texts[name]

    def trimmed(self, name: str) -> str:
        return self._trimmed[name]

    def listed(self, name: str) -> str:
        return (plain.enum_value(self.text(name), self.contract.field(name)) or "") if name else ""

    @cached_property
    def category(self) -> str:
        return self.listed(self.contract.roles.subject_category)

    @cached_property
    def withdrawn(self) -> bool:
        return OPERATION in self.contract.names and self.trimmed(OPERATION) == WITHDRAW

    def fields(self, *types: str) -> list[Field]:
        return [field for field in self.contract.fields if field.type in types]


def _v01(row: _Reading) -> Found:
    contract, roles = row.contract, row.contract.roles
    asked = {"always"}
    if row.category in (ORGANISATION, INDIVIDUAL_BUSINESS) or not roles.subject_category:
        asked.add("organisation")
    if row.category == PERSON:
        asked.add("person")
    if not row.withdrawn:
        for field in contract.fields:
            if field.required in asked and not row.trimmed(field.name):
                yield field.name, "" if field.required == "always" else field.required, "error"
            when = field.filled_when
            other = row.listed(when.field) if when else ""
            if when and other and (other in when.values) != bool(row.trimmed(field.name)):
                yield field.name, "wanted" if other in when.values else "not_wanted", "error"
        names = set(contract.names)
        dependent = {REPRESENTATIVE_ID, REPRESENTATIVE_ID_TYPE} <= names
        if dependent and row.trimmed(REPRESENTATIVE_ID_TYPE) and not row.trimmed(REPRESENTATIVE_ID):
            yield REPRESENTATIVE_ID, "legal_representative_id", "warning"
        kinds = row.text(roles.penalty_categories) if roles.penalty_categories else ""
        if TAKEN_LICENCE in names and re.search("暂扣|吊销", kinds) and not row.trimmed(TAKEN_LICENCE):
            yield TAKEN_LICENCE, "licence_not_named", "warning"
        return
    for name in contract.key_fields:
        columns = subject_columns(contract) if name == SUBJECT else (name,)
        if not any(row.trimmed(column) for column in columns):
            yield columns[0], "withdrawal_key", "error"
    if not row.trimmed(WITHDRAWAL_REASON):
        yield WITHDRAWAL_REASON, "withdrawal_reason", "error"


def _v02(row: _Reading) -> Found:
    for field in row.contract.fields:
        value = row.trimmed(field.name)
        if field.type in ("text", "citizen_number") and field.length and len(value) > field.length:
            yield field.name, "too_long", "error"
        elif field.type == "date" and value and plain.date_value(value) is None:
            yield field.name, _unread_date(value), "error"
        elif field.type == "decimal" and value and plain.decimal_value(value) is None:
            yield field.name, "unit_in_number" if re.search("[元圆]", value) else "not_a_number", "error"
        elif field.type == "integer" and value and plain.decimal_value(value, 0) is None:
            yield field.name, "not_an_integer", "error"


def _unread_date(value: str) -> str:
    if re.fullmatch(r"[1-7][0-9]{4}(\.0+)?", value):
        return "excel_serial"
    if re.fullmatch(r"(长期|永久)(有效)?|无固定期限|无限期|9999[-/.年]?12[-/.月]?31日?", value):
        return "long_term"
    form = r"(19|20)([0-9]{6}|[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?([T ]+[0-9:.]+)?)"
    return "no_such_day" if re.fullmatch(form, value) else "not_a_date"


def _v03(row: _Reading) -> Found:
    for field in row.fields("enum", "enum_set"):
        if not row.trimmed(field.name) or row.listed(field.name):
            continue
        several = field.type == "enum_set"
        if field.open_value and plain.has_bare_open_value(row.text(field.name), field):
            yield field.name, "needs_suffix", "error"
        else:
            yield field.name, "one_of_several" if several else "", "error"


def _v04(row: _Reading) -> Found:
    roles = row.contract.roles
    for field in row.fields("credit_code"):
        text = row.text(field.name)
        official = field.name in (roles.authority_code, roles.source_code)
        if not row.trimmed(field.name) or (official and text in row.context.department_codes):
            continue
        inspection = credit_code.inspect(text)
        if inspection.kind is Kind.PLACEHOLDER:
            allowed = field.name == roles.subject_code and row.category == INDIVIDUAL_BUSINESS
            yield (
                (field.name, "placeholder", "warning")
                if allowed
                else (
                    field.name,
                    "placeholder_not_allowed",
                    "error",
                )
            )
        elif inspection.kind is Kind.ILLEGAL_CHARACTER:
            legal = set(inspection.normalised) <= set(credit_code.ALPHABET)
            odd = "letters_in_region" if legal else "illegal_character"
            yield field.name, "look_alike" if inspection.suggestion else odd, "error"
        elif inspection.kind in _KINDS:
            yield field.name, *_KINDS[inspection.kind]


def _formed(text: str) -> str:
    """The code, where it has the form of one; else ''."""
    code = normalise(text)
    return code if credit_code.FORMAT.fullmatch(code) and code != credit_code.PLACEHOLDER else ""


def _v05(row: _Reading) -> Found:
    roles = row.contract.roles
    code = _formed(row.text(roles.subject_code)) if roles.subject_category and roles.subject_code else ""
    if code.startswith("92") and row.category == ORGANISATION:
        yield roles.subject_category, "individual_business_expected", "warning"
    if code and not code.startswith("92") and row.category == INDIVIDUAL_BUSINESS:
        yield roles.subject_category, "organisation_expected", "warning"


def _v06(row: _Reading) -> Found:
    roles = row.contract.roles
    if row.category != PERSON:
        return
    if row.contract.persons == "refused":
        yield roles.subject_category, "person_refused", "error"
    for column in (roles.subject_code, *roles.other_codes):
        if column and row.trimmed(column):
            yield column, "organisation_code_filled", "error"
    kind = row.listed(PERSON_ID_TYPE) if PERSON_ID_TYPE in row.contract.names else IDENTITY_CARD
    number = normalise(row.text(roles.person_id)) if roles.person_id else ""
    if not number or kind != IDENTITY_CARD:
        return
    long = citizen_number.FORMAT.fullmatch(number)
    if not long and not citizen_number.OLD_FORMAT.fullmatch(number):
        yield roles.person_id, "malformed", "error"
        return
    born = citizen_number.birth_date(number)
    if born is None or not date(1900, 1, 1) <= born <= date(2099, 12, 31):
        yield roles.person_id, "impossible_birth_date", "error"
    elif not long:
        yield roles.person_id, "old_number", "warning"
    elif not citizen_number.has_valid_check(number):
        yield roles.person_id, "wrong_check_digit", "error"


def _v07(row: _Reading) -> Found:
    for column in {row.contract.roles.authority_code, row.contract.roles.source_code} - {""}:
        text = row.text(column)
        code = normalise(text)
        if {text, code} & row.context.department_codes:
            continue
        formed = _formed(text)
        sound = formed and credit_code.check_character(formed[:17]) == formed[17]
        if sound or len(code) in (9, 15):
            yield column, "", "error"


def _v08(row: _Reading) -> Found:
    roles = row.contract.roles
    removal = roles.removed_on if roles.removed_on != roles.valid_to else ""
    decided, start, end, removed = (
        plain.date_value(row.text(name)) if name else None
        for name in (roles.decided_on, roles.valid_from, roles.valid_to, removal)
    )
    if decided and decided > row.context.as_at:
        yield roles.decided_on, "in_the_future", "error"
    if start and end and start > end:
        yield roles.valid_to, "ends_before_start", "error"
    if decided and end and decided > end:
        yield roles.valid_to, "ends_before_decision", "error"
    if decided and start and decided > start:
        yield roles.valid_from, "starts_before_decision", "warning"
    if removed and decided and decided > removed:
        yield removal, "removed_before_decision", "error"
    if removed and start and start > removed:
        yield removal, "removed_before_start", "error"


def _v09(row: _Reading) -> Found:
    roles = row.contract.roles
    kinds = row.listed(roles.penalty_categories)
    for field in row.fields("decimal", "integer"):
        scale = 0 if field.type == "integer" else SCALE
        number = plain.decimal_value(row.text(field.name), scale)
        if field.minimum is not None and number is not None and number < field.minimum * 10**scale:
            yield field.name, "too_small", "error"
    for column, word, variant in (
        (roles.amount_wan, "罚款", "fine_missing"),
        (roles.confiscated_wan, "没收", "confiscation_missing"),
    ):
        if not column:
            continue
        amount = plain.decimal_value(row.text(column))
        if amount is not None and amount > v09_money.LARGE_FEN:
            yield column, "very_large", "warning"
        if word in kinds and not row.trimmed(column):
            yield column, variant, "error"
        if word in kinds and amount == 0:
            yield column, "zero", "warning"
    content = v09_money.PENALTY_CONTENT
    worded = roles.amount_wan and content in row.contract.names and "罚款" in row.text(content)
    if worded and "罚款" not in kinds and not row.trimmed(roles.amount_wan):
        yield roles.amount_wan, "fine_in_content", "warning"


def _v10(row: _Reading) -> Found:
    column = row.contract.roles.decision_no
    number = row.trimmed(column).upper() if column else ""
    if number in v10_decision_no.STAND_INS:
        yield column, "stand_in", "warning"
    if re.fullmatch(r"1[3-9][0-9]{9}|0[0-9]{2,3}[- ]?[0-9]{7,8}", number):
        yield column, "phone_number", "warning"


def _v13(row: _Reading) -> Found:
    for field in v13_person_data.scanned(row.contract):
        text = row.text(field.name)
        if not plain.contains(v13_person_data.LONG_NUMBER, text):
            continue
        text = text.translate(str.maketrans(v13_person_data.FULL_DIGITS, v13_person_data.DIGITS))
        for variant, pattern in v13_person_data.patterns(row.contract, field):
            if plain.contains(pattern, text):
                yield field.name, variant, "warning"


def _v14(row: _Reading) -> Found:
    roles = row.contract.roles
    if row.listed(roles.procedure) == v14_minor_penalties.SIMPLE_PROCEDURE:
        yield roles.procedure, "simple_procedure", "notice"
    kinds = row.listed(roles.penalty_categories)
    if kinds and set(kinds.split(";")) <= set(v14_minor_penalties.MILD):
        yield roles.penalty_categories, "mild_only", "notice"


def _v15(row: _Reading) -> Found:
    for field in row.fields("text"):
        text = row.trimmed(field.name)
        if text.isprintable() and REPLACEMENT not in text:
            continue  # most texts; what Unicode calls printable is none of the kinds below
        points = {ord(character) for character in set(text)}
        if any(p < 9 or 13 < p < 32 or 0x7F <= p <= 0x9F for p in points):
            yield field.name, "control", "error"
        if not field.free_text and any(9 <= p <= 13 for p in points):
            yield field.name, "line_break", "error"
        if any(0x200B <= p <= 0x200F or 0x2028 <= p <= 0x202E or 0x2060 <= p <= 0x206F or p == 0xFEFF for p in points):
            yield field.name, "invisible", "error"
        if any(0xE000 <= p <= 0xF8FF or p == 0xFFFD or p >= 0xF0000 for p in points):
            yield field.name, "lost_character", "error"


_FINDERS = {
    "V01": _v01,
    "V02": _v02,
    "V03": _v03,
    "V04": _v04,
    "V05": _v05,
    "V06": _v06,
    "V07": _v07,
    "V08": _v08,
    "V09": _v09,
    "V10": _v10,
    "V13": _v13,
    "V14": _v14,
    "V15": _v15,
}

"""The faults that files have in life, one function each, and what a fair receipt says about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal

from xinheng.base.identifiers.credit_code import ALPHABET, PLACEHOLDER, check_character
from xinheng.catalogue.contract import Contract
from xinheng.demo.days import written
from xinheng.demo.decisions import PERSON, Row, telling_too_much
from xinheng.demo.names import SECOND, mobile_number
from xinheng.demo.organisations import Party, Roster

Outcome = Literal["rejected", "warned", "accepted"]
"""rejected: an error-level check refuses the row; warned: it goes in with that remark; accepted: it goes in, the
fault is read away silently or at most remarked upon."""
INDIVIDUAL = "个体工商户"
OTHER_SPELLINGS = ("iso", "chinese", "compact", "time", "slash")
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
TO_HALF_WIDTH_BRACKETS = str.maketrans("（）", "()")
TO_SQUARE_BRACKETS = str.maketrans("〔〕", "[]")
LOOK_ALIKES = {"0": "O", "1": "I", "2": "Z", "5": "S"}


@dataclass
class Case:
    """A row about to be spoiled, and what may be needed for it. `party` is None for a natural person."""

    row: Row
    party: Party | None
    contract: Contract
    roster: Roster
    as_at: date
    rng: Random
    seen_subjects: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        """The text of a column; empty where the row has none or the contract has no such column."""
        value = self.row.get(name, "") if name else ""
        return value if isinstance(value, str) else ""

    def one_of(self, names: list[str]) -> str:
        """One of the names by chance; empty when there is none."""
        return names[int(self.rng.random() * len(names))] if names else ""

    def set(self, name: str, value: str | date) -> str:
        """Change a column and return its name; the column must be part of the contract."""
        self.row[name] = value
        return name


Spoil = Callable[[Case], str]
"""Changes the row and returns the column it changed; empty when the fault cannot occur in this row."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault: how it comes about, and which checks (any of them) see it."""

    spoil: Spoil
    outcome: Outcome
    checks: tuple[str, ...] = ()


def _code(change: Callable[[str], str]) -> Spoil:
    def spoil(case: Case) -> str:
        name = case.contract.roles.subject_code
        code = case.text(name)
        changed = change(code) if len(code) == 18 else code
        return case.set(name, changed) if changed != code else ""

    return spoil


def _wrong_check_character(code: str) -> str:
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 7) % 31]


def _wrong_organisation_part(code: str) -> str:
    # The ninth character of the part is spoiled and the last one computed anew, so only one check fails.
    first_17 = code[:16] + ("3" if code[16] != "3" else "4")
    return first_17 + check_character(first_17)


def _look_alike(code: str) -> str:
    for place in range(len(code) - 1, 8, -1):
        if code[place] in LOOK_ALIKES:
            return code[:place] + LOOK_ALIKES[code[place]] + code[place + 1 :]
    return code


def _old_number(case: Case) -> str:
    name = case.contract.roles.subject_code
    if not case.party or not case.party.registration_no or not case.text(name):
        return ""
    return case.set(name, case.party.registration_no)


def _old_number_with_letters(case: Case) -> str:
    name = case.contract.roles.subject_code
    if not case.party or case.party.kind != "合作社" or not case.text(name):
        return ""
    return case.set(name, f"990001NA{int(case.rng.random() * 1_000_000):06d}X")


def _placeholder(case: Case) -> str:
    name = case.contract.roles.subject_code
    if case.text(case.contract.roles.subject_category) != INDIVIDUAL:
        return ""
    return case.set(name, PLACEHOLDER)


def _code_missing(value: str) -> Spoil:
    def spoil(case: Case) -> str:
        name = case.contract.roles.subject_code
        required = name and case.contract.field(name).required in {"always", "organisation"}
        return case.set(name, value) if required and case.text(name) else ""

    return spoil


def _name(change: Callable[[str], str]) -> Spoil:
    def spoil(case: Case) -> str:
        name = case.contract.roles.subject_name
        text = case.text(name)
        if not case.party or not text:
            return ""
        changed = change(text)
        return case.set(name, changed) if changed != text else ""

    return spoil


def _typo(case: Case) -> str:
    name = case.contract.roles.subject_name
    text = case.text(name)
    place = next((place for place, character in enumerate(text) if character in SECOND), -1)
    if not case.party or place < 0:
        return ""
    other = SECOND[(SECOND.index(text[place]) + 1 + int(case.rng.random() * 60)) % len(SECOND)]
    return case.set(name, text[:place] + other + text[place + 1 :])


def _former_name(case: Case) -> str:
    former = case.roster.archive(case.party.number).former_name if case.party else ""
    return case.set(case.contract.roles.subject_name, former) if former else ""


def _of_elsewhere(case: Case) -> str:
    name, code = case.contract.roles.subject_name, case.contract.roles.subject_code
    if not case.party or not case.text(code) or case.text("business_reg_no"):
        return ""
    other = case.roster.party(case.roster.count + case.party.number)
    if other.kind != case.party.kind:
        return ""
    case.set(code, other.code)
    return case.set(name, other.name)


def _date(style: str) -> Spoil:
    def spoil(case: Case) -> str:
        name = case.contract.roles.decided_on
        day = case.row.get(name)
        if not isinstance(day, date):
            return ""
        return case.set(name, written(day, style or case.one_of(list(OTHER_SPELLINGS))))

    return spoil


def _impossible_date(case: Case) -> str:
    name = case.contract.roles.decided_on
    day = case.row.get(name)
    return case.set(name, f"{day.year}-02-30") if isinstance(day, date) else ""


def _future_date(case: Case) -> str:
    name = case.contract.roles.decided_on
    if not isinstance(case.row.get(name), date):
        return ""
    # The year is mistyped by two, so that the day still lies ahead when the files are used a year later.
    return case.set(name, case.as_at + timedelta(days=700 + int(case.rng.random() * 30)))


def _dates_reversed(case: Case) -> str:
    name, decided = case.contract.roles.valid_to, case.row.get(case.contract.roles.decided_on)
    if not isinstance(case.row.get(name), date) or not isinstance(decided, date):
        return ""
    return case.set(name, decided - timedelta(days=30 + int(case.rng.random() * 300)))


def _fine(change: Callable[[str], str]) -> Spoil:
    def spoil(case: Case) -> str:
        name = case.contract.roles.amount_wan
        text = case.text(name)
        return case.set(name, change(text)) if text else ""

    return spoil


def _yuan(wan: str) -> str:
    whole, _, rest = wan.partition(".")
    return str(int(whole) * 10_000 + int(rest.ljust(4, "0")))


def _older_word(case: Case) -> str:
    for contract_field in case.contract.fields:
        if contract_field.type != "enum" or not contract_field.synonyms:
            continue
        older = [old for old, new in contract_field.synonyms if new == case.text(contract_field.name)]
        if older:
            return case.set(contract_field.name, case.one_of(older))
    return ""


def _enum_columns(case: Case, *, with_open_value: bool) -> list[str]:
    return [
        item.name
        for item in case.contract.fields
        if item.type in {"enum", "enum_set"}
        and item.name != case.contract.roles.subject_category
        and not item.personal
        and case.text(item.name)
        and (item.open_value or not with_open_value)
    ]


def _unknown_word(case: Case) -> str:
    name = case.one_of(_enum_columns(case, with_open_value=False))
    return case.set(name, "待定") if name else ""


def _other_without_suffix(case: Case) -> str:
    name = case.one_of(_enum_columns(case, with_open_value=True))
    return case.set(name, case.contract.field(name).open_value) if name else ""


def _required_missing(case: Case) -> str:
    names = [
        item.name
        for item in case.contract.fields
        if item.required == "always" and item.type == "text" and item.name != case.contract.roles.subject_name
        and case.text(item.name)
    ]  # fmt: skip
    name = case.one_of(names)
    return case.set(name, "") if name else ""


def _free_texts(case: Case) -> list[str]:
    return [item.name for item in case.contract.fields if item.free_text and case.text(item.name)]


def _too_long(case: Case) -> str:
    texts = [case.contract.field(name) for name in _free_texts(case)]
    found = min((item for item in texts if item.length), key=lambda item: item.length or 0, default=None)
    if not found or not found.length:
        return ""
    text = case.text(found.name)
    return case.set(found.name, (text * (found.length // len(text) + 2)))


def _inserted(what: str) -> Spoil:
    def spoil(case: Case) -> str:
        name = case.one_of(_free_texts(case))
        text = case.text(name)
        return case.set(name, text[: len(text) // 2] + what + text[len(text) // 2 :]) if name else ""

    return spoil


def _person_in_text(case: Case) -> str:
    names = [name for name in _free_texts(case) if (case.contract.field(name).length or 9999) >= 500]
    name = case.one_of(names)
    return case.set(name, case.text(name) + telling_too_much(case.rng)) if name else ""


def _person_number_wrong(case: Case) -> str:
    name = case.contract.roles.person_id
    number = case.text(name)
    if case.text(case.contract.roles.subject_category) != PERSON or not number:
        return ""
    return case.set(name, number[:-1] + ("1" if number[-1] != "1" else "2"))


def _decision_no_missing(case: Case) -> str:
    name, subject = case.contract.roles.decision_no, case.text(case.contract.roles.subject_name)
    # Two such rows about one subject would be a repeat, which is another fault.
    if not case.text(name) or subject in case.seen_subjects:
        return ""
    case.seen_subjects.add(subject)
    return case.set(name, "无")


def _decision_no_phone(case: Case) -> str:
    name = case.contract.roles.decision_no
    return case.set(name, mobile_number(int(case.rng.random() * 1_000_000))) if case.text(name) else ""


def _decision_no_brackets(case: Case) -> str:
    name = case.contract.roles.decision_no
    changed = case.text(name).translate(TO_SQUARE_BRACKETS)
    return case.set(name, changed) if changed != case.text(name) else ""


def _unknown_department(case: Case) -> str:
    name = case.contract.roles.authority_code
    if not case.text(name):
        return ""
    # A town government's code: genuine in form, but no department of the register has it.
    first_17 = f"1199000100009{int(case.rng.random() * 1000):03d}0"
    return case.set(name, first_17 + check_character(first_17))


FAULTS: dict[str, Fault] = {
    "code_15_digits": Fault(_old_number, "accepted", ("V04",)),
    "code_15_characters_na": Fault(_old_number_with_letters, "accepted", ("V04",)),
    "code_lower_case": Fault(_code(str.lower), "accepted"),
    "code_full_width": Fault(_code(lambda code: code.translate(FULL_WIDTH)), "accepted"),
    "code_hyphen": Fault(_code(lambda code: f"{code[:8]}-{code[8:16]}-{code[16:]}"), "accepted"),
    "code_spaces": Fault(_code(lambda code: f" {code[:6]} {code[6:]}\u3000"), "accepted"),
    "code_wrong_check_character": Fault(_code(_wrong_check_character), "rejected", ("V04",)),
    "code_wrong_organisation_part": Fault(_code(_wrong_organisation_part), "warned", ("V04",)),
    "code_illegal_letter": Fault(_code(_look_alike), "rejected", ("V04",)),
    "code_missing": Fault(_code_missing(""), "rejected", ("V01",)),
    "code_no_code_word": Fault(_code_missing("无"), "rejected", ("V01", "V04")),
    "code_placeholder": Fault(_placeholder, "warned", ("V04",)),
    "name_typo": Fault(_typo, "accepted", ("V12",)),
    "name_former": Fault(_former_name, "accepted", ("V12",)),
    "name_half_width_brackets": Fault(_name(lambda text: text.translate(TO_HALF_WIDTH_BRACKETS)), "accepted"),
    "name_trailing_space": Fault(_name(lambda text: text + "\u3000"), "accepted"),
    "name_next_cell": Fault(_name(lambda text: text + "拟="), "accepted", ("V12",)),
    "subject_of_elsewhere": Fault(_of_elsewhere, "accepted"),
    "date_serial": Fault(_date("serial"), "rejected", ("V02",)),
    "date_other_spelling": Fault(_date(""), "accepted"),
    "date_impossible": Fault(_impossible_date, "rejected", ("V02",)),
    "date_in_future": Fault(_future_date, "rejected", ("V08",)),
    "dates_reversed": Fault(_dates_reversed, "rejected", ("V08",)),
    "amount_negative": Fault(_fine(lambda text: f"-{text}"), "rejected", ("V09",)),
    "amount_in_yuan": Fault(_fine(_yuan), "accepted", ("V09",)),
    "amount_missing": Fault(_fine(lambda text: ""), "rejected", ("V01", "V09")),
    "amount_words": Fault(_fine(lambda text: "未标明"), "rejected", ("V02",)),
    "enum_older_word": Fault(_older_word, "accepted"),
    "enum_unknown_word": Fault(_unknown_word, "rejected", ("V03",)),
    "enum_other_without_suffix": Fault(_other_without_suffix, "rejected", ("V03",)),
    "required_missing": Fault(_required_missing, "rejected", ("V01",)),
    "text_too_long": Fault(_too_long, "rejected", ("V02",)),
    "control_character": Fault(_inserted("\x07"), "rejected", ("V15",)),
    "private_use_character": Fault(_inserted("\ue000"), "rejected", ("V15",)),
    "newline_in_text": Fault(_inserted("\n"), "accepted"),
    "person_in_text": Fault(_person_in_text, "warned", ("V13",)),
    "person_number_wrong": Fault(_person_number_wrong, "rejected", ("V06",)),
    "decision_no_missing_word": Fault(_decision_no_missing, "warned", ("V10",)),
    "decision_no_phone": Fault(_decision_no_phone, "warned", ("V10",)),
    "decision_no_other_brackets": Fault(_decision_no_brackets, "accepted"),
    "unknown_department": Fault(_unknown_department, "rejected", ("V07",)),
}
REPEATED = "repeated_row"
"""The one fault that is a second row; the writer of rows knows how."""

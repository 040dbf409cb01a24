"""The shape of a data contract: one record type, its fields, and what may be done with them.

Contracts are written in YAML packs and read by `contracts.load_contracts`; this module only says what one is.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

FieldType = Literal["text", "date", "decimal", "integer", "enum", "enum_set", "credit_code", "citizen_number"]
Required = Literal["always", "optional", "organisation", "person"]
"""`organisation`: for every counterparty but natural persons; `person`: for natural persons only."""
Publicity = Literal["public", "shared", "authorised", "internal"]
Persons = Literal["sealed", "refused"]
"""What happens to a row whose subject is a natural person: sealed in the vault, or refused."""

OPERATION, WITHDRAWAL_REASON = "operation", "withdrawal_reason"
ASSERT, WITHDRAW = "新增", "撤回"


@dataclass(frozen=True)
class FilledWhen:
    """A field is filled exactly where another one, of a code list, has one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One column of a contract.

    `item` is the key of the national (or lawful local) catalogue item and `provision` the reference
    `text_key#article` that allows collecting it: a field without both is refused when packs are read.
    """

    name: str
    label: str
    type: FieldType
    item: str
    provision: str
    code: str = ""
    aliases: tuple[str, ...] = ()
    length: int | None = None
    required: Required = "optional"
    filled_when: FilledWhen | None = None
    values: tuple[str, ...] = ()
    open_value: str = ""
    """An enum value that must carry a suffix (其他-补办); empty when the list is closed."""
    synonyms: tuple[tuple[str, str], ...] = ()
    """Older or vendor spellings of enum values, each with the value it stands for."""
    personal: bool = False
    """Sealed before the first byte reaches the ledger; never shown, searched or exported in clear."""
    published: bool = False
    free_text: bool = False
    """Searched for person data, which is masked before anything is stored."""
    minimum: int | None = None
    """Smallest lawful value of a number."""
    description: str = ""
    example: str = ""
    blanks: tuple[str, ...] = ()
    """Texts by which this source says that the cell is empty ("-", "无")."""
    code_list: str = ""
    """Key of the code list that `values` come from."""


@dataclass(frozen=True)
class Roles:
    """Which field plays which part; an empty name means the record type has no such field."""

    subject_name: str
    subject_code: str = ""
    subject_category: str = ""
    other_codes: tuple[str, ...] = ()
    """Fields with legacy numbers (15-digit registration number, organisation code, …)."""
    person_id: str = ""
    decision_no: str = ""
    title: str = ""
    """The field whose text heads the record on a page."""
    decided_on: str = ""
    valid_from: str = ""
    valid_to: str = ""
    removed_on: str = ""
    """The day from which an entry of a list does not stand any more, where its body sent one."""
    authority_name: str = ""
    authority_code: str = ""
    source_name: str = ""
    source_code: str = ""
    penalty_categories: str = ""
    amount_wan: str = ""
    confiscated_wan: str = ""
    procedure: str = ""
    severity: str = ""
    list_key: str = ""
    status: str = ""


@dataclass(frozen=True)
class Contract:
    """One record type as a dated contract."""

    key: str
    title: str
    edition: str
    item: str
    pack: str
    citation: str
    verified: bool
    publicity: Publicity
    publication_rule: str
    """Key of the publicity rule that governs it; empty: never published."""
    persons: Persons
    register: bool
    """True: rows become current records (or organisations) in the register; False: ledger only."""
    key_fields: tuple[str, ...]
    """The business key, beside the record type; the first of subject_code/subject_name that is filled stands
    for the subject when `subject` is listed."""
    roles: Roles
    fields: tuple[Field, ...]
    switched_off: tuple[str, ...] = ()
    """Ids of checks that do not apply (V01…V15)."""
    act: str = ""
    """Kind of administrative act (行政处罚 …) as shown; empty for other information."""
    update_cycle: str = ""
    valid_since: str = ""
    supplier: str = ""
    """Who supplies it, in words."""
    service_level: str = ""
    """Within which time, in words with the basis."""
    reviewed_on: date | None = None
    ignored_headers: tuple[str, ...] = ()
    """Columns that may stand in a file and are left out without asking (序号, internal tags)."""
    note: str = ""
    by_case: bool = False
    """Only a case writes such a record: nobody delivers it as a file, by form or by program."""

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if the contract has none."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def personal_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.personal)

    @property
    def published_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.published)

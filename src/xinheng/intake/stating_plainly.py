"""Few rows, brought into their lasting form one by one: DuckDB would plan for longer than it computes.

The twin of `engines.dictionary`, which derives the same for many rows; a test holds the two together.
"""

from collections.abc import Callable
from functools import lru_cache

import ibis

from xinheng.catalogue.checks import plain
from xinheng.catalogue.checks.facts import PERSON
from xinheng.catalogue.contract import OPERATION, WITHDRAW, Contract, Field
from xinheng.engines.compiling import ROW_NO
from xinheng.engines.duck import Duck
from xinheng.intake.columns import DECIMAL_SCALE, IS_PERSON, NAME_KEY, WITHDRAWN

FEW = 1_000
"""So many rows are stated faster one by one."""
_TYPES = {"date": "date", "decimal": "int64", "integer": "int64"}

_Form = Callable[[str], object]


def stated_plainly(engine: Duck, contract: Contract, table: str) -> str:
    """SQL of a SELECT with `row_no` and every derived column, as `dictionary.derive` gives it."""
    forms, read = _forms(contract), list(contract.names)
    listed = ", ".join(f'"{name}"' for name in read)
    rows = []
    for row_no, *cells in engine.rows(f"SELECT {ROW_NO}, {listed} FROM {table}"):
        given = dict(zip(read, cells, strict=True))
        row: dict[str, object] = {name: form(given[column] or "") for name, (column, form) in forms.items()}
        rows.append(row | {ROW_NO: row_no})
    engine.put("stated", _schema(contract), rows)
    return "SELECT * FROM stated"


@lru_cache(maxsize=64)
def _forms(contract: Contract) -> dict[str, tuple[str, _Form]]:
    """For each derived column the one it is read from, and how."""
    roles = contract.roles
    forms = {field.name: (field.name, _field_form(contract, field)) for field in contract.fields}
    forms[WITHDRAWN] = OPERATION, lambda text: plain.cleaned(text) == WITHDRAW
    del forms[OPERATION]
    if roles.subject_name:
        forms[NAME_KEY] = roles.subject_name, lambda text: plain.name_key(text) or ""
    if roles.subject_category:
        category = contract.field(roles.subject_category)
        forms[IS_PERSON] = category.name, lambda text: plain.enum_value(text, category) == PERSON
    elif roles.person_id:
        forms[IS_PERSON] = roles.person_id, lambda text: plain.cleaned(text) is not None
    return {name: (column, _filled(contract.field(column), form)) for name, (column, form) in forms.items()}


def _field_form(contract: Contract, field: Field) -> _Form:
    """The twin of `columns.typed`."""
    if field.name == contract.roles.decision_no:
        return plain.normalised_decision_no
    if field.type == "date":
        return plain.date_value
    if field.type == "decimal":
        return lambda text: plain.decimal_value(text, DECIMAL_SCALE)
    if field.type == "integer":
        return lambda text: plain.decimal_value(text, 0)
    if field.type in ("enum", "enum_set"):
        return lambda text: plain.enum_value(text, field)
    if field.type in ("credit_code", "citizen_number") or field.name in contract.roles.other_codes:
        return plain.normalised_code
    return plain.cleaned


def _filled(field: Field, form: _Form) -> _Form:
    """The form of a text that may be one of the words by which its source says that the cell is empty."""
    return lambda text: form("" if text in field.blanks else text)


@lru_cache(maxsize=64)
def _schema(contract: Contract) -> ibis.Schema:
    kinds = dict.fromkeys(_forms(contract), "string")
    kinds |= {
        field.name: _TYPES.get(field.type, "string")
        for field in contract.fields
        if field.name in kinds and field.name != contract.roles.decision_no
    }
    kinds |= {name: "boolean" for name in (WITHDRAWN, IS_PERSON) if name in kinds}
    return ibis.schema({ROW_NO: "int64", **kinds})

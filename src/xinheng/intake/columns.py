"""Names used inside the intake's tables, and the typed form of a contract's columns."""

import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.contract import OPERATION, Contract, Field

DECIMAL_SCALE = 6
NAME_KEY, WITHDRAWN, IS_PERSON = "name_key", "withdrawn", "is_person"


def plain_fields(contract: Contract) -> tuple[Field, ...]:
    """The fields that may stand in clear in the ledger: none that is personal, and not the row's own command."""
    return tuple(field for field in contract.fields if not field.personal and field.name != OPERATION)


def typed(contract: Contract, row: ir.Table, field: Field) -> ir.Value:
    """A field in its lasting form; NULL where the cell is empty.

    Numbers with decimals are whole numbers of millionths, which for amounts in 万元 is fen.
    """
    text = values.field_text(row, field)
    if field.name == contract.roles.decision_no:
        return values.normalised_decision_no(text)
    if field.type == "date":
        return values.date_value(text)
    if field.type == "decimal":
        return values.decimal_value(text, DECIMAL_SCALE)
    if field.type == "integer":
        return values.decimal_value(text, 0)
    if field.type in ("enum", "enum_set"):
        return values.enum_value(text, field)
    if field.type in ("credit_code", "citizen_number") or field.name in contract.roles.other_codes:
        return values.normalised_code(text)
    return values.cleaned(text)

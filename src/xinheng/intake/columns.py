"""Names used inside the intake's tables, and the typed form of a contract's columns."""

import ibis
import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.facts import SUBJECT, Facts
from xinheng.catalogue.contract import OPERATION, WITHDRAWAL_REASON, Contract, Field

SEPARATOR = "\x1f"
DECIMAL_SCALE = 6


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
    if field.type == "credit_code" or field.name in contract.roles.other_codes:
        return values.normalised_code(text)
    return values.cleaned(text)


def key_text(contract: Contract, row: ir.Table) -> ir.StringValue:
    """The business key as one text: what must be equal for two rows to speak of the same decision."""
    facts = Facts(contract, row)
    parts: list[ir.StringValue] = [ibis.literal(contract.key)]
    for name in contract.key_fields:
        parts.append(_subject_text(contract, row, facts) if name == SUBJECT else _text(contract, row, name))
    return _joined(parts)


def content_text(contract: Contract, row: ir.Table) -> ir.StringValue:
    """Everything a row states, as one text; personal cells too, since it only ever feeds a keyed hash."""
    names = [field.name for field in contract.fields if field.name not in (OPERATION, WITHDRAWAL_REASON)]
    return _joined([_text(contract, row, name) for name in names])


def _subject_text(contract: Contract, row: ir.Table, facts: Facts) -> ir.StringValue:
    code = _text(contract, row, contract.roles.subject_code) if contract.roles.subject_code else ibis.literal("")
    if contract.roles.person_id:
        person = values.normalised_code(facts.text(contract.roles.person_id)).fill_null("")
        code = ibis.ifelse(facts.is_person(), person, code)
    name = values.name_key(facts.text(contract.roles.subject_name)).fill_null("")
    return ibis.ifelse(code != "", code, name)


def _text(contract: Contract, row: ir.Table, name: str) -> ir.StringValue:
    return typed(contract, row, contract.field(name)).cast("string").fill_null("")


def _joined(parts: list[ir.StringValue]) -> ir.StringValue:
    return ibis.literal(SEPARATOR).join(parts)

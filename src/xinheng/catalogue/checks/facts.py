"""What the checks ask about a row again and again: its texts, the kind of its subject, whether it withdraws."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.contract import ASSERT, OPERATION, WITHDRAW, WITHDRAWAL_REASON, Contract, Field

ORGANISATION, PERSON, INDIVIDUAL_BUSINESS = "法人及非法人组织", "自然人", "个体工商户"
SUBJECT = "subject"
"""Stands in a business key for the subject, whichever of its code and name is filled."""


@dataclass(frozen=True)
class Facts:
    """Expressions over the rows of one contract; none of them is ever NULL unless it says so."""

    contract: Contract
    row: ir.Table

    def text(self, name: str) -> ir.StringValue:
        """The text of a column; '' where the cell is empty or says so in the words of its source."""
        return values.field_text(self.row, self.contract.field(name))

    def blank(self, name: str) -> ir.BooleanValue:
        return values.is_blank(self.text(name))

    def filled(self, name: str) -> ir.BooleanValue:
        return ~self.blank(name)

    def code(self, name: str) -> ir.StringValue:
        """An identity code or number in its normal spelling; '' where the cell is empty."""
        return values.folded_code(self.text(name))

    def day(self, name: str) -> ir.DateValue:
        """The day in a column; NULL where there is none."""
        return values.date_value(self.text(name))

    def listed(self, name: str) -> ir.StringValue:
        """The lawful value or values in a column of a code list; '' where there is none."""
        return values.enum_value(self.text(name), self.contract.field(name)).fill_null("")

    def number(self, name: str) -> ir.IntegerValue:
        """The number in a column as `decimal_value` gives it, whole for integers; NULL where there is none."""
        return values.decimal_value(self.text(name), scale(self.contract.field(name)))

    def category(self) -> ir.StringValue:
        """The kind of subject; '' where it is missing or unknown."""
        name = self.contract.roles.subject_category
        return self.listed(name)

    def is_person(self) -> ir.BooleanValue:
        return self._is_category(PERSON, default=False)

    def is_individual_business(self) -> ir.BooleanValue:
        return self._is_category(INDIVIDUAL_BUSINESS, default=False)

    def is_organisation(self) -> ir.BooleanValue:
        """True for every subject that is known not to be a natural person."""
        if not self.contract.roles.subject_category:
            return ibis.literal(True)
        return self.category().isin((ORGANISATION, INDIVIDUAL_BUSINESS))

    def _is_category(self, wanted: str, default: bool) -> ir.BooleanValue:
        if not self.contract.roles.subject_category:
            return ibis.literal(default)
        return self.category() == wanted

    def withdrawn(self) -> ir.BooleanValue:
        """True where the row takes an earlier statement back."""
        if OPERATION not in self.contract.names:
            return ibis.literal(False)
        text = self.text(OPERATION)
        unusual = (text != "") & (text != ASSERT)
        return ibis.ifelse(unusual, values.trimmed(text) == WITHDRAW, False)


def scale(field: Field) -> int:
    """Decimals that a number of this field keeps."""
    return 0 if field.type == "integer" else values.SCALE


def key_columns(contract: Contract) -> tuple[str, ...]:
    """The columns a withdrawal must fill: those of the business key, and what it says about itself."""
    names: list[str] = []
    for name in contract.key_fields:
        names.extend(subject_columns(contract) if name == SUBJECT else (name,))
    names.extend(name for name in (OPERATION, WITHDRAWAL_REASON) if name in contract.names)
    return tuple(names)


def subject_columns(contract: Contract) -> tuple[str, ...]:
    """Code and name of the subject, as far as the contract has them."""
    return tuple(name for name in (contract.roles.subject_code, contract.roles.subject_name) if name)


def fields_of_type(contract: Contract, *types: str) -> list[Field]:
    return [field for field in contract.fields if field.type in types]

"""Values of a record as people write them: amounts in their unit, days with slashes; and the other way round."""

from collections.abc import Mapping
from typing import Any

from xinheng.catalogue.contract import Contract
from xinheng.intake.standing import as_sent as shown
from xinheng.intake.standing import form_values

__all__ = ["form_values", "shown", "shown_content"]


def shown_content(contract: Contract, content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Labels and values in the order of the contract, empty ones left out."""
    return tuple(
        (field.label, shown(field, content.get(field.name)))
        for field in contract.fields
        if content.get(field.name) not in (None, "")
    )

"""Values of a record as people write them: amounts in their unit, days with slashes; and the other way round."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xinheng.catalogue.contract import Contract, Field
from xinheng.catalogue.values import SCALE


def shown(field: Field, value: Any) -> str:
    """A stored value as the department would write it in its file."""
    if value in (None, ""):
        return ""
    if field.type == "decimal":
        return f"{(Decimal(int(value)) / 10**SCALE).normalize():f}"
    if field.type == "date":
        return str(value).replace("-", "/")
    return str(value)


def shown_content(contract: Contract, content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Labels and values in the order of the contract, empty ones left out."""
    return tuple(
        (field.label, shown(field, content.get(field.name)))
        for field in contract.fields
        if content.get(field.name) not in (None, "")
    )


def form_values(contract: Contract, content: Mapping[str, Any]) -> dict[str, str]:
    """What a correction starts from: every field as it stands, personal ones empty."""
    return {field.name: shown(field, content.get(field.name)) for field in contract.fields}

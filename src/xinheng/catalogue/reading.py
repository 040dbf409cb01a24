"""Stored values as readers of a page read them: amounts in the unit of their label, days as documents write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from xinheng.base.clock import format_date
from xinheng.catalogue.contract import Field
from xinheng.catalogue.values import SCALE


def as_read(field: Field, value: Any) -> str:
    """A stored value in words; an empty one is the empty text."""
    if value in (None, ""):
        return ""
    if field.type == "decimal":
        return f"{(Decimal(int(value)) / 10**SCALE).normalize():f}"
    if field.type == "date":
        return format_date(date.fromisoformat(str(value)))
    return str(value)

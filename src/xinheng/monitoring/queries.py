"""What may be asked about the quality of reporting. Officers only, within their reach."""

from xinheng.monitoring.double_publicity import (
    ACTS,
    DOUBLE_PUBLICITY,
    Formula,
    Quality,
    Rate,
    formulas,
    quality_by_department,
    quality_by_month,
)

__all__ = [
    "ACTS",
    "DOUBLE_PUBLICITY",
    "Formula",
    "Quality",
    "Rate",
    "formulas",
    "quality_by_department",
    "quality_by_month",
]

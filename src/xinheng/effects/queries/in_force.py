"""The one place that says what a public door may show: nothing stores “expired”, this condition decides."""

from datetime import date
from typing import Any

from xinheng.base.scope import Scope

HIDDEN = """EXISTS (SELECT 1 FROM effects_suspension h
    WHERE h.effect_id = e.id AND h.hides AND h.resumed_at IS NULL)"""

IN_FORCE = f"""e.kind = 'publication' AND e.end_reason <> 'corrected' AND e.ended_at IS NULL
    AND e.starts <= %(as_at)s AND (e.ends IS NULL OR e.ends > %(as_at)s) AND NOT {HIDDEN}"""
"""Condition on `effects_effect e`; the reason is named so that the index of publications by record serves."""

CURRENT = "r.known_to IS NULL AND NOT r.withdrawn AND r.gate = 'open'"
"""Condition on `register_record r`."""

VISIBLE = f"FROM register_record r JOIN effects_effect e ON e.record_id = r.id WHERE {CURRENT} AND {IN_FORCE}"


def within(scope: Scope, alias: str = "r") -> tuple[str, dict[str, Any]]:
    """SQL condition and parameters that keep a caller within her region and departments."""
    condition, parameters = "", dict[str, Any]()
    if scope.region is not None:
        condition += f" AND {alias}.region_id = (SELECT id FROM people_region WHERE code = %(region)s)"
        parameters["region"] = scope.region
    if scope.departments:
        condition += f" AND {alias}.department_id = ANY(%(departments)s)"
        parameters["departments"] = sorted(scope.departments)
    return condition, parameters


def asked(as_at: date, **parameters: Any) -> dict[str, Any]:
    """The parameters of a query on what is in force on a day."""
    return {"as_at": as_at, **parameters}

"""The checks V01 to V15. A check is registered by being there: every module `vNN_*.py` has a `CHECK`."""

import importlib
import pkgutil
import re
from dataclasses import replace
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts, key_columns
from xinheng.catalogue.contract import Contract, Field

__all__ = [
    "CHECKS",
    "Check",
    "CheckContext",
    "Condition",
    "Explanation",
    "conditions_for",
    "explain",
    "suspects",
    "suspicions",
]

_MODULE = re.compile(r"v\d\d_[a-z_]+")
_WHOLE_ROW = Field(name="", label="这一行", type="text", item="", provision="")


def _registered() -> dict[str, Check]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if _MODULE.fullmatch(module.name))
    checks = [importlib.import_module(f"{__name__}.{name}").CHECK for name in names]
    return {check.id: check for check in checks}


CHECKS: dict[str, Check] = _registered()


def conditions_for(contract: Contract, row: ir.Table, context: CheckContext) -> list[Condition]:
    """Every way in which a row of this contract can fail; `row` has one text column per field.

    Checks that the contract switches off are left out. A row that withdraws an earlier one is only asked
    for what names that one, since what is wrong in the rest may be why it is withdrawn.
    """
    asserts, keys = ~Facts(contract, row).withdrawn(), key_columns(contract)
    conditions = []
    for check in _switched_on(contract):
        for condition in check.conditions(contract, row, context):
            if check.covers_withdrawals or condition.column in keys:
                conditions.append(condition)
            else:
                conditions.append(replace(condition, failing=ibis.ifelse(condition.failing, asserts, False)))
    return conditions


def suspicions(contract: Contract, row: ir.Table, context: CheckContext) -> list[ir.BooleanValue]:
    """Quick tests that together pass no failing row by; rows they name need the conditions themselves."""
    tests: list[ir.BooleanValue] = []
    scans: dict[str, list[str]] = {}
    for check in _switched_on(contract):
        for suspicion in check.suspicions(contract, row, context):
            if isinstance(suspicion, Scan):
                scans.setdefault(suspicion.column, []).append(suspicion.pattern)
            else:
                tests.append(suspicion)
    for column, patterns in scans.items():
        tests.append(row[column].re_search("|".join(dict.fromkeys(patterns))).fill_null(False))
    return tests


def suspects(contract: Contract, row: ir.Table, context: CheckContext) -> ir.BooleanValue:
    """True where one of the `suspicions` is."""
    return reduce(or_, suspicions(contract, row, context), ibis.literal(False))


def explain(contract: Contract, check: str, column: str, variant: str) -> Explanation:
    """What is wrong and how to put it right; an empty `column` speaks of the whole row."""
    field = contract.field(column) if column else _WHOLE_ROW
    return CHECKS[check].explain(field, variant, contract)


def _switched_on(contract: Contract) -> list[Check]:
    return [check for check in CHECKS.values() if check.id not in contract.switched_off]

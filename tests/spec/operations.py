"""The questions the specification asks, by the name of their file, each built from what its cases say."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from xinheng.catalogue.checks import CHECKS, CheckContext
from xinheng.catalogue.checks.validation import Validation
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.aggregation import Aggregation
from xinheng.engines.archives import ArchiveStatistics, ArchiveTotals
from xinheng.engines.business_keys import BusinessKeys
from xinheng.engines.indicators import Condition, Indicator
from xinheng.engines.linking import Linking
from xinheng.engines.questions import Question

CONTEXT = CheckContext(as_at=date(2026, 11, 21), department_codes=frozenset())


def _validation(given: Mapping[str, Any]) -> Question:
    """The checks that a case names, and no others: a small table leaves most columns empty."""
    contract = load_contracts("national")[given["contract"]]
    off = tuple(check for check in CHECKS if check not in given["checks"])
    return Validation(replace(contract, switched_off=off), CONTEXT)


def _linking(given: Mapping[str, Any]) -> Question:
    return Linking(**given)


def _business_keys(given: Mapping[str, Any]) -> Question:
    return BusinessKeys(**given)


def _archive_statistics(given: Mapping[str, Any]) -> Question:
    return ArchiveStatistics(**given)


def _archive_totals(given: Mapping[str, Any]) -> Question:
    return ArchiveTotals(**given)


def _aggregation(given: Mapping[str, Any]) -> Question:
    return Aggregation(tuple(indicator(one) for one in given["indicators"]), given["as_at"])


def indicator(given: Mapping[str, Any]) -> Indicator:
    """An indicator as a document writes it."""
    conditions = tuple(Condition(one["column"], tuple(one["values"])) for one in given.get("conditions", ()))
    listed = {"types": tuple(given["types"]), "decay": tuple(given.get("decay", ())), "conditions": conditions}
    return Indicator(**{**given, **listed})


OPERATIONS: Mapping[str, Callable[[Mapping[str, Any]], Question]] = {
    "validation": _validation,
    "linking": _linking,
    "business_keys": _business_keys,
    "archive_statistics": _archive_statistics,
    "archive_totals": _archive_totals,
    "aggregation": _aggregation,
}

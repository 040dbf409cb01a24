"""The questions the specification asks, by the name of their file, each built from what its cases say."""

from collections.abc import Callable, Mapping
from typing import Any

from xinheng.engines.aggregation import Aggregation
from xinheng.engines.archives import ArchiveStatistics
from xinheng.engines.indicators import Condition, Indicator
from xinheng.engines.questions import Question


def _archive_statistics(given: Mapping[str, Any]) -> Question:
    return ArchiveStatistics(**given)


def _aggregation(given: Mapping[str, Any]) -> Question:
    return Aggregation(tuple(indicator(one) for one in given["indicators"]), given["as_at"])


def indicator(given: Mapping[str, Any]) -> Indicator:
    """An indicator as a document writes it."""
    conditions = tuple(Condition(one["column"], tuple(one["values"])) for one in given.get("conditions", ()))
    listed = {"types": tuple(given["types"]), "decay": tuple(given.get("decay", ())), "conditions": conditions}
    return Indicator(**{**given, **listed})


OPERATIONS: Mapping[str, Callable[[Mapping[str, Any]], Question]] = {
    "archive_statistics": _archive_statistics,
    "aggregation": _aggregation,
}

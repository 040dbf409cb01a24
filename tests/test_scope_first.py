"""Every question takes a scope first, so that no list is ever answered without saying who asks."""

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import xinheng
from xinheng.base.scope import Scope

ESTABLISHING = {
    "xinheng.people.queries.authenticate_client": "says who asks, so there is no scope yet",
    "xinheng.people.queries.scope_of": "makes the scope of an officer",
}
"""What comes before a scope exists; nothing else may be added."""

READS_NOTHING = {
    "xinheng.desk.queries.waits_for_second": "compares officers of one take-down",
    "xinheng.intake.queries.words": "message and advice of a kind of problem",
    "xinheng.law.queries.document_no_shown": "spells a document number",
    "xinheng.law.queries.status_on": "compares three dates",
}
"""Words for what was asked before; they look nothing up."""


def query_modules() -> Iterator[ModuleType]:
    packages = (one for one in pkgutil.iter_modules(xinheng.__path__, "xinheng.") if one.ispkg)
    for package in packages:
        if importlib.util.find_spec(f"{package.name}.queries"):
            yield importlib.import_module(f"{package.name}.queries")


def public_functions() -> dict[str, Callable[..., Any]]:
    """What other packages may call: the functions that a package's `queries` defines or exports."""
    return {
        f"{module.__name__}.{name}": function
        for module in query_modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and (function.__module__.startswith(module.__name__) or name in getattr(module, "__all__", ()))
    }


FUNCTIONS = public_functions()


def test_there_are_questions_to_check():
    assert "xinheng.register.queries.search" in FUNCTIONS
    assert "xinheng.people.queries.departments" in FUNCTIONS


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - ESTABLISHING.keys() - READS_NOTHING.keys()))
def test_the_first_parameter_is_the_scope(name):
    first = next(iter(inspect.signature(FUNCTIONS[name]).parameters.values()), None)
    assert first is not None, f"{name} takes no scope"
    assert first.name == "scope"
    assert first.default is inspect.Parameter.empty
    assert first.annotation in (Scope, "Scope")


def test_no_exception_outlives_its_function():
    assert ESTABLISHING.keys() | READS_NOTHING.keys() <= FUNCTIONS.keys()

"""Commands that are imported when they are called, so that `xinheng --help` answers at once."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from typer import Typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


class Needs(Enum):
    """What has to be up before the module of a command can be imported and called."""

    NOTHING = "nothing"
    TABLES = "tables"
    """The names of the tables, without a database."""
    HOME = "home"
    """A database, which is made where there is none."""
    COUNTY = "county"
    """A database that `xinheng init` has set up."""


Prepare = Callable[[Needs, bool], None]
"""Called with what is needed and whether only the help is wanted."""


@dataclass(frozen=True)
class Entry:
    """One command: its name, where its function stands (`module:function`), and one line on what it does."""

    name: str
    where: str
    help: str
    needs: Needs = Needs.COUNTY


@dataclass(frozen=True)
class Group:
    """Commands under one common word."""

    name: str
    help: str
    entries: tuple[Entry, ...]


class Deferred(TyperCommand):
    """Stands in the list of commands for one that is not imported yet."""

    def __init__(self, entry: Entry, prepare: Prepare) -> None:
        super().__init__(name=entry.name, help=entry.help, short_help=entry.help)
        self.entry = entry
        self.prepare = prepare

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Called by click when the command is about to run; what it returns carries the real command."""
        self.prepare(self.entry.needs, "--help" in args)
        return load(self.entry).make_context(info_name, args, parent, **extra)


def load(entry: Entry) -> Any:
    """The command itself, made from its function."""
    module, _, name = entry.where.partition(":")
    app = Typer(add_completion=False, rich_markup_mode=None)
    app.command(entry.name, help=entry.help)(getattr(importlib.import_module(module), name))
    return get_command(app)


def program(entries: Sequence[Entry | Group], prepare: Prepare, *, help: str) -> TyperGroup:
    """The whole program as one click group."""
    root = _group("xinheng", help)
    for entry in entries:
        if isinstance(entry, Entry):
            root.add_command(Deferred(entry, prepare))
            continue
        inner = _group(entry.name, entry.help)
        for one in entry.entries:
            inner.add_command(Deferred(one, prepare))
        root.add_command(inner)
    return root


def _group(name: str, help: str) -> TyperGroup:
    return TyperGroup(name=name, help=help, rich_markup_mode=None, suggest_commands=False)

"""What commands print: JSON for programs, short Chinese lines and tables for people."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from typer import Option

from xinheng.base.errors import XinhengError

AsJson = Annotated[bool, Option("--json", help="以 JSON 输出，供程序读取")]


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n")


def plain(value: Any) -> Any:
    """What JSON has no word for, as text; dataclasses as objects."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case Path() | UUID():
            return str(value)
        case frozenset() | set():
            return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def console() -> Console:
    """Where people read; plain text without colours when it is not a terminal."""
    terminal = sys.stdout.isatty()
    return Console(highlight=False, markup=False, width=None if terminal else 160, soft_wrap=not terminal)


def say(*lines: str) -> None:
    """Lines for people, on standard output."""
    out = console()
    for line in lines:
        out.print(line)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A table for people; numbers stand to the right."""
    table = Table(title=title or None, title_justify="left", title_style="bold")
    collected = [list(row) for row in rows]
    for position, heading in enumerate(headings):
        numeric = bool(collected) and all(isinstance(row[position], int) for row in collected)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in collected:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    console().print(table)


def report_error(error: XinhengError, *, as_json: bool) -> None:
    """One sentence and its advice; on standard error, or as JSON on standard output for programs."""
    if as_json:
        print_json({"error": {"message": error.message, "advice": error.advice}})
        return
    sys.stderr.write(error.message + (f"\n{error.advice}" if error.advice else "") + "\n")


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing elsewhere, so that logs stay readable."""
    out = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, disable=quiet or not out.is_terminal, transient=True) as bar:
        yield bar

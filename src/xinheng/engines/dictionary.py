"""Deriving columns from columns, once per distinct value where a column repeats few of them.

What a register file holds repeats itself: a million penalties name fifty offices, a thousand days, five kinds of
penalty. Such a column is derived over its distinct values and joined back; a column of many values row by row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
from ibis.backends.sql.datatypes import DuckDBType

from xinheng.engines.duck import Duck, of_empty_cells
from xinheng.engines.sharing import columns_of
from xinheng.engines.staging import Written, written
from xinheng.engines.statistics import statistics


@dataclass(frozen=True)
class Source:
    """One source column with the SQL of everything that is derived from it alone, by the names of what is derived."""

    number: int
    column: str
    by_value: str
    """A query: each distinct value as `raw`, with what is derived from it."""
    by_row: Mapping[str, str]
    """The same as values over a row of a table called `t0`."""
    of_nothing: Mapping[str, str]
    """The same as literals, where the cell is empty."""

    @property
    def values_table(self) -> str:
        return values_table(self.number)


def values_table(number: int) -> str:
    """The table of a source's distinct values."""
    return f"values_{number}"


def sources(table: ir.Table, derived: Mapping[str, ir.Value]) -> tuple[Source, ...]:
    """The columns derived from a table's, by the one column each of them reads."""
    names, kinds = list(derived), [DuckDBType.to_string(value.type()) for value in derived.values()]
    grouped: dict[str, list[int]] = {}
    for number, value in enumerate(derived.values()):
        (column,) = columns_of(value)
        grouped.setdefault(column, []).append(number)
    sql = written(table, list(derived.values()))
    by_row = [f"CAST({text} AS {kind})" for text, kind in zip(sql.inlined(), kinds, strict=True)]
    of_nothing = [f"CAST({text} AS {kind})" for text, kind in zip(_of_nothing(sql, grouped), kinds, strict=True)]
    found = []
    for place, (column, numbers) in enumerate(grouped.items()):
        staged = sql.staged(values_table(place), [column], numbers)
        typed = [
            f'CAST({text} AS {kinds[number]}) AS "{names[number]}"'
            for number, text in zip(numbers, staged.values, strict=True)
        ]
        found.append(
            Source(
                place,
                column,
                f'SELECT t0."{column}" AS raw, {", ".join(typed)} FROM {staged.query}',
                {names[number]: by_row[number] for number in numbers},
                {names[number]: of_nothing[number] for number in numbers},
            )
        )
    return tuple(found)


def _of_nothing(sql: Written, columns: Iterable[str]) -> list[str]:
    """What each value is where all cells are empty, as a literal."""
    staged = sql.staged("nothing", list(columns), range(len(sql.values)))
    found = of_empty_cells(f"SELECT {', '.join(staged.values)} FROM {staged.query}", "nothing", columns)
    return ["NULL" if value is None else f"'{value}'" for value in found]


def derive(engine: Duck, table: str, known: tuple[Source, ...]) -> str:
    """SQL of a SELECT with `row_no` and every derived column, over a table with `row_no`."""
    columns, joins = ["t0.row_no"], []
    held = statistics(engine, table, [source.column for source in known])
    for source in known:
        inline = source.of_nothing if held.empty([source.column]) else None
        if inline is None and not held.repeats([source.column]):
            inline = source.by_row
        if inline is not None:
            columns.extend(f'{sql} AS "{name}"' for name, sql in inline.items())
            continue
        alias = _derive_values(engine, table, source)
        joins.append(f'LEFT JOIN {alias} ON t0."{source.column}" IS NOT DISTINCT FROM {alias}.raw')
        columns.extend(f'{alias}."{name}" AS "{name}"' for name in source.by_row)
    return f"SELECT {', '.join(columns)} FROM {table} AS t0 {' '.join(joins)}"


def _derive_values(engine: Duck, table: str, source: Source) -> str:
    distinct = f'{source.values_table} AS MATERIALIZED (SELECT DISTINCT "{source.column}" FROM {table})'
    alias = f"derived_{source.number}"
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE {alias} AS WITH {distinct} {source.by_value}")
    return alias

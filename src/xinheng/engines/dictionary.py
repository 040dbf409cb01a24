"""Deriving columns from columns, once per distinct value where a column repeats few of them.

What a register file holds repeats itself: a million penalties name fifty offices, a thousand days, five kinds of
penalty. Such a column is derived over its distinct values and joined back; a column of many values row by row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

import ibis
import ibis.expr.types as ir
from ibis.backends.sql.datatypes import DuckDBType

from xinheng.engines.compiling import duckdb_scalar, typed_duckdb_sql
from xinheng.engines.duck import Duck, of_empty_cells
from xinheng.engines.sharing import columns_of, rebound, share
from xinheng.engines.statistics import statistics


@dataclass(frozen=True)
class Source:
    """One source column with everything that is derived from it alone."""

    number: int
    column: str
    derived: tuple[tuple[str, ir.Value], ...]

    @property
    def values_table(self) -> str:
        return f"values_{self.number}"

    @cached_property
    def by_value(self) -> str:
        """SQL: each distinct value as `raw`, with what is derived from it."""
        table = ibis.table({self.column: "string"}, name=self.values_table)
        origin = next(iter(self.derived))[1]
        source = _table_of(origin)
        staged, found = share(table, [rebound(value, source, table) for _, value in self.derived])
        named = {name: value for (name, _), value in zip(self.derived, found, strict=True)}
        return typed_duckdb_sql(staged.select(raw=staged[self.column], **named))

    @cached_property
    def of_nothing(self) -> dict[str, str]:
        """SQL literals of what is derived from an empty cell."""
        found = of_empty_cells(self.by_value, self.values_table, [self.column]) or ()
        literals = ["NULL" if value is None else f"'{value}'" for value in found[1:]]
        kinds = [DuckDBType.to_string(value.type()) for _, value in self.derived]
        named = zip((name for name, _ in self.derived), literals, kinds, strict=True)
        return {name: f"CAST({literal} AS {kind})" for name, literal, kind in named}

    @cached_property
    def by_row(self) -> dict[str, str]:
        """SQL of each derived column over a row of a table called `t0`."""
        return {
            name: f"CAST({duckdb_scalar(value)} AS {DuckDBType.to_string(value.type())})"
            for name, value in self.derived
        }


def sources(derived: Mapping[str, ir.Value]) -> tuple[Source, ...]:
    """The derived columns by the one column each of them reads."""
    grouped: dict[str, list[tuple[str, ir.Value]]] = {}
    for name, value in derived.items():
        (column,) = columns_of(value)
        grouped.setdefault(column, []).append((name, value))
    return tuple(Source(number, column, tuple(found)) for number, (column, found) in enumerate(grouped.items()))


def derive(engine: Duck, table: str, known: tuple[Source, ...], fingerprinted: Mapping[str, str]) -> str:
    """SQL of a SELECT with `row_no`, every derived column, and `fingerprint`, over a table with `row_no`.

    The fingerprint says what the columns named in `fingerprinted` hold together: equal content has equal
    fingerprints, whatever the batch or the engine's release. Each column's salt keeps it apart from the others
    and, being secret, keeps anybody from finding a value by trying.
    """
    columns, joins, prints = ["t0.row_no"], [], []
    held = statistics(engine, table, [source.column for source in known])
    for source in known:
        salts = {name: fingerprinted[name] for name, _ in source.derived if name in fingerprinted}
        inline = source.of_nothing if held.empty([source.column]) else None
        if inline is None and not held.repeats([source.column]):
            inline = source.by_row
        if inline is not None:
            columns.extend(f'{sql} AS "{name}"' for name, sql in inline.items())
            prints.extend(_fingerprints((inline[name], salt) for name, salt in salts.items()))
            continue
        alias = _derive_values(engine, table, source, salts)
        joins.append(f'LEFT JOIN {alias} ON t0."{source.column}" IS NOT DISTINCT FROM {alias}.raw')
        columns.extend(f'{alias}."{name}" AS "{name}"' for name, _ in source.derived)
        if salts:
            prints.append((f"{alias}.lower_print", f"{alias}.upper_print"))
    columns.append(f"{_joined(prints)} AS fingerprint")
    return f"SELECT {', '.join(columns)} FROM {table} AS t0 {' '.join(joins)}"


def _derive_values(engine: Duck, table: str, source: Source, salts: Mapping[str, str]) -> str:
    distinct = f'{source.values_table} AS MATERIALIZED (SELECT DISTINCT "{source.column}" FROM {table})'
    alias = f"derived_{source.number}"
    prints = _fingerprints((f'"{name}"', salt) for name, salt in salts.items())
    extra = f", {_xor([lower for lower, _ in prints])} AS lower_print" if prints else ""
    extra += f", {_xor([upper for _, upper in prints])} AS upper_print" if prints else ""
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE {alias} AS WITH {distinct} SELECT *{extra} FROM ({source.by_value})"
    )
    return alias


def _fingerprints(salted: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """For each SQL value its two halves of 64 bits; an empty cell counts as an empty text."""
    texts = [f"'{salt}' || coalesce(CAST({sql} AS VARCHAR), '')" for sql, salt in salted]
    return [(f"md5_number_lower({text})", f"md5_number_upper({text})") for text in texts]


def _joined(prints: list[tuple[str, str]]) -> str:
    """One UUID out of all halves: exclusive or, and once more MD5 so that nothing of the parts shows."""
    lower, upper = _xor([lower for lower, _ in prints]), _xor([upper for _, upper in prints])
    return f"CAST(md5(concat_ws('-', {lower}, {upper})) AS UUID)"


def _xor(numbers: list[str]) -> str:
    return reduce(lambda left, right: f"xor({left}, {right})", numbers)


def _table_of(value: ir.Value) -> ir.Table:
    (relation,) = value.op().relations
    return relation.to_expr()

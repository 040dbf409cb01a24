"""Finding the rows that may fail, without asking two hundred questions of a million rows.

Most columns repeat few values: there the questions are put to the distinct values, and only the rows that carry
a doubtful one are looked up. Columns of many values are asked row by row, empty ones once and for all.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks import CheckContext, suspicions
from xinheng.catalogue.contract import OPERATION, Contract
from xinheng.engines.compiling import ROW_NO, duckdb_sql, text_table
from xinheng.engines.duck import Duck, of_empty_cells
from xinheng.engines.sharing import columns_of, rebound, share, with_empty
from xinheng.engines.statistics import statistics

ANY_DAY = date(1901, 1, 1)
"""Stands in the kept SQL for the day of receipt, which is put in its place before use."""


@dataclass(frozen=True)
class _Group:
    """The suspicions that read the same columns: as SQL over distinct values, and over rows."""

    number: int
    columns: tuple[str, ...]
    tests: tuple[ir.BooleanValue, ...]
    table: ir.Table

    @property
    def listed(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)

    @property
    def values_table(self) -> str:
        return f"distinct_{self.number}"

    @cached_property
    def by_value(self) -> str:
        values = ibis.table(dict.fromkeys(self.columns, "string"), name=self.values_table)
        return duckdb_sql(self._failing(values).select(*self.columns))

    @cached_property
    def by_row(self) -> str:
        rows = ibis.table({ROW_NO: "int64", **dict.fromkeys(self.columns, "string")}, name="sound")
        return duckdb_sql(self._failing(rows).select(ROW_NO))

    @cached_property
    def doubts_nothing(self) -> bool:
        """Whether empty cells in all its columns are no reason for doubt."""
        return of_empty_cells(self.by_value, self.values_table, self.columns) is None

    def _failing(self, target: ir.Table) -> ir.Table:
        staged, found = share(target, [rebound(test, self.table, target) for test in self.tests], across=True)
        return staged.filter(reduce(or_, found))


def find_suspects(engine: Duck, contract: Contract, context: CheckContext) -> None:
    """Make the table `suspects` out of the view `sound`: every failing row, and few others."""
    held = statistics(engine, "sound", contract.names)
    asserting = OPERATION in contract.names and held.empty([OPERATION])
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE flagged ({ROW_NO} BIGINT)")
    for group in _groups(contract, context.department_codes, asserting=asserting):
        if held.empty(group.columns) and group.doubts_nothing:
            continue
        if held.repeats(group.columns):
            _flag_by_value(engine, group, context.as_at)
        else:
            engine.raw.execute(f"INSERT INTO flagged {on_day(group.by_row, context.as_at)}")
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT * FROM sound WHERE {ROW_NO} IN (SELECT {ROW_NO} FROM flagged)"
    )


def on_day(sql: str, day: date) -> str:
    """Kept SQL with the day of receipt in its place."""
    literal = f"MAKE_DATE({ANY_DAY.year}, {ANY_DAY.month}, {ANY_DAY.day})"
    sql = sql.replace(literal, f"MAKE_DATE({day.year}, {day.month}, {day.day})")
    return sql.replace(ANY_DAY.isoformat(), day.isoformat())


def _flag_by_value(engine: Duck, group: _Group, day: date) -> None:
    distinct = f"{group.values_table} AS MATERIALIZED (SELECT DISTINCT {group.listed} FROM sound)"
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE doubtful AS WITH {distinct} SELECT * FROM ({on_day(group.by_value, day)})"
    )
    if engine.one("SELECT count(*) FROM doubtful")[0]:
        same = " AND ".join(f's."{name}" IS NOT DISTINCT FROM d."{name}"' for name in group.columns)
        engine.raw.execute(f"INSERT INTO flagged SELECT s.{ROW_NO} FROM sound s SEMI JOIN doubtful d ON {same}")


@lru_cache(maxsize=64)
def _groups(contract: Contract, department_codes: frozenset[str], *, asserting: bool) -> tuple[_Group, ...]:
    """The suspicions by the columns they read; `asserting` says that no row of the file withdraws anything."""
    table = text_table("sound", contract.names)
    tests: dict[tuple[str, ...], list[ir.BooleanValue]] = {}
    for test in suspicions(contract, table, CheckContext(ANY_DAY, department_codes)):
        asked = with_empty(test, table, OPERATION) if asserting else test
        if columns := columns_of(asked):
            tests.setdefault(columns, []).append(asked)
    return tuple(_Group(number, columns, tuple(found), table) for number, (columns, found) in enumerate(tests.items()))

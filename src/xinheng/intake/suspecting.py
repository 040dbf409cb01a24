"""Finding the rows that may fail, without asking two hundred questions of a million rows.

Most columns repeat few values: there the questions are put to the distinct values, and only the rows that carry
a doubtful one are looked up. Columns of many values are asked row by row.
"""

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks import CheckContext, suspicions
from xinheng.catalogue.contract import Contract
from xinheng.engines.compiling import ROW_NO, duckdb_sql, text_table
from xinheng.engines.dictionary import repeats_values
from xinheng.engines.duck import Duck
from xinheng.engines.sharing import columns_of, rebound, share


@dataclass(frozen=True)
class _Group:
    """The suspicions that read the same columns: as SQL over distinct values, and over rows."""

    columns: tuple[str, ...]
    distinct: str
    by_value: str
    by_row: str

    @property
    def listed(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)


def find_suspects(engine: Duck, contract: Contract, context: CheckContext) -> None:
    """Make the table `suspects` out of the view `sound`: every failing row, and few others."""
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE flagged ({ROW_NO} BIGINT)")
    for group in _groups(contract, context):
        if repeats_values(engine, "sound", group.columns):
            _flag_by_value(engine, group)
        else:
            engine.raw.execute(f"INSERT INTO flagged {group.by_row}")
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT * FROM sound WHERE {ROW_NO} IN (SELECT {ROW_NO} FROM flagged)"
    )


def _flag_by_value(engine: Duck, group: _Group) -> None:
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE {group.distinct} AS SELECT DISTINCT {group.listed} FROM sound")
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE doubtful AS {group.by_value}")
    if engine.one("SELECT count(*) FROM doubtful")[0]:
        same = " AND ".join(f's."{name}" IS NOT DISTINCT FROM d."{name}"' for name in group.columns)
        engine.raw.execute(f"INSERT INTO flagged SELECT s.{ROW_NO} FROM sound s SEMI JOIN doubtful d ON {same}")
    engine.raw.execute(f"DROP TABLE {group.distinct}")


@lru_cache(maxsize=64)
def _groups(contract: Contract, context: CheckContext) -> tuple[_Group, ...]:
    table = text_table("sound", contract.names)
    tests: dict[tuple[str, ...], list[ir.BooleanValue]] = {}
    for test in suspicions(contract, table, context):
        columns = columns_of(test)
        if columns:
            tests.setdefault(columns, []).append(test)
    return tuple(_group(number, columns, found, table) for number, (columns, found) in enumerate(tests.items()))


def _group(number: int, columns: tuple[str, ...], tests: list[ir.BooleanValue], table: ir.Table) -> _Group:
    name = f"distinct_{number}"
    texts = dict.fromkeys(columns, "string")
    values = ibis.table(texts, name=name)
    rows = ibis.table({ROW_NO: "int64", **texts}, name="sound")
    return _Group(
        columns=columns,
        distinct=name,
        by_value=duckdb_sql(_failing(values, tests, table).select(*columns)),
        by_row=duckdb_sql(_failing(rows, tests, table).select(ROW_NO)),
    )


def _failing(target: ir.Table, tests: list[ir.BooleanValue], table: ir.Table) -> ir.Table:
    staged, found = share(target, [rebound(test, table, target) for test in tests], across=True)
    return staged.filter(reduce(or_, found))

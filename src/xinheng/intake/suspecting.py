"""Finding the rows that may fail, without asking two hundred questions of a million rows.

Most columns repeat few values: there the questions are put to the distinct values, and only the rows that carry
a doubtful one are looked up. Columns of many values are asked row by row, empty ones once and for all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

from xinheng.catalogue.checks import CheckContext, suspicions
from xinheng.catalogue.contract import OPERATION, Contract
from xinheng.engines.compiling import ROW_NO, text_table
from xinheng.engines.duck import Duck, of_empty_cells
from xinheng.engines.sharing import columns_of
from xinheng.engines.staging import Written, written
from xinheng.engines.statistics import statistics
from xinheng.intake.kept_sql import kept

ANY_DAY, ANY_DEPARTMENT = date(1901, 1, 1), "any department"
"""Stand in the kept SQL for the day of receipt and the codes of departments, put in their place before use."""


@dataclass(frozen=True)
class _Group:
    """The suspicions that read the same columns: as queries of the doubtful ones among distinct values, and rows."""

    number: int
    columns: Sequence[str]
    by_value: str
    by_row: str
    doubts_nothing: bool
    """Whether empty cells in all its columns are no reason for doubt."""

    @property
    def listed(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)

    @property
    def values_table(self) -> str:
        return _values_table(self.number)


def find_suspects(engine: Duck, contract: Contract, context: CheckContext) -> None:
    """Make the table `suspects` out of the view `sound`: every failing row, and few others."""
    held = statistics(engine, "sound", contract.names)
    asserting = OPERATION in contract.names and held.empty([OPERATION])
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE flagged ({ROW_NO} BIGINT)")
    for group in _groups(contract, any_like(context), asserting=asserting):
        if held.empty(group.columns) and group.doubts_nothing:
            continue
        if held.repeats(group.columns):
            _flag_by_value(engine, group, context)
        else:
            engine.raw.execute(f"INSERT INTO flagged {in_context(group.by_row, context)}")
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT * FROM sound WHERE {ROW_NO} IN (SELECT {ROW_NO} FROM flagged)"
    )


def any_like(context: CheckContext) -> CheckContext:
    """What the kept SQL is written for: it only knows whether there are departments at all."""
    return CheckContext(ANY_DAY, frozenset({ANY_DEPARTMENT}) if context.department_codes else frozenset())


def in_context(sql: str, context: CheckContext) -> str:
    """Kept SQL with the day of receipt and the codes of departments in their place."""
    day = context.as_at
    sql = sql.replace(
        f"MAKE_DATE({ANY_DAY.year}, {ANY_DAY.month}, {ANY_DAY.day})", f"MAKE_DATE({day.year}, {day.month}, {day.day})"
    )
    quoted = ["'" + code.replace("'", "''") + "'" for code in sorted(context.department_codes)]
    return sql.replace(ANY_DAY.isoformat(), day.isoformat()).replace(f"'{ANY_DEPARTMENT}'", ", ".join(quoted))


def _flag_by_value(engine: Duck, group: _Group, context: CheckContext) -> None:
    # A table and no CTE, into which DuckDB pushes the tests, to be asked of every row after all.
    engine.raw.execute(f"CREATE TEMP TABLE {group.values_table} AS SELECT DISTINCT {group.listed} FROM sound")
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE doubtful AS {in_context(group.by_value, context)}")
    engine.raw.execute(f"DROP TABLE {group.values_table}")
    if engine.one("SELECT count(*) FROM doubtful")[0]:
        same = " AND ".join(f's."{name}" IS NOT DISTINCT FROM d."{name}"' for name in group.columns)
        engine.raw.execute(f"INSERT INTO flagged SELECT s.{ROW_NO} FROM sound s SEMI JOIN doubtful d ON {same}")


@lru_cache(maxsize=128)
def _groups(contract: Contract, context: CheckContext, *, asserting: bool) -> tuple[_Group, ...]:
    """The suspicions by the columns they read; `asserting` says that no row of the file withdraws anything."""
    name = f"suspicions-{len(context.department_codes)}-{'asserting' if asserting else 'mixed'}"
    found = kept(name, contract, lambda: [asdict(group) for group in _written(contract, context, asserting=asserting)])
    return tuple(_Group(**group) for group in found)


def _written(contract: Contract, context: CheckContext, *, asserting: bool) -> list[_Group]:
    table = text_table("sound", contract.names)
    suspected = suspicions(contract, table, context)
    sql, read = written(table, suspected), [columns_of(test) for test in suspected]
    if asserting:
        sql = sql.with_empty(OPERATION)
        read = [tuple(name for name in columns if name != OPERATION) for columns in read]
    tests: dict[tuple[str, ...], list[int]] = {}
    for number, columns in enumerate(read):
        if columns:
            tests.setdefault(columns, []).append(number)
    doubts = _doubts_of_nothing(sql, tests)
    return [
        _group(number, columns, sql, tests[columns], doubts_nothing=not doubts[number])
        for number, columns in enumerate(tests)
    ]


def _group(number: int, columns: tuple[str, ...], sql: Written, tests: list[int], *, doubts_nothing: bool) -> _Group:
    of_values = sql.staged(_values_table(number), columns, tests, across=True)
    of_rows = sql.staged("sound", (ROW_NO, *columns), tests, across=True)
    listed = ", ".join(f't0."{name}"' for name in columns)
    return _Group(
        number,
        columns,
        f"SELECT {listed} FROM {of_values.query} WHERE {_any(of_values.values)}",
        f"SELECT t0.{ROW_NO} FROM {of_rows.query} WHERE {_any(of_rows.values)}",
        doubts_nothing,
    )


def _doubts_of_nothing(sql: Written, tests: Mapping[tuple[str, ...], list[int]]) -> tuple[bool, ...]:
    """For each group whether empty cells are doubtful."""
    columns = sorted({name for group in tests for name in group})
    numbers = [number for group in tests.values() for number in group]
    staged = sql.staged("nothing", columns, numbers)
    texts = dict(zip(numbers, staged.values, strict=True))
    doubts = [f"coalesce({_any([texts[number] for number in group])}, false)" for group in tests.values()]
    return of_empty_cells(f"SELECT {', '.join(doubts)} FROM {staged.query}", "nothing", columns)


def _values_table(number: int) -> str:
    return f"distinct_{number}"


def _any(tests: Iterable[str]) -> str:
    return " OR ".join(f"({test})" for test in tests)

"""Judging landed rows: which fail, in which column, by which check; the payload is not touched.

One cheap pass over all rows finds the suspects; every check is then asked in detail about those alone. A handful
of rows is judged by the plain-Python reference instead, which needs no planning; a test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.checks.reference import findings
from xinheng.catalogue.checks.validation import TABLE, Validation, told
from xinheng.catalogue.contract import Contract
from xinheng.engines.compiling import ROW_NO, text_table
from xinheng.engines.duck import Duck
from xinheng.engines.staging import written
from xinheng.intake.kept_sql import kept
from xinheng.intake.reading import Landed
from xinheng.intake.reading.landed import BROKEN, REST
from xinheng.intake.suspecting import any_like, find_suspects, in_context

ROW_SHAPE = "V02"
"""The check that a row of the wrong shape fails; its findings name no column."""
SMALL_FILE = 2_000
"""So many rows are judged faster one by one than searched for suspects."""
FEW_SUSPECTS = 10_000
"""So many suspects are judged faster one by one than planned for."""


@dataclass(frozen=True)
class _Detail:
    """SQL that gives (row_no, finding) for every condition a suspect fails, and all findings there may be."""

    sql: str
    findings: Sequence[str]


def open_rows(engine: Duck, landed: Landed, contract: Contract, mapping: dict[int, str]) -> None:
    """Make the view `rows`: the landed rows under the contract's field names, without blank ones.

    `mapping` says which source column is which field; columns nobody delivered are NULL.
    """
    engine.numbered("landed", landed.path, first=landed.first_row)
    source = {field: f"c{index}" for index, field in mapping.items()}
    fields = ", ".join(f'{source.get(name, "NULL::VARCHAR")} AS "{name}"' for name in contract.names)
    filled = ", ".join([*landed.columns, REST, BROKEN])
    # Looked for once: a filter in the view would make every later query read every column.
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE blank AS SELECT row_no FROM landed WHERE coalesce({filled}) IS NULL"
    )
    engine.raw.execute(
        f"CREATE OR REPLACE VIEW rows AS SELECT row_no, {BROKEN}, {fields} FROM landed {_without(engine, 'blank')}"
    )


def _without(engine: Duck, table: str) -> str:
    """SQL that leaves out the rows listed in a table, and nothing at all when it is empty."""
    if not engine.one(f"SELECT count(*) FROM {table}")[0]:
        return ""
    return f"WHERE row_no NOT IN (SELECT row_no FROM {table})"


def judge(engine: Duck, contract: Contract, context: CheckContext) -> None:
    """Fill the tables `findings` (row_no, check_id, column_name, variant, level) and `bad` (refused rows)."""
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE misshapen AS SELECT row_no FROM rows WHERE {BROKEN} IS NOT NULL")
    engine.raw.execute(
        f"CREATE OR REPLACE VIEW sound AS SELECT * EXCLUDE ({BROKEN}) FROM rows {_without(engine, 'misshapen')}"
    )
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE findings AS "
        f"SELECT row_no, '{ROW_SHAPE}' AS check_id, '' AS column_name, {BROKEN} AS variant, 'error' AS level "
        f"FROM rows WHERE {BROKEN} IS NOT NULL"
    )
    if int(engine.one("SELECT count(*) FROM sound")[0]) <= SMALL_FILE:
        _judge_one_by_one(engine, contract, context, "sound")
    else:
        find_suspects(engine, contract, context)
        if int(engine.one("SELECT count(*) FROM suspects")[0]) <= FEW_SUSPECTS:
            _judge_one_by_one(engine, contract, context, "suspects")
        else:
            _judge_as_sets(engine, contract, context)
    refresh_bad(engine)


def refresh_bad(engine: Duck) -> None:
    """Recompute `bad` after findings were added."""
    engine.raw.execute("CREATE OR REPLACE TEMP TABLE bad AS SELECT DISTINCT row_no FROM findings WHERE level = 'error'")


def add_findings(engine: Duck, select: str) -> None:
    """Add the findings a relational step came to (columns as in `findings`)."""
    engine.raw.execute(f"INSERT INTO findings {select}")


def _judge_one_by_one(engine: Duck, contract: Contract, context: CheckContext, table: str) -> None:
    listed = ", ".join(f'"{name}"' for name in contract.names)
    found = []
    for row_no, *cells in engine.rows(f"SELECT row_no, {listed} FROM {table}"):
        row = dict(zip(contract.names, cells, strict=True))
        for finding in findings(contract, row, context):
            found.append([row_no, finding.check, finding.column, finding.variant, finding.level])
    engine.add("findings", found)


def _judge_as_sets(engine: Duck, contract: Contract, context: CheckContext) -> None:
    detail = _detail(contract, any_like(context))
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE conditions "
        "(finding VARCHAR, check_id VARCHAR, column_name VARCHAR, variant VARCHAR, level VARCHAR)"
    )
    engine.add("conditions", [[finding, *told(finding)] for finding in detail.findings])
    engine.raw.execute(
        f"INSERT INTO findings SELECT row_no, check_id, column_name, variant, level "
        f"FROM ({in_context(detail.sql, context)}) JOIN conditions USING (finding)"
    )


@lru_cache(maxsize=64)
def _detail(contract: Contract, context: CheckContext) -> _Detail:
    name = f"detail-{len(context.department_codes)}"
    return _Detail(**kept(name, contract, lambda: asdict(_written(contract, context))))


def _written(contract: Contract, context: CheckContext) -> _Detail:
    question = Validation(contract, context)
    failing = [condition.failing for condition in question.conditions]
    staged = written(text_table(TABLE, contract.names), failing).staged(
        "suspects", (ROW_NO, *contract.names), range(len(failing))
    )
    hits = [
        f"CASE WHEN {test} THEN '{finding}' END" for test, finding in zip(staged.values, question.findings, strict=True)
    ]
    found = f"SELECT t0.{ROW_NO}, unnest([{', '.join(hits)}]) AS finding FROM {staged.query}"
    return _Detail(f"SELECT {ROW_NO}, finding FROM ({found}) WHERE finding IS NOT NULL", question.findings)

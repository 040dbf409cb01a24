"""Judging landed rows: which fail, in which column, by which check; the payload is not touched.

One cheap pass over all rows finds the suspects; every check is then asked in detail about those alone.
"""

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks import CheckContext, Condition, conditions_for, suspects
from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.intake.reading import Landed
from xinheng.intake.reading.landed import BROKEN

ROW_SHAPE = "V02"
"""The check that a row of the wrong shape fails; its findings name no column."""

FINDINGS = "findings"
"""Table of row_no, check_id, column_name, variant, level."""


def open_rows(engine: Duck, landed: Landed, contract: Contract, mapping: dict[int, str]) -> ir.Table:
    """The landed rows under the contract's field names; columns nobody delivered are NULL, blank rows are gone.

    `mapping` says which source column is which field. The view is called `rows`.
    """
    engine.numbered("landed", landed.path, first=landed.first_row)
    source = {field: f"c{index}" for index, field in mapping.items()}
    fields = ", ".join(
        f'{source[name]} AS "{name}"' if name in source else f'NULL::VARCHAR AS "{name}"' for name in contract.names
    )
    filled = ", ".join([*landed.columns, "rest", BROKEN])
    engine.raw.execute(
        f"CREATE OR REPLACE VIEW rows AS SELECT row_no, {BROKEN}, {fields} FROM landed "
        f"WHERE coalesce({filled}) IS NOT NULL"
    )
    return engine.ibis.table("rows")


def judge(engine: Duck, contract: Contract, rows: ir.Table, context: CheckContext) -> None:
    """Fill the tables `findings` and `bad` (the rows that are refused)."""
    sound = rows.filter(rows[BROKEN].isnull()).drop(BROKEN)
    suspected = engine.keep("suspects", sound.filter(suspects(contract, sound, context)))
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE {FINDINGS} AS "
        f"SELECT row_no, '{ROW_SHAPE}' AS check_id, '' AS column_name, {BROKEN} AS variant, 'error' AS level "
        f"FROM rows WHERE {BROKEN} IS NOT NULL"
    )
    conditions = conditions_for(contract, suspected, context)
    if conditions:
        _keep_conditions(engine, conditions)
        hits = suspected.select("row_no", hit=_hits(conditions).unnest()).filter(ibis._.hit.notnull())
        engine.raw.execute(
            f"INSERT INTO {FINDINGS} SELECT row_no, check_id, column_name, variant, level "
            f"FROM ({engine.ibis.compile(hits)}) JOIN conditions USING (hit)"
        )
    refresh_bad(engine)


def refresh_bad(engine: Duck) -> None:
    """Recompute `bad` after findings were added."""
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE bad AS SELECT DISTINCT row_no FROM {FINDINGS} WHERE level = 'error'"
    )


def add_findings(engine: Duck, select: str) -> None:
    """Add the findings a relational step came to (columns as in `findings`)."""
    engine.raw.execute(f"INSERT INTO {FINDINGS} {select}")


def _hits(conditions: list[Condition]) -> ir.ArrayValue:
    nothing = ibis.null("int32")
    return ibis.array(
        [
            ibis.ifelse(condition.failing, ibis.literal(number, "int32"), nothing)
            for number, condition in enumerate(conditions)
        ]
    )


def _keep_conditions(engine: Duck, conditions: list[Condition]) -> None:
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE conditions "
        "(hit INTEGER, check_id VARCHAR, column_name VARCHAR, variant VARCHAR, level VARCHAR)"
    )
    engine.raw.executemany(
        "INSERT INTO conditions VALUES (?, ?, ?, ?, ?)",
        [[n, c.check, c.column, c.variant, c.level] for n, c in enumerate(conditions)],
    )

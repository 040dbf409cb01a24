"""Repeats and what is known already: each statement is new, amended, unchanged, withdrawn, returned or refused.

Makes the table `outcomes` (row_no, outcome, record_no, version, old_id, old_subject_no, first_received_at);
`old_subject_no` is the subject of the open version where that is settled.
"""

from functools import cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from xinheng.base.postgres.bulk import copy_out, temporary_table
from xinheng.catalogue.contract import Contract
from xinheng.effects.models import NEVER_RETURNS
from xinheng.engines.business_keys import (
    AMENDED,
    KNOWN,
    NEW,
    NOTHING_TO_WITHDRAW,
    OTHER_DEPARTMENT,
    RETURNED,
    STATEMENTS,
    UNCHANGED,
    WITHDRAWN_NOW,
    outcomes,
    refusals,
    repeats,
)
from xinheng.engines.compiling import typed_duckdb_sql
from xinheng.engines.duck import Duck
from xinheng.intake.checking import add_findings, refresh_bad
from xinheng.intake.ledger_keys import known_in_ledger
from xinheng.register.lookup import OPEN_VERSIONS, WITHDRAWN, open_versions, withdrawn_versions

__all__ = ["AMENDED", "NEW", "RETURNED", "UNCHANGED", "WITHDRAWN_NOW", "compare", "hold_look_alikes", "refuse_repeats"]

ANY_DEPARTMENT = 4_000_000_000_000_000_000
"""Stands in the kept SQL for the department that sends, whose number is put in its place before use."""


def refuse_repeats(engine: Duck, contract: Contract) -> None:
    """Within one file a key stands once: later rows with the same key become V11 errors."""
    engine.raw.execute(
        "CREATE OR REPLACE VIEW all_keys AS SELECT row_no, CAST(key_hash AS VARCHAR) AS key_hash FROM "
        "(SELECT row_no, key_hash FROM statements UNION ALL SELECT row_no, key_hash FROM persons)"
    )
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE repeats AS {_repeats_sql()}")
    refuse(engine, "SELECT row_no FROM repeats", "V11", _key_column(contract), "")


@cache
def _repeats_sql() -> str:
    return typed_duckdb_sql(repeats(ibis.table({"row_no": "int64", "key_hash": "string"}, name="all_keys")))


def compare(engine: Duck, cursor: Any, contract: Contract, *, region_id: int, department_id: int, folder: Path) -> None:
    """Make `outcomes`, and refuse withdrawals of what is not there and keys of another department."""
    if contract.register:
        _known_in_register(engine, cursor, contract, folder)
    else:
        known_in_ledger(engine, contract, region_id=region_id)
    refused = _refusals_sql().replace(str(ANY_DEPARTMENT), str(department_id))
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE refused AS {refused}")
    for outcome in (OTHER_DEPARTMENT, NOTHING_TO_WITHDRAW):
        rows = f"SELECT row_no FROM refused WHERE outcome = '{outcome}'"
        refuse(engine, rows, "V11", _key_column(contract), outcome)
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE outcomes AS {_outcomes_sql(returns=contract.register)}")


@cache
def _refusals_sql() -> str:
    return typed_duckdb_sql(refusals(*_tables(), ANY_DEPARTMENT))


@cache
def _outcomes_sql(*, returns: bool) -> str:
    return typed_duckdb_sql(outcomes(*_tables(), returns=returns))


def _tables() -> tuple[ir.Table, ir.Table]:
    return ibis.table(STATEMENTS, name="statements"), ibis.table(KNOWN, name="open_versions")


def _known_in_register(engine: Duck, cursor: Any, contract: Contract, folder: Path) -> None:
    keys, answer = folder / "keys.csv", folder / "open.csv"
    engine.raw.execute(f"COPY (SELECT key_hash FROM statements) TO '{keys}' (FORMAT csv, HEADER false)")
    open_versions(cursor, type=contract.key, keys=keys, answer=answer)
    kinds = ["UUID", "UUID", "BIGINT", "BIGINT", "INTEGER", "BOOLEAN", "BIGINT", "VARCHAR", "BIGINT", "VARCHAR"]
    kinds.append("VARCHAR")
    read_answer(engine, "open_versions", answer, dict(zip(OPEN_VERSIONS, kinds, strict=True)))


def hold_look_alikes(engine: Duck, cursor: Any, contract: Contract, *, folder: Path) -> None:
    """What was withdrawn does not come back with a changed character: such rows are `returned`.

    A new row looks alike when the same authority's withdrawn record has a document number at most one
    character away, or speaks of the same subject and day; records withdrawn by this very file count as well, and
    records whose publication ended by a repair or an upheld objection. Needs `links` (who the subject is).
    """
    answer, ended = folder / "withdrawn.csv", folder / "ended.csv"
    roles = contract.roles
    if not roles.decision_no:
        return
    known = withdrawn_versions(cursor, type=contract.key, answer=answer)
    known += ended_versions(cursor, type=contract.key, answer=ended)
    now_withdrawn = engine.one(f"SELECT count(*) FROM outcomes WHERE outcome = '{WITHDRAWN_NOW}'")[0]
    if not known and not now_withdrawn:
        return
    kinds = ["VARCHAR", "VARCHAR", "BIGINT", "DATE", "BIGINT"]
    columns = dict(zip(WITHDRAWN, kinds, strict=True))
    read_answer(engine, "withdrawn_versions", answer, columns)
    read_answer(engine, "ended_versions", ended, columns)
    engine.raw.execute("INSERT INTO withdrawn_versions SELECT * FROM ended_versions")
    authority = f's."{roles.authority_code}" = w.authority_code' if roles.authority_code else "true"
    decided = f's."{roles.decided_on}" = w.decided_on' if roles.decided_on else "false"
    number = f's."{roles.decision_no}"'
    stated = ", ".join(
        f's."{name}"' if name else "NULL" for name in (roles.authority_code, roles.decision_no, roles.decided_on)
    )
    engine.raw.execute(
        f"""
        INSERT INTO withdrawn_versions (authority_code, decision_no, decided_on, subject_no)
        SELECT {stated}, l.subject_no FROM statements s JOIN links l USING (row_no) JOIN outcomes o USING (row_no)
        WHERE o.outcome = '{WITHDRAWN_NOW}'
        """
    )
    engine.raw.execute(
        f"""
        UPDATE outcomes SET outcome = '{RETURNED}' WHERE outcome = '{NEW}' AND row_no IN (
            SELECT s.row_no FROM (SELECT row_no FROM outcomes WHERE outcome = '{NEW}') AS fresh
            JOIN statements s USING (row_no)
            JOIN links l USING (row_no)
            JOIN withdrawn_versions w ON {authority}
            WHERE (l.subject_no = w.subject_no AND {decided})
               OR (abs(length({number}) - length(w.decision_no)) <= 1
                   AND levenshtein({number}, w.decision_no) <= 1))
        """
    )


def ended_versions(cursor: Any, *, type: str, answer: Path) -> int:
    """Write whose publication ended by a repair or an upheld objection (`WITHDRAWN`); whether there are any."""
    columns = ", ".join(f"r.{name}" for name in WITHDRAWN)
    # In steps with statistics of their own: as one statement the large tables were joined row by row, 14 s long.
    with temporary_table(cursor, "record_id bigint") as ended, temporary_table(cursor, "record_no bigint") as barred:
        cursor.execute(
            f"INSERT INTO {ended} SELECT e.record_id FROM effects_effect e WHERE e.kind = 'publication' "
            "AND e.ended_at IS NOT NULL AND e.end_reason = ANY(%s) "
            "AND NOT EXISTS (SELECT 1 FROM effects_effect n WHERE n.restores_id = e.id)",
            [[reason.value for reason in NEVER_RETURNS]],
        )
        cursor.execute(f"ANALYZE {ended}")
        cursor.execute(
            f"INSERT INTO {barred} SELECT DISTINCT p.record_no FROM {ended} e "
            "JOIN register_record p ON p.id = e.record_id WHERE p.type = %s",
            [type],
        )
        cursor.execute(f"ANALYZE {barred}")
        copy_out(
            cursor,
            f"SELECT {columns} FROM {barred} b JOIN register_record r ON r.record_no = b.record_no "
            "WHERE r.known_to IS NULL AND NOT r.withdrawn AND r.gate <> 'returned'",
            answer,
        )
    return answer.stat().st_size


def read_answer(engine: Duck, name: str, path: Path, columns: dict[str, str]) -> None:
    """An answer of the register as a table of the engine."""
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_csv('{path}', auto_detect = false, "
        f"header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', columns = {{{listed}}})"
    )


def refuse(engine: Duck, rows: str, check: str, column: str, variant: str) -> None:
    """Refuse the rows that a select names (`row_no`), with the finding as it is told to the department."""
    add_findings(engine, f"SELECT row_no, '{check}', '{column}', '{variant}', 'error' FROM ({rows})")
    refresh_bad(engine)
    for table in ("statements", "persons"):
        engine.raw.execute(f"DELETE FROM {table} WHERE row_no IN (SELECT row_no FROM bad)")


def _key_column(contract: Contract) -> str:
    return contract.roles.decision_no or contract.roles.subject_code or contract.roles.subject_name

"""V16 over a whole file: rows of special information whose subject does not authorise them are refused.

PostgreSQL says which numbers are in doubt, and of those what exactly was authorised. It is asked in the committing
transaction, so that an authorisation revoked meanwhile lets nothing in.
"""

from datetime import date
from pathlib import Path
from typing import Any

from xinheng.authorisations.coverage import COVERS, write_coverage, write_doubtful
from xinheng.catalogue.checks.v16_authorisation import NONE, NOT_IN_FORCE, OUTSIDE_PERIOD
from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.intake.comparing import read_answer, refuse

CHECK = "V16"
AUTHORISED = "authorised"
"""The publicity class of what comes in by authorisation only."""
_SPAN = "CASE WHEN bool_and(day IS NOT NULL) THEN min(day) END, max(day)"
"""First and last day of a number's rows; no first day where a row has none, since then nothing covers them all."""


def refuse_unauthorised(
    engine: Duck, cursor: Any, contract: Contract, *, region_id: int, today: date, folder: Path
) -> None:
    """Refuse every stated row outside the classes, the days or the facts that its subject authorised.

    Withdrawals need no authorisation: they only make less known.
    """
    if contract.publicity != AUTHORISED:
        return
    code, day = contract.roles.subject_code, contract.roles.decided_on
    engine.raw.execute(
        f'CREATE OR REPLACE VIEW claims AS SELECT row_no, "{code}" AS code, CAST("{day}" AS DATE) AS day '
        "FROM statements WHERE NOT withdrawn"
    )
    asked, answer = folder / "authorised_asked.csv", folder / "authorised.csv"
    _write(engine, f"SELECT code, {_SPAN} FROM claims WHERE code IS NOT NULL GROUP BY code", asked)
    write_doubtful(cursor, region_id=region_id, type=contract.key, today=today, spans=asked, answer=answer)
    read_answer(engine, "doubtful", answer, {"value": "VARCHAR"})
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE in_doubt AS SELECT * FROM claims "
        "WHERE code IS NULL OR code IN (SELECT value FROM doubtful)"
    )
    if not engine.one("SELECT count(*) FROM in_doubt")[0]:
        return
    _write(engine, "SELECT value FROM doubtful", asked)
    write_coverage(cursor, region_id=region_id, type=contract.key, today=today, codes=asked, answer=answer)
    read_answer(engine, "coverage", answer, dict(zip(COVERS, ("VARCHAR", "DATE", "DATE", "BOOLEAN"), strict=True)))
    find_unauthorised(engine)
    for variant, column in ((NONE, code), (NOT_IN_FORCE, code), (OUTSIDE_PERIOD, day)):
        refuse(engine, f"SELECT row_no FROM unauthorised WHERE variant = '{variant}'", CHECK, column, variant)


def _write(engine: Duck, select: str, path: Path) -> None:
    engine.raw.execute(f"COPY ({select}) TO '{path}' (FORMAT csv, HEADER false, NULLSTR '\\N')")


def find_unauthorised(engine: Duck) -> None:
    """Make `unauthorised` (row_no, variant) out of `in_doubt` (row_no, code, day) and `coverage`."""
    engine.raw.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE unauthorised AS
        SELECT s.row_no, CASE WHEN any_value(c.value) IS NULL THEN '{NONE}'
                              WHEN NOT bool_or(c.in_force) THEN '{NOT_IN_FORCE}'
                              ELSE '{OUTSIDE_PERIOD}' END AS variant
        FROM (SELECT row_no, code FROM in_doubt WHERE row_no NOT IN (
                SELECT row_no FROM in_doubt s JOIN coverage c
                  ON c.value = s.code AND c.in_force AND s.day BETWEEN c.facts_from AND c.until)) s
        LEFT JOIN coverage c ON c.value = s.code
        GROUP BY s.row_no
        """
    )

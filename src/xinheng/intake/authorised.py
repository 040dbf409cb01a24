"""V16 over a whole file: rows of special information whose subject does not authorise them are refused.

A million rows meet the small table of authorisations in one join. It is asked in the committing transaction, so that
an authorisation revoked meanwhile lets nothing in.
"""

from datetime import date
from pathlib import Path
from typing import Any

from xinheng.authorisations.coverage import COVERS, write_coverage
from xinheng.catalogue.checks.v16_authorisation import NONE, NOT_IN_FORCE, OUTSIDE_PERIOD
from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.intake.comparing import read_answer, refuse

CHECK = "V16"
AUTHORISED = "authorised"
"""The publicity class of what comes in by authorisation only."""


def refuse_unauthorised(
    engine: Duck, cursor: Any, contract: Contract, *, region_id: int, today: date, folder: Path
) -> None:
    """Refuse every stated row outside the classes, the days or the facts that its subject authorised.

    Withdrawals need no authorisation: they only make less known.
    """
    if contract.publicity != AUTHORISED:
        return
    code, day = contract.roles.subject_code, contract.roles.decided_on
    codes, answer = folder / "codes.csv", folder / "authorised.csv"

    def ask(rows: str, table: str, *, through_register: bool) -> None:
        engine.raw.execute(
            f'COPY (SELECT DISTINCT "{code}" FROM {rows} WHERE "{code}" IS NOT NULL) TO \'{codes}\' '
            "(FORMAT csv, HEADER false)"
        )
        write_coverage(
            cursor, region_id=region_id, type=contract.key, today=today, codes=codes, answer=answer,
            through_register=through_register,
        )  # fmt: skip
        read_answer(engine, table, answer, dict(zip(COVERS, ("VARCHAR", "DATE", "DATE", "BOOLEAN"), strict=True)))

    ask("statements", "coverage", through_register=False)
    find_unauthorised(engine, code=code, day=day)
    if engine.one("SELECT count(*) FROM unauthorised")[0]:
        ask("statements JOIN unauthorised USING (row_no)", "of_bearers", through_register=True)
        engine.raw.execute("INSERT INTO coverage SELECT * FROM of_bearers")
        find_unauthorised(engine, code=code, day=day)
    for variant, column in ((NONE, code), (NOT_IN_FORCE, code), (OUTSIDE_PERIOD, day)):
        refuse(engine, f"SELECT row_no FROM unauthorised WHERE variant = '{variant}'", CHECK, column, variant)


def find_unauthorised(engine: Duck, *, code: str, day: str) -> None:
    """Make `unauthorised` (row_no, variant) out of `statements` and `coverage`."""
    engine.raw.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE unauthorised AS
        SELECT s.row_no, CASE WHEN any_value(c.value) IS NULL THEN '{NONE}'
                              WHEN NOT bool_or(c.in_force) THEN '{NOT_IN_FORCE}'
                              ELSE '{OUTSIDE_PERIOD}' END AS variant
        FROM (SELECT row_no, "{code}" AS code FROM statements WHERE NOT withdrawn AND row_no NOT IN (
                SELECT row_no FROM statements s JOIN coverage c
                  ON c.value = s."{code}" AND c.in_force AND s."{day}" BETWEEN c.facts_from AND c.until)) s
        LEFT JOIN coverage c ON c.value = s.code
        GROUP BY s.row_no
        """
    )

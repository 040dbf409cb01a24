"""Who a statement speaks of: by credit code, by an older number, by the exact name; else a question for a person.

Makes `links` (row_no, subject_no, method, candidates, differs) and `newcomers`, the organisations that
nobody knew before: a valid credit code is enough to open an archive, a name alone never is.
"""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from xinheng.base.identifiers.credit_code import FORMAT, PLACEHOLDER
from xinheng.catalogue import values
from xinheng.catalogue.contract import Contract
from xinheng.engines.compiling import typed_duckdb_sql
from xinheng.engines.duck import Duck
from xinheng.engines.linking import BETWEEN_NAMES, Linking, by_older_numbers, links
from xinheng.intake.comparing import read_answer
from xinheng.register.lookup import SUBJECTS_BY_NAME, SUBJECTS_BY_NUMBER, subjects_by_name, subjects_by_number
from xinheng.register.numbering import Sequence, allocate

ORGANISATION = "organisation"
"""The record type that registers organisations; only it may open an archive without a credit code."""

NUMBER_KINDS = {
    "business_reg_no": "registration_no",
    "registration_no": "registration_no",
    "old_registration_no": "registration_no",
    "org_code": "organisation_code",
    "organisation_code": "organisation_code",
    "tax_reg_no": "tax_no",
    "institution_cert_no": "institution_no",
    "social_org_reg_no": "social_no",
}
"""Which kind of identifier a contract's column of older numbers holds."""


def link(engine: Duck, cursor: Any, contract: Contract, *, folder: Path) -> None:
    """Make `links` and `newcomers` for all statements."""
    _numbers(engine, contract)
    _ask_by_number(engine, cursor, folder)
    _ask_by_name(engine, cursor, contract, folder)
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE links AS {_links_sql()}")
    _open_archives(engine, contract)


def _numbers(engine: Duck, contract: Contract) -> None:
    """`subjects` (row_no, credit_code, name_key, subject_name) and `numbers` (row_no, kind, value)."""
    roles = contract.roles
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE subjects AS {_subjects_sql(contract)}")
    parts = ["SELECT row_no, 'credit_code' AS kind, credit_code AS value FROM subjects"]
    if roles.subject_code:
        column = f'"{roles.subject_code}"'
        parts.append(
            f"SELECT row_no, 'registration_no', {column} FROM statements "
            f"WHERE regexp_matches({column}, '^[0-9A-Z]{{13,15}}$')"
        )
        parts.append(f"SELECT row_no, 'organisation_code', {column} FROM statements WHERE length({column}) = 9")
    for field in roles.other_codes:
        if field in NUMBER_KINDS:
            parts.append(f"SELECT row_no, '{NUMBER_KINDS[field]}', \"{field}\" FROM statements")
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE numbers AS SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE value IS NOT NULL"
    )


@lru_cache(maxsize=64)
def _subjects_sql(contract: Contract) -> str:
    """SQL of each statement's subject as the row names it."""
    roles = contract.roles
    read = [name for name in (roles.subject_name, roles.subject_code) if name]
    table = ibis.table({"row_no": "int64", **dict.fromkeys(read, "string")}, name="statements")
    # A department's count of its acts speaks of no organisation.
    name = table[roles.subject_name] if roles.subject_name else ibis.literal("")
    columns = {"subject_name": name.fill_null(""), "name_key": values.name_key(name).fill_null("")}
    if not roles.subject_code:
        named = typed_duckdb_sql(table.select("row_no", **columns))
        return f"SELECT *, NULL::VARCHAR AS credit_code FROM ({named})"
    code = table[roles.subject_code]
    genuine = code.fill_null("").re_search(f"^{FORMAT.pattern}\\z") & (code != PLACEHOLDER)
    columns["credit_code"] = genuine.fill_null(False).ifelse(code, None).cast("string")
    return typed_duckdb_sql(table.select("row_no", **columns))


def _ask_by_number(engine: Duck, cursor: Any, folder: Path) -> None:
    numbers, answer = folder / "numbers.csv", folder / "subjects.csv"
    engine.raw.execute(f"COPY (SELECT DISTINCT kind, value FROM numbers) TO '{numbers}' (FORMAT csv, HEADER false)")
    subjects_by_number(cursor, numbers=numbers, answer=answer)
    kinds = ["VARCHAR", "VARCHAR", "BIGINT", "BOOLEAN", "VARCHAR"]
    read_answer(engine, "bearers", answer, dict(zip(SUBJECTS_BY_NUMBER, kinds, strict=True)))
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE known_numbers AS "
        f"SELECT * EXCLUDE (name_key), string_agg(name_key, '{BETWEEN_NAMES}') AS name_keys FROM bearers GROUP BY ALL"
    )
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE old_numbers AS {_older_sql()}")


def _ask_by_name(engine: Duck, cursor: Any, contract: Contract, folder: Path) -> None:
    names, answer = folder / "names.csv", folder / "names_known.csv"
    engine.raw.execute(
        "COPY (SELECT DISTINCT name_key FROM subjects WHERE credit_code IS NULL AND name_key <> '' "
        f"AND row_no NOT IN (SELECT row_no FROM old_numbers)) TO '{names}' (FORMAT csv, HEADER false)"
    )
    subjects_by_name(cursor, names=names, answer=answer)
    read_answer(
        engine, "known_names", answer, dict(zip(SUBJECTS_BY_NAME, ["VARCHAR", "BIGINT", "VARCHAR"], strict=True))
    )


@cache
def _older_sql() -> str:
    subjects, numbers, known, _ = _tables()
    return typed_duckdb_sql(by_older_numbers(subjects, numbers, known))


@cache
def _links_sql() -> str:
    subjects, numbers, known, names = _tables()
    older = ibis.table(by_older_numbers(subjects, numbers, known).schema(), name="old_numbers")
    return typed_duckdb_sql(links(subjects, known, older, names))


def _tables() -> list[ir.Table]:
    return [ibis.table(schema, name=name) for name, schema in Linking().tables.items()]


def _open_archives(engine: Duck, contract: Contract) -> None:
    """Number the organisations seen for the first time, and the subjects that stay unknown."""
    opens = "l.credit_code IS NOT NULL"
    if contract.key == ORGANISATION:
        opens += " OR (l.method = 'none' AND EXISTS (SELECT 1 FROM numbers n WHERE n.row_no = l.row_no))"
    engine.raw.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE newcomers AS
        SELECT coalesce(l.credit_code, 'row ' || l.row_no) AS who, min(l.row_no) AS row_no,
               any_value(l.credit_code) AS credit_code, row_number() OVER (ORDER BY min(l.row_no)) - 1 AS position
        FROM links l WHERE l.subject_no IS NULL AND ({opens}) GROUP BY 1
        """
    )
    unknown = engine.one("SELECT count(*) FROM links WHERE subject_no IS NULL")[0]
    if not unknown or not contract.roles.subject_name:
        engine.raw.execute("ALTER TABLE newcomers ADD COLUMN subject_no BIGINT")
        return
    newcomers = engine.one("SELECT count(*) FROM newcomers")[0]
    first = allocate(Sequence.SUBJECT_NO, int(unknown))
    engine.raw.execute("ALTER TABLE newcomers ADD COLUMN subject_no BIGINT")
    engine.raw.execute(f"UPDATE newcomers SET subject_no = {first} + position")
    engine.raw.execute(
        """
        UPDATE links SET subject_no = n.subject_no,
            method = CASE WHEN links.credit_code IS NULL THEN 'old_code' ELSE 'code' END
        FROM newcomers n
        WHERE links.subject_no IS NULL AND n.who = coalesce(links.credit_code, 'row ' || links.row_no)
        """
    )
    engine.raw.execute(
        f"""
        UPDATE links SET subject_no = p.subject_no FROM (
            SELECT row_no, {first + newcomers} + row_number() OVER (ORDER BY row_no) - 1 AS subject_no
            FROM links WHERE subject_no IS NULL) p
        WHERE links.row_no = p.row_no
        """
    )

"""Looking through all codes of a region by sets: what is wrong, shown by which rows. Nothing is changed here.

What the register holds and what intake refused for its code is laid into tables of the engine, and each kind of fault
is one query. A million organisations take seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import ibis
from django.conf import settings

from xinheng.base.clock import SHANGHAI
from xinheng.base.identifiers.credit_code import FORMAT, PLACEHOLDER
from xinheng.base.postgres.bulk import copy_out
from xinheng.catalogue import values
from xinheng.catalogue.checks.v04_credit_code import EARLY_PILOT, ZEROS
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.compiling import typed_duckdb_sql
from xinheng.engines.duck import Duck
from xinheng.governance.models import Kind
from xinheng.ledger.models import DataFile, FileKind

REGISTRATION_ITEM = "registration"
FORM_FAULTS = (
    "wrong_length", "look_alike", "letters_in_region", "illegal_character", "placeholder_not_allowed", "word_for_none",
)  # fmt: skip
"""Why intake refused a code that is no code at all."""
MENTIONS = {
    "record_no": "BIGINT", "department_id": "BIGINT", "batch_no": "BIGINT", "row_no": "BIGINT", "type": "VARCHAR",
    "subject_no": "BIGINT", "code": "VARCHAR", "name": "VARCHAR",
}  # fmt: skip
NUMBERS = {"subject_no": "BIGINT", "kind": "VARCHAR", "value": "VARCHAR"}
NAMES = {"subject_no": "BIGINT", "name_key": "VARCHAR"}
BATCHES = {"batch_no": "BIGINT", "department_id": "BIGINT", "type": "VARCHAR"}
SHOWN = 50
"""Rows kept as evidence of one finding."""


@dataclass(frozen=True)
class Seen:
    """How far a look went."""

    last_batch: int


def look(engine: Duck, cursor: Any, *, region_id: int, as_at: date | None, folder: Path) -> Seen:
    """Make `faults` (kind, key, department_id, batch_no, row_no, record_no, code, name) and `subjects_of` (department).

    `as_at`: by what was known at the end of that day; None: by what is known now.
    """
    _lay_out(engine, cursor, region_id=region_id, as_at=as_at, folder=folder)
    _refused(engine, region_id=region_id, as_at=as_at)
    _identity(engine)
    engine.raw.execute("CREATE OR REPLACE TEMP TABLE faults AS " + " UNION ALL ".join(_faults()))
    engine.raw.execute(
        """
        CREATE OR REPLACE TEMP TABLE subjects_of AS
        SELECT department_id, count(DISTINCT who) AS subjects FROM (
            SELECT department_id, 'n' || subject_no AS who FROM mentions
            UNION ALL SELECT department_id, 'r' || coalesce(nullif(name_key, ''), code) FROM refused) GROUP BY 1
        """
    )
    return Seen(int(engine.one("SELECT coalesce(max(batch_no), 0) FROM batches")[0]))


def _lay_out(engine: Duck, cursor: Any, *, region_id: int, as_at: date | None, folder: Path) -> None:
    """The tables `mentions`, `numbers`, `names` and `batches` as they were known."""
    records, others, batches = _known(as_at)
    tables = (
        ("stated", MENTIONS,
         "SELECT record_no, department_id, batch_no, row_no, type, subject_no, subject_code, subject_name "
         f"FROM register_record WHERE region_id = {region_id:d} AND NOT withdrawn AND subject_name <> '' "
         f"AND {records}"),
        ("numbers", NUMBERS, f"SELECT organisation_id, kind, value FROM register_identifier WHERE {others}"),
        ("names", NAMES, f"SELECT organisation_id, name_key FROM register_organisationname WHERE {others}"),
        ("batches", BATCHES,
         f"SELECT number, department_id, type FROM ledger_batch WHERE region_id = {region_id:d} AND {batches}"),
    )  # fmt: skip
    for name, columns, query in tables:
        path = folder / f"{name}.csv"
        copy_out(cursor, query, path)
        listed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
        engine.raw.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_csv('{path}', auto_detect = false, "
            f"header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', columns = {{{listed}}})"
        )
        path.unlink()
    registering = ", ".join(f"'{key}'" for key in _registering())
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE mentions AS SELECT *, type IN ({registering}) AS registers "
        f"FROM ({_read_codes('stated')})"
    )


def _known(as_at: date | None) -> tuple[str, str, str]:
    """SQL conditions of what was known at the end of a day: records, names and numbers, batches."""
    if as_at is None:
        return "known_to IS NULL", "known_to IS NULL", "true"
    moment = datetime.combine(as_at + timedelta(days=1), time.min, tzinfo=SHANGHAI).isoformat()
    versions = f"known_from < '{moment}' AND (known_to IS NULL OR known_to >= '{moment}')"
    return versions, versions, f"known_at < '{moment}'"


@cache
def _read_codes(table: str) -> str:
    """SQL: the rows of a table (with `code` and `name`) and what their code is worth."""
    columns = {name: "int64" if kind == "BIGINT" else "string" for name, kind in MENTIONS.items()}
    # In steps, since what is written into one expression twice is computed twice.
    rows = ibis.table(columns, name=table)
    rows = rows.mutate(
        code=values.normalised_code(rows.code).fill_null(""), name_key=values.name_key(rows.name).fill_null("")
    )
    rows = rows.mutate(formed=rows.code.re_search(f"^{FORMAT.pattern}\\z") & ~rows.code.isin((PLACEHOLDER, ZEROS)))
    # Nearly all codes are sound: one sum tells both checks of those, and only the others are asked in detail.
    sound = ibis.ifelse(rows.code.re_search(values.SURE_CODE), values.both_checks_hold(rows.code), False)
    rows = rows.mutate(doubtful=rows.formed & ~rows.code.re_search(EARLY_PILOT) & ~sound)
    rows = rows.mutate(
        digit_holds=ibis.ifelse(rows.doubtful, values.check_digit_holds(rows.code), True).fill_null(False)
    )
    part = ibis.ifelse(rows.doubtful & rows.digit_holds, values.organisation_part_holds(rows.code), True)
    return typed_duckdb_sql(rows.mutate(part_holds=part.fill_null(False)))


@cache
def _registering() -> tuple[str, ...]:
    found = load_contracts(settings.PACK)
    return tuple(key for key, one in found.items() if one.item == REGISTRATION_ITEM and one.register)


def _refused(engine: Duck, *, region_id: int, as_at: date | None) -> None:
    """`refused`: rows that intake did not take for their code, and that no later delivery put right.

    Put right: the department stated the same name or the same code again, later than the refused row.
    """
    names = {key: one.roles.subject_code for key, one in load_contracts(settings.PACK).items()}
    engine.raw.execute("CREATE OR REPLACE TEMP TABLE code_columns (type VARCHAR, code_column VARCHAR)")
    engine.add("code_columns", [[key, column] for key, column in names.items() if column])
    found = _files(region_id, FileKind.FINDINGS)
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE told AS SELECT NULL::BIGINT AS batch_no, NULL::BIGINT AS row_no, "
        "NULL::VARCHAR AS check_id, NULL::VARCHAR AS variant, NULL::VARCHAR AS code, NULL::VARCHAR AS name WHERE false"
    )
    for number, path in found:
        engine.raw.execute(
            f"INSERT INTO told SELECT {number:d}, row_no, check_id, variant, value, {_subject_of(engine, path)} "
            f"FROM read_parquet('{path}') JOIN batches b ON b.batch_no = {number:d} JOIN code_columns c USING (type) "
            "WHERE level = 'error' AND column_name = c.code_column AND (check_id = 'V04' OR check_id = 'V11') "
            "AND variant NOT IN ('person_number', 'other_department', 'nothing_to_withdraw', 'erased')"
        )
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE told_rows AS SELECT NULL::BIGINT AS record_no, b.department_id, t.batch_no, "
        "t.row_no, b.type, NULL::BIGINT AS subject_no, coalesce(t.code, '') AS code, coalesce(t.name, '') AS name "
        "FROM told t JOIN batches b USING (batch_no)"
    )
    _note_confirmed(engine, region_id)
    engine.raw.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE refused AS
        SELECT r.*, t.check_id, t.variant FROM ({_read_codes("told_rows")}) r
        JOIN told t ON t.batch_no = r.batch_no AND t.row_no = r.row_no
        WHERE NOT EXISTS (
            SELECT 1 FROM latest l WHERE l.department_id = r.department_id AND l.type = r.type
              AND l.batch_no > r.batch_no AND l.code = r.code AND r.code <> '')
          AND NOT EXISTS (
            SELECT 1 FROM latest l WHERE l.department_id = r.department_id AND l.type = r.type
              AND l.batch_no > r.batch_no AND l.name_key = r.name_key AND r.name_key <> '')
        QUALIFY row_number() OVER (
            PARTITION BY r.department_id, r.type, r.name_key, r.code ORDER BY r.batch_no DESC, r.row_no) = 1
        """
    )


def _files(region_id: int, kind: FileKind) -> list[tuple[int, str]]:
    found = DataFile.objects.filter(kind=kind, visible_until=None, batch__region=region_id)
    if kind is FileKind.FINDINGS:
        found = found.filter(batch__finding_groups__check_id__in=["V04", "V11"]).distinct()
    listed = found.order_by("batch__number").values_list("batch__number", "path")
    return [(int(number or 0), str(settings.HOME.root / path)) for number, path in listed]


def _subject_of(engine: Duck, path: str) -> str:
    """The column that names the row's subject; files of earlier versions have none."""
    columns = {str(row[0]) for row in engine.rows("SELECT name FROM parquet_schema(?)", [path])}
    return "subject" if "subject" in columns else "NULL"


def _note_confirmed(engine: Duck, region_id: int) -> None:
    """`latest`: what is stated, with the batch that stated it last, also where that changed nothing."""
    paths = [path for _, path in _files(region_id, FileKind.UNCHANGED)]
    engine.raw.execute("CREATE OR REPLACE TEMP TABLE confirmed (record_no BIGINT, batch_no BIGINT)")
    if paths:
        listed = ", ".join(f"'{path}'" for path in paths)
        engine.raw.execute(
            f"INSERT INTO confirmed SELECT record_no, max(u.batch_no) FROM read_parquet([{listed}]) u "
            "JOIN batches b USING (batch_no) GROUP BY 1"
        )
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE latest AS SELECT m.department_id, m.type, m.code, m.name_key, "
        "greatest(m.batch_no, coalesce(c.batch_no, 0)) AS batch_no "
        "FROM mentions m LEFT JOIN confirmed c USING (record_no)"
    )


def _identity(engine: Duck) -> None:
    """`identity`: for each subject the rows that say who it is: its registration, else each department's last word."""
    engine.raw.execute(
        """
        CREATE OR REPLACE TEMP TABLE identity AS
        SELECT * FROM mentions WHERE registers
        UNION ALL
        SELECT * FROM mentions m WHERE NOT registers
          AND NOT EXISTS (SELECT 1 FROM mentions o WHERE o.registers AND o.subject_no = m.subject_no)
        QUALIFY row_number() OVER (PARTITION BY subject_no, department_id ORDER BY batch_no DESC, row_no) = 1
        """
    )


_COLUMNS = "department_id, batch_no, row_no, record_no, code, name"


def _faults() -> Iterable[str]:
    yield _wrong(Kind.CHECK_DIGIT, "NOT digit_holds", "check_id = 'V04' AND variant = 'wrong_check_digit'")
    form = ", ".join(f"'{variant}'" for variant in FORM_FAULTS)
    yield _wrong(Kind.CODE_FORM, "false", f"check_id = 'V04' AND variant IN ({form})")
    yield _wrong(Kind.ORGANISATION_PART, "NOT part_holds", "false")
    yield from _code_names()
    yield _shared(Kind.NAME_CODES, "name_key", "code")
    yield _shared(Kind.PART_CODES, "substr(code, 9, 9)", "code")
    yield from _without_code()


def _wrong(kind: Kind, held: str, refused: str) -> str:
    return (
        f"SELECT '{kind}' AS kind, code AS key, {_COLUMNS} FROM mentions WHERE {held} UNION ALL "
        f"SELECT '{kind}', CASE WHEN code = '' THEN batch_no || ':' || row_no ELSE code END, {_COLUMNS} "
        f"FROM refused WHERE {refused}"
    )


def _code_names() -> Iterable[str]:
    """One code under several names: against the registered names, among what is not registered, and in one file."""
    kind = Kind.CODE_NAMES
    known = "SELECT 1 FROM names k WHERE k.subject_no = m.subject_no AND k.name_key = m.name_key"
    registered = "EXISTS (SELECT 1 FROM identity i WHERE i.registers AND i.subject_no = m.subject_no)"
    yield (
        f"SELECT '{kind}', code, {_COLUMNS} FROM mentions m WHERE formed AND NOT registers AND {registered} "
        f"AND NOT EXISTS ({known})"
    )
    yield (
        f"SELECT '{kind}', code, {_COLUMNS} FROM mentions m WHERE formed AND NOT {registered} AND code IN ("
        "SELECT code FROM mentions WHERE formed GROUP BY code HAVING count(DISTINCT name_key) > 1)"
    )
    holder = "SELECT 1 FROM numbers n JOIN names k USING (subject_no) WHERE n.kind = 'credit_code' AND n.value = r.code"
    twice = f"FROM refused r WHERE check_id = 'V11' AND formed AND type IN ({', '.join(map(repr, _registering()))})"
    same = f"(name_key = '' OR EXISTS ({holder} AND k.name_key = r.name_key))"
    yield f"SELECT '{kind}', code, {_COLUMNS} {twice} AND NOT {same}"
    yield f"SELECT '{Kind.CODE_REPEATED}', code, {_COLUMNS} {twice} AND {same}"


def _shared(kind: Kind, key: str, other: str) -> str:
    return (
        f"SELECT '{kind}', {key}, {_COLUMNS} FROM identity WHERE formed AND digit_holds AND {key} IN ("
        f"SELECT {key} FROM identity WHERE formed AND digit_holds GROUP BY 1 HAVING count(DISTINCT {other}) > 1)"
    )


def _without_code() -> Iterable[str]:
    """No code of today, and the department has not stated the same name with one since."""
    coded = "SELECT subject_no FROM numbers WHERE kind = 'credit_code'"
    later = (
        "SELECT 1 FROM mentions m WHERE m.formed AND m.name_key = i.name_key AND m.department_id = i.department_id "
        "AND m.batch_no > i.batch_no"
    )
    bare = f"FROM identity i WHERE NOT formed AND subject_no NOT IN ({coded}) AND NOT EXISTS ({later})"
    older = "(code <> '' OR subject_no IN (SELECT subject_no FROM numbers))"
    yield f"SELECT '{Kind.OLD_CODE}', CASE WHEN code = '' THEN name ELSE code END, {_COLUMNS} {bare} AND {older}"
    yield f"SELECT '{Kind.MISSING}', name, {_COLUMNS} {bare} AND NOT {older}"

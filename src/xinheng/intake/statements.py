"""From sound rows to statements: typed columns, keyed hashes of key and content, masked free text.

The table `statements` holds what may lie in clear; personal columns never enter it, and rows about natural
persons are set apart in `persons`.
"""

from collections.abc import Iterator
from functools import lru_cache

import ibis
import pyarrow as pa

from xinheng.base.masking import HIDDEN, Kind, find_personal_numbers, mask_text, mask_value
from xinheng.catalogue.checks.facts import Facts
from xinheng.catalogue.contract import Contract
from xinheng.engines.compiling import text_table, typed_duckdb_sql
from xinheng.engines.duck import Duck
from xinheng.engines.sharing import share
from xinheng.intake.columns import content_text, key_text, plain_fields, typed
from xinheng.intake.reading.landed import BROKEN

IDENTITY_NUMBER = (
    r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"|(^|[^0-9A-Za-z])[1-9][0-9]{7}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}($|[^0-9A-Za-z])"
)
"""Anything shaped like a citizen number of 18 or 15 digits; what only looks like one is let go by `mask_text`."""


def state(engine: Duck, contract: Contract, pepper: str) -> None:
    """Make `statements` and `persons` out of the rows that are not `bad`.

    `pepper` is a secret of this office: without it nobody can find a number by trying hashes.
    """
    engine.raw.execute(
        f"CREATE OR REPLACE VIEW good AS SELECT * EXCLUDE ({BROKEN}) FROM rows "
        "WHERE row_no NOT IN (SELECT row_no FROM bad)"
    )
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE statements AS {_statements_sql(contract, pepper)}")
    _set_persons_apart(engine)
    _mask(engine, contract)


@lru_cache(maxsize=64)
def _statements_sql(contract: Contract, pepper: str) -> str:
    table = text_table("good", contract.names)
    facts = Facts(contract, table)
    columns = {
        "key_hash": (ibis.literal(pepper) + key_text(contract, table)).hexdigest("md5"),
        "content_hash": (ibis.literal(pepper) + content_text(contract, table)).hexdigest("md5"),
        "withdrawn": facts.withdrawn(),
        "is_person": facts.is_person(),
        **{field.name: typed(contract, table, field) for field in plain_fields(contract)},
    }
    staged, values = share(table, list(columns.values()))
    return typed_duckdb_sql(staged.select("row_no", **dict(zip(columns, values, strict=True))))


def _set_persons_apart(engine: Duck) -> None:
    engine.raw.execute(
        "CREATE OR REPLACE TEMP TABLE persons AS "
        "SELECT row_no, key_hash, content_hash, withdrawn FROM statements WHERE is_person"
    )
    if engine.one("SELECT count(*) FROM persons")[0]:
        engine.raw.execute("DELETE FROM statements WHERE is_person")
    engine.raw.execute("ALTER TABLE statements DROP COLUMN is_person")


def _mask(engine: Duck, contract: Contract) -> None:
    """Mask identity numbers wherever they stand, and in free text also telephones, cards and the legal
    representative's name, before anything is written outside the temporary folder."""
    texts = [field.name for field in plain_fields(contract) if field.type == "text"]
    if not texts:
        return
    free = {field.name for field in contract.fields if field.free_text}
    suspects = _suspected_texts(contract, texts, sorted(free))
    found = list(_masked_rows(engine, suspects, texts, free, _name_column(contract)))
    if not found:
        return
    columns = {"row_no": pa.array([row[0] for row in found], pa.int64())}
    for position, name in enumerate(texts, start=1):
        columns[name] = pa.array([row[position] for row in found], pa.string())
    engine.raw.register("masked", pa.table(columns))
    assignments = ", ".join(f'"{name}" = masked."{name}"' for name in texts)
    engine.raw.execute(f"UPDATE statements SET {assignments} FROM masked WHERE statements.row_no = masked.row_no")
    engine.raw.unregister("masked")


def _name_column(contract: Contract) -> str | None:
    return "legal_rep_name" if "legal_rep_name" in contract.personal_names else None


def _suspected_texts(contract: Contract, texts: list[str], free: list[str]) -> str:
    everything = "concat_ws(' ', " + ", ".join(f'"{name}"' for name in texts) + ")"
    tests = [f"row_no IN (SELECT row_no FROM statements WHERE regexp_matches({everything}, '{IDENTITY_NUMBER}'))"]
    tests.append("row_no IN (SELECT row_no FROM findings WHERE check_id = 'V13')")
    name = _name_column(contract)
    if name and free:
        mentioned = " OR ".join(f'contains(s."{column}", trim(r."{name}"))' for column in free)
        tests.append(
            f'row_no IN (SELECT s.row_no FROM statements s JOIN rows r USING (row_no) '
            f'WHERE length(trim(r."{name}")) BETWEEN 2 AND 20 AND ({mentioned}))'
        )
    return " OR ".join(tests)


def _masked_rows(
    engine: Duck, suspects: str, texts: list[str], free: set[str], name_column: str | None
) -> Iterator[tuple[object, ...]]:
    listed = ", ".join(f's."{name}"' for name in texts)
    name = f'trim(r."{name_column}")' if name_column else "NULL"
    rows = engine.rows(
        f"SELECT s.row_no, {name}, {listed} FROM statements s JOIN rows r USING (row_no) "
        f"WHERE s.row_no IN (SELECT row_no FROM statements WHERE {suspects})"
    )
    for row_no, person, *values in rows:
        cells = []
        for column, value in zip(texts, values, strict=True):
            cells.append(_masked_cell(value, person, free_text=column in free) if value else value)
        yield (row_no, *cells)


def _masked_cell(value: str, person: str | None, *, free_text: bool) -> str:
    if free_text:
        masked = mask_text(value)
        return masked.replace(person, HIDDEN) if person and len(person) > 1 else masked
    numbers = [found for found in find_personal_numbers(value) if found.kind is Kind.CITIZEN_NUMBER]
    for found in reversed(numbers):
        value = value[: found.start] + mask_value(value[found.start : found.end], personal=True) + value[found.end :]
    return value

"""From sound rows to statements: typed columns, keyed hashes of key and content, masked free text.

The table `statements` holds what may lie in clear; personal columns never enter it, and rows about natural
persons are set apart in `persons`.
"""

from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache

import ibis.expr.types as ir
import pyarrow as pa

from xinheng.base.masking import HIDDEN, Kind, find_personal_numbers, mask_text, mask_value
from xinheng.catalogue import values
from xinheng.catalogue.checks.facts import SUBJECT, Facts
from xinheng.catalogue.contract import OPERATION, WITHDRAWAL_REASON, Contract
from xinheng.engines.compiling import text_table
from xinheng.engines.dictionary import Source, derive, sources
from xinheng.engines.duck import Duck
from xinheng.intake import stating_plainly
from xinheng.intake.columns import IS_PERSON, NAME_KEY, WITHDRAWN, plain_fields, typed
from xinheng.intake.kept_sql import kept
from xinheng.intake.reading.landed import BROKEN

SEPARATOR = "\x1f"


def state(engine: Duck, contract: Contract, pepper: str) -> None:
    """Make `statements` and `persons` out of the rows that are not `bad`.

    `pepper` is a secret of this office: without it nobody can find a number by trying hashes.
    """
    engine.raw.execute(
        f"CREATE OR REPLACE VIEW good AS SELECT * EXCLUDE ({BROKEN}) FROM rows "
        "WHERE row_no NOT IN (SELECT row_no FROM bad)"
    )
    if engine.one("SELECT count(*) FROM good")[0] <= stating_plainly.FEW:
        derived = stating_plainly.stated_plainly(engine, contract, "good")
    else:
        derived = derive(engine, "good", _sources(contract))
    plain = ", ".join(f'"{field.name}"' for field in plain_fields(contract))
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE statements AS SELECT row_no, "
        f"CAST(md5('{pepper}' || {_key(contract)}) AS UUID) AS key_hash, "
        f"CAST(md5('{pepper}' || {_content(contract)}) AS UUID) AS content_hash, "
        f"{WITHDRAWN}, {_is_person(contract)} AS {IS_PERSON}, {plain} FROM ({derived})"
    )
    _set_persons_apart(engine)
    _mask(engine, contract)


@lru_cache(maxsize=64)
def _sources(contract: Contract) -> tuple[Source, ...]:
    return tuple(
        Source(**source) for source in kept("sources", contract, lambda: [asdict(s) for s in _written(contract)])
    )


def _written(contract: Contract) -> tuple[Source, ...]:
    table = text_table("good", contract.names)
    facts = Facts(contract, table)
    columns: dict[str, ir.Value] = {
        field.name: typed(contract, table, field) for field in contract.fields if field.name != OPERATION
    }
    if contract.roles.subject_name:
        columns[NAME_KEY] = values.name_key(facts.text(contract.roles.subject_name)).fill_null("")
    columns[WITHDRAWN] = facts.withdrawn()
    if contract.roles.subject_category:
        columns[IS_PERSON] = facts.is_person()
    elif contract.roles.person_id:
        # The first-generation tables have no category: an identity number alone says that it is a person.
        columns[IS_PERSON] = facts.filled(contract.roles.person_id)
    return sources(table, columns)


def _is_person(contract: Contract) -> str:
    return IS_PERSON if contract.roles.subject_category or contract.roles.person_id else "false"


def _key(contract: Contract) -> str:
    """SQL of the business key as one text: equal for rows that speak of the same decision."""
    parts = [f"'{contract.key}'"]
    parts.extend(_subject(contract) if name == SUBJECT else _text(name) for name in contract.key_fields)
    return f" || '{SEPARATOR}' || ".join(parts)


def _content(contract: Contract) -> str:
    """SQL of all a row states as one text; personal columns too, since they only feed a keyed hash."""
    names = [field.name for field in contract.fields if field.name not in (OPERATION, WITHDRAWAL_REASON)]
    return f"concat_ws('{SEPARATOR}', '{contract.key}=', {', '.join(_text(name) for name in names)})"


def _subject(contract: Contract) -> str:
    code = _text(contract.roles.subject_code) if contract.roles.subject_code else "''"
    if contract.roles.person_id:
        code = f"CASE WHEN {IS_PERSON} THEN {_text(contract.roles.person_id)} ELSE {code} END"
    return f"CASE WHEN {code} <> '' THEN {code} ELSE {NAME_KEY} END"


def _text(name: str) -> str:
    return f"coalesce(CAST(\"{name}\" AS VARCHAR), '')"


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
    texts = [field.name for field in plain_fields(contract) if field.type == "text" or field.open_value]
    if not texts:
        return
    free = {field.name for field in plain_fields(contract) if field.free_text or field.open_value}
    suspects = _suspected_texts(contract, sorted(free))
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


def _suspected_texts(contract: Contract, free: list[str]) -> str:
    """SQL condition: V13 found a number there, which no contract can switch off, or a person's name is mentioned."""
    tests = ["row_no IN (SELECT row_no FROM findings WHERE check_id = 'V13')"]
    name = _name_column(contract)
    if name and free:
        mentioned = " OR ".join(f'contains(s."{column}", trim(r."{name}"))' for column in free)
        tests.append(
            f"row_no IN (SELECT s.row_no FROM statements s JOIN rows r USING (row_no) "
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
    for row_no, person, *texts_of_row in rows:
        cells = []
        for column, value in zip(texts, texts_of_row, strict=True):
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

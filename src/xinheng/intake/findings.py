"""The findings of a batch as a ledger file and as groups; values are shown masked or not at all.

Where the subject's code itself is at fault (V04, V11), `subject` says whose row it was, so that the governance of codes
can tell later whether it was put right; a name that may be a person's stays away there too.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xinheng.base.masking import mask_value
from xinheng.catalogue.checks.facts import INDIVIDUAL_BUSINESS, ORGANISATION
from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck

LONGEST_VALUE = 60
SHORT_NAME = 4
"""A name this short may be a person's, whatever the row says of its kind."""

SCHEMA = pa.schema(
    [
        ("row_no", pa.int64()),
        ("check_id", pa.string()),
        ("column_name", pa.string()),
        ("variant", pa.string()),
        ("level", pa.string()),
        ("value", pa.string()),
        ("subject", pa.string()),
    ]
)


def write_findings(engine: Duck, contract: Contract, path: Path) -> int:
    """Write every finding with its masked value, by row; returns how many there are."""
    count = 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=1) as writer:
        for slice_ in _with_values(engine, contract):
            columns = list(zip(*slice_, strict=True))
            arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=SCHEMA))
            count += len(slice_)
    return count


def groups(engine: Duck) -> list[tuple[str, str, str, str, int, int]]:
    """(check, column, variant, level, count, first row) for each kind of finding."""
    rows = engine.rows(
        "SELECT check_id, column_name, variant, level, count(*), min(row_no) FROM findings "
        "GROUP BY ALL ORDER BY 4, 5 DESC"
    )
    return [(str(a), str(b), str(c), str(d), int(e), int(f)) for a, b, c, d, e, f in rows]


def _with_values(engine: Duck, contract: Contract) -> Iterator[list[tuple[object, ...]]]:
    named = engine.rows("SELECT DISTINCT column_name FROM findings WHERE column_name <> ''")
    columns = [str(name) for (name,) in named]
    choices = " ".join(f"WHEN '{name}' THEN r.\"{name}\"" for name in columns)
    value = f"CASE f.column_name {choices} ELSE NULL END" if columns else "NULL"
    statement = (
        f"SELECT f.row_no, f.check_id, f.column_name, f.variant, f.level, left({value}, 200), "
        f"{_is_organisation(contract)}, {_subject(contract)} "
        f"FROM findings f LEFT JOIN rows r USING (row_no) ORDER BY f.row_no, f.check_id, f.column_name, f.variant"
    )
    for slice_ in engine.batches(statement):
        yield [
            (
                *row[:5],
                _shown(contract, row[2], row[5], organisation=row[6]),
                _shown(contract, contract.roles.subject_name, row[7], organisation=row[6]),
            )
            for row in slice_
        ]


def _subject(contract: Contract) -> str:
    """SQL: the name in the row, where the finding is about its subject's code."""
    code, name = contract.roles.subject_code, contract.roles.subject_name
    if not code or not name:
        return "NULL"
    return (
        f"CASE WHEN f.check_id IN ('V04', 'V11') AND f.column_name = '{code}' AND f.variant <> 'person_number' "
        f'THEN left(r."{name}", 200) END'
    )


def _is_organisation(contract: Contract) -> str:
    """SQL: whether the row certainly speaks of an organisation; anything else is treated as a person."""
    category, number = contract.roles.subject_category, contract.roles.person_id
    if not category and number:
        return f"coalesce(trim(r.\"{number}\"), '') = ''"
    if not category or ORGANISATION not in contract.field(category).values:
        return "true"
    return f"coalesce(trim(r.\"{category}\") IN ('{ORGANISATION}', '{INDIVIDUAL_BUSINESS}'), false)"


def _shown(contract: Contract, column: str, value: str | None, *, organisation: bool) -> str:
    if not value or not column:
        return ""
    field = contract.field(column)
    if field.personal or not organisation or field.free_text:
        return mask_value(value, personal=True) if field.personal else ""
    if column == contract.roles.subject_name and len(value.strip()) <= SHORT_NAME:
        return ""
    return mask_value(value)[:LONGEST_VALUE]

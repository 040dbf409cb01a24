"""Writing a batch into the register, inside the intake's one transaction.

Everything here is set-based: rows come as CSV files or as streams, never one model at a time. The caller holds
the intake lock, so that nobody else changes the same keys between comparison and commit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xinheng.base.identifiers.credit_code import CreditCode
from xinheng.base.names import name_key
from xinheng.base.postgres.bulk import copy_in, copy_rows, temporary_table, text_array
from xinheng.register.life_cycle import life_cycle
from xinheng.register.search_tokens import SearchColumns, search_columns

RECORD_COLUMNS = (
    "id", "record_no", "version", "region_id", "department_id", "type", "key_hash", "content_hash", "subject_no",
    "subject_name", "subject_code", "link_method", "gate", "withdrawn", "withdrawal_reason", "decision_no", "title",
    "decided_on", "valid_from", "valid_to", "removed_on", "authority_name", "authority_code", "penalty_categories",
    "procedure", "severity", "list_key", "amount_fen", "confiscated_fen", "timely", "content", "batch_no", "row_no",
    "first_received_at", "known_from", "known_to",
)  # fmt: skip
REVIEW_COLUMNS = (
    "kind", "region_id", "department_id", "record_no", "batch_no", "row_no", "reason", "candidates", "opened_at",
    "outcome", "note",
)  # fmt: skip
_OTHER = "其他组织"


@dataclass(frozen=True)
class Registration:
    """What one row of a registering department says about an organisation."""

    subject_no: int
    newcomer: bool
    registered: bool
    name: str
    credit_code: str | None
    status: str | None
    established_on: date | None
    former_names: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    """Other numbers it bears, as (kind, value)."""
    row_no: int


def add_organisations(cursor: Any, registrations: Iterable[Registration], *, batch_no: int, now: datetime) -> None:
    """Open the archives of organisations nobody knew, with their names and numbers."""
    known = list(registrations)
    copy_rows(
        cursor,
        "register_organisation",
        ["id", "name", "name_key", "initials", "pinyin_key", "tokens", "credit_code", "kind", "status", "registered",
         "established_on", "created_batch_no"],
        (_organisation(item, batch_no) for item in known),
    )  # fmt: skip
    copy_rows(
        cursor,
        "register_organisationname",
        ["organisation_id", "name", "name_key", "former", "known_from", "batch_no", "row_no"],
        (row for item in known for row in _names(item, batch_no, now)),
    )
    _add_numbers(cursor, known, batch_no=batch_no, now=now)


def update_organisations(cursor: Any, registrations: Iterable[Registration], *, batch_no: int, now: datetime) -> None:
    """Bring known organisations to what their registering department says now; old names are kept as former."""
    known = list(registrations)
    if not known:
        return
    with temporary_table(
        cursor,
        "id bigint, name varchar, name_key varchar, initials varchar, pinyin_key varchar, tokens text[], "
        "status varchar, established_on date, credit_code varchar, kind varchar, row_no bigint",
    ) as table:
        copy_rows(
            cursor,
            table,
            ["id", "name", "name_key", "initials", "pinyin_key", "tokens", "status", "established_on", "credit_code",
             "kind", "row_no"],
            (_change(item) for item in known),
        )  # fmt: skip
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(_RENAME.format(table=table), {"now": now, "batch": batch_no})
        cursor.execute(_FOLD.format(table=table))
    _add_former_names(cursor, known, batch_no=batch_no, now=now)
    _add_numbers(cursor, known, batch_no=batch_no, now=now)


_RENAME = """
WITH renamed AS (
    UPDATE register_organisationname n SET known_to = %(now)s FROM {table} t
    WHERE n.organisation_id = t.id AND n.known_to IS NULL AND NOT n.former AND n.name_key <> t.name_key
    RETURNING n.organisation_id, n.name, n.name_key, t.name AS new_name, t.name_key AS new_key, t.row_no)
INSERT INTO register_organisationname (organisation_id, name, name_key, former, known_from, batch_no, row_no)
SELECT organisation_id, name, name_key, true, %(now)s, %(batch)s, row_no FROM renamed
UNION ALL SELECT organisation_id, new_name, new_key, false, %(now)s, %(batch)s, row_no FROM renamed
"""
_FOLD = """
UPDATE register_organisation o SET
    name = t.name, name_key = t.name_key, initials = t.initials, pinyin_key = t.pinyin_key,
    tokens = (SELECT array_agg(DISTINCT token) FROM unnest(o.tokens || t.tokens) AS token),
    status = CASE WHEN t.status = 'unknown' THEN o.status ELSE t.status END,
    established_on = coalesce(t.established_on, o.established_on),
    credit_code = coalesce(o.credit_code, t.credit_code), kind = t.kind, registered = true
FROM {table} t WHERE o.id = t.id
"""


def write_versions(cursor: Any, *, versions: Path, closing: Path, now: datetime) -> None:
    """Close the versions whose ids stand in `closing`, then append the new ones (`RECORD_COLUMNS`)."""
    if closing.stat().st_size:
        with temporary_table(cursor, "id bigint") as table:
            copy_in(cursor, table, ["id"], closing)
            cursor.execute(f"ANALYZE {table}")
            cursor.execute(
                f"UPDATE register_record r SET known_to = %s FROM {table} t WHERE r.id = t.id AND r.known_to IS NULL",
                [now],
            )
    copy_in(cursor, "register_record", RECORD_COLUMNS, versions)


def open_reviews(cursor: Any, *, reviews: Path) -> int:
    """Put questions into the review queue (`REVIEW_COLUMNS`); one that is open already is not asked twice."""
    if not reviews.stat().st_size:
        return 0
    definition = (
        "kind varchar, region_id bigint, department_id bigint, record_no bigint, batch_no bigint, row_no bigint, "
        "reason varchar, candidates bigint[], opened_at timestamptz, outcome varchar, note varchar"
    )
    with temporary_table(cursor, definition) as table:
        copy_in(cursor, table, REVIEW_COLUMNS, reviews)
        columns = ", ".join(REVIEW_COLUMNS)
        cursor.execute(f"INSERT INTO register_review ({columns}) SELECT {columns} FROM {table} ON CONFLICT DO NOTHING")
        return int(cursor.rowcount)


def _organisation(item: Registration, batch_no: int) -> tuple[object, ...]:
    found = _columns(item)
    return (
        item.subject_no, item.name, found.name_key, found.initials, found.pinyin_key, text_array(found.tokens),
        item.credit_code, _kind(item.credit_code), life_cycle(item.status).value, item.registered, item.established_on,
        batch_no,
    )  # fmt: skip


def _change(item: Registration) -> tuple[object, ...]:
    found = _columns(item)
    return (
        item.subject_no, item.name, found.name_key, found.initials, found.pinyin_key, text_array(found.tokens),
        life_cycle(item.status).value, item.established_on, item.credit_code, _kind(item.credit_code), item.row_no,
    )  # fmt: skip


def _columns(item: Registration) -> SearchColumns:
    return search_columns(item.name, item.former_names)


def _names(item: Registration, batch_no: int, now: datetime) -> Iterator[tuple[object, ...]]:
    present = name_key(item.name)
    yield item.subject_no, item.name, present, False, now, batch_no, item.row_no
    for former in item.former_names:
        if name_key(former) != present:
            yield item.subject_no, former, name_key(former), True, now, batch_no, item.row_no


def _add_former_names(cursor: Any, known: list[Registration], *, batch_no: int, now: datetime) -> None:
    rows = [(item.subject_no, former, name_key(former), item.row_no) for item in known for former in item.former_names]
    cursor.executemany(
        "INSERT INTO register_organisationname (organisation_id, name, name_key, former, known_from, batch_no, row_no) "
        "SELECT %(id)s, %(name)s, %(key)s, true, %(now)s, %(batch)s, %(row)s WHERE NOT EXISTS (SELECT 1 FROM "
        "register_organisationname WHERE organisation_id = %(id)s AND name_key = %(key)s AND known_to IS NULL)",
        [{"id": a, "name": b, "key": c, "row": d, "now": now, "batch": batch_no} for a, b, c, d in rows],
    )


def _add_numbers(cursor: Any, known: list[Registration], *, batch_no: int, now: datetime) -> None:
    with temporary_table(cursor, "organisation_id bigint, kind varchar, value varchar, row_no bigint") as table:
        copy_rows(
            cursor, table, ["organisation_id", "kind", "value", "row_no"],
            ((item.subject_no, kind, value, item.row_no) for item in known for kind, value in _numbers(item)),
        )  # fmt: skip
        cursor.execute(
            f"INSERT INTO register_identifier (organisation_id, kind, value, known_from, batch_no, row_no) "
            f"SELECT DISTINCT ON (kind, value) organisation_id, kind, value, %s, %s, row_no FROM {table} "
            f"ORDER BY kind, value, row_no ON CONFLICT (kind, value) WHERE known_to IS NULL DO NOTHING",
            [now, batch_no],
        )


def _numbers(item: Registration) -> Iterator[tuple[str, str]]:
    if item.credit_code:
        yield "credit_code", item.credit_code
        yield "organisation_code", item.credit_code[8:17]
    yield from item.numbers


def _kind(credit_code: str | None) -> str:
    return CreditCode(credit_code).subject_kind if credit_code else _OTHER

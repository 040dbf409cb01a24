"""What intake asks the register about a whole batch at once: open versions by key, subjects by number or name.

Questions and answers travel as CSV files, so that a million of them cost seconds.
"""

from pathlib import Path
from typing import Any

from xinheng.base.postgres.bulk import copy_in, copy_out, temporary_table

OPEN_VERSIONS = (
    "key_hash", "content_hash", "id", "record_no", "version", "withdrawn", "department_id", "gate", "subject_no",
    "first_received_at", "link_method",
)  # fmt: skip
SUBJECTS_BY_NUMBER = ("kind", "value", "subject_no", "registered", "name_key")
SUBJECTS_BY_NAME = ("name_key", "subject_no", "candidates")
WITHDRAWN = ("authority_code", "decision_no", "subject_no", "decided_on", "record_no")


def open_versions(cursor: Any, *, type: str, keys: Path, answer: Path) -> None:
    """Write the open versions (`OPEN_VERSIONS`) whose key hash stands in the file `keys`."""
    with temporary_table(cursor, "key_hash uuid") as table:
        copy_in(cursor, table, ["key_hash"], keys)
        cursor.execute(f"ANALYZE {table}")
        columns = ", ".join(f"r.{name}" for name in OPEN_VERSIONS)
        copy_out(
            cursor,
            f"SELECT {columns} FROM register_record r JOIN {table} k ON k.key_hash = r.key_hash "
            f"WHERE r.known_to IS NULL AND r.type = '{type}'",
            answer,
        )


def subjects_by_number(cursor: Any, *, numbers: Path, answer: Path) -> None:
    """Write who bears the numbers in the file (kind, value): subject number, and a row for each of its name keys."""
    with temporary_table(cursor, "kind varchar, value varchar") as table:
        copy_in(cursor, table, ["kind", "value"], numbers)
        cursor.execute(f"ANALYZE {table}")
        copy_out(
            cursor,
            f"SELECT i.kind, i.value, o.id, o.registered, n.name_key "
            f"FROM {table} t "
            f"JOIN register_identifier i ON i.kind = t.kind AND i.value = t.value AND i.known_to IS NULL "
            f"JOIN register_organisation o ON o.id = i.organisation_id "
            f"LEFT JOIN register_organisationname n ON n.organisation_id = o.id AND n.known_to IS NULL",
            answer,
        )


def subjects_by_name(cursor: Any, *, names: Path, answer: Path) -> None:
    """Write for each name key in the file how many organisations bear it, one of them, and up to ten."""
    with temporary_table(cursor, "name_key varchar") as table:
        copy_in(cursor, table, ["name_key"], names)
        cursor.execute(f"ANALYZE {table}")
        copy_out(
            cursor,
            f"SELECT t.name_key, min(n.organisation_id), "
            f"array_to_string((array_agg(DISTINCT n.organisation_id))[1:10], ',') "
            f"FROM {table} t JOIN register_organisationname n ON n.name_key = t.name_key AND n.known_to IS NULL "
            f"GROUP BY t.name_key",
            answer,
        )


def withdrawn_versions(cursor: Any, *, type: str, answer: Path) -> int:
    """Write what was withdrawn of this type (`WITHDRAWN`); returns how many there are."""
    columns = ", ".join(WITHDRAWN)
    copy_out(
        cursor,
        f"SELECT {columns} FROM register_record WHERE type = '{type}' AND known_to IS NULL "
        f"AND (withdrawn OR gate = 'returned')",
        answer,
    )
    return answer.stat().st_size

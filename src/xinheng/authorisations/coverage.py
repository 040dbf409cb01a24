"""What intake asks about a whole batch at once: who authorised its type, and from which fact to which."""

from datetime import date
from pathlib import Path
from typing import Any

from xinheng.base.postgres.bulk import copy_in, copy_out, temporary_table

COVERS = ("value", "facts_from", "until", "in_force")
"""Columns of the answer of `write_coverage`."""


def write_doubtful(cursor: Any, *, region_id: int, type: str, today: date, spans: Path, answer: Path) -> None:
    """Write which numbers in the file `spans` (number, first day, last day) are not covered by one authorisation.

    Covered is a number under which this type is authorised today in the region, for all days from the first to the
    last; without days it is not covered. Of a million numbers few are doubtful, so that the answer is short.
    """
    with temporary_table(cursor, "value varchar, first date, last date") as asked:
        copy_in(cursor, asked, ["value", "first", "last"], spans)
        cursor.execute(f"ANALYZE {asked}")
        copy_out(
            cursor,
            f"SELECT a.value FROM {asked} a WHERE NOT EXISTS (SELECT 1 FROM authorisations_authorisation g "
            f"WHERE g.credit_code = a.value AND {_of_type(region_id, type)} AND {_live(today)} "
            f"AND g.facts_from <= a.first AND g.until >= a.last)",
            answer,
        )


def write_coverage(cursor: Any, *, region_id: int, type: str, today: date, codes: Path, answer: Path) -> None:
    """Write what the bearers of the numbers in the file `codes` authorised of this type in the region (`COVERS`).

    A number is covered by what its bearer authorised under its credit code, also where it is an older number.
    """
    covers = f"a.value, g.facts_from, g.until, {_live(today)}"
    with temporary_table(cursor, "value varchar") as asked:
        copy_in(cursor, asked, ["value"], codes)
        cursor.execute(f"ANALYZE {asked}")
        copy_out(
            cursor,
            f"""
            SELECT {covers} FROM {asked} a
            JOIN authorisations_authorisation g ON g.credit_code = a.value AND {_of_type(region_id, type)}
            UNION
            SELECT {covers} FROM {asked} a
            JOIN register_identifier older ON older.value = a.value AND older.known_to IS NULL
            JOIN register_identifier own ON own.organisation_id = older.organisation_id
                AND own.kind = 'credit_code' AND own.known_to IS NULL
            JOIN authorisations_authorisation g ON g.credit_code = own.value AND {_of_type(region_id, type)}
            """,
            answer,
        )


def _of_type(region_id: int, type: str) -> str:
    return f"g.region_id = {region_id:d} AND g.classes @> ARRAY['{type}']::varchar[]"


def _live(today: date) -> str:
    return f"g.revoked_at IS NULL AND DATE '{today}' BETWEEN g.starts AND g.until"

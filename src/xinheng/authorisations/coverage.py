"""What intake asks about a whole batch at once: who authorised its type, and from which fact to which."""

from datetime import date
from pathlib import Path
from typing import Any

from xinheng.base.postgres.bulk import copy_in, copy_out, temporary_table

COVERS = ("value", "facts_from", "until", "in_force")
"""Columns of the answer."""


def write_coverage(cursor: Any, *, region_id: int, type: str, today: date, codes: Path, answer: Path) -> int:
    """Write which of the numbers in the file `codes` authorised this type in the region (`COVERS`).

    A number is covered by what its bearer authorised under its credit code, also where it is an older number.
    """
    of_type = f"g.region_id = {region_id:d} AND g.classes @> ARRAY['{type}']::varchar[]"
    live = f"g.revoked_at IS NULL AND DATE '{today}' BETWEEN g.starts AND g.until"
    covers = f"a.value, g.facts_from, g.until, {live}"
    with temporary_table(cursor, "value varchar") as asked:
        copy_in(cursor, asked, ["value"], codes)
        cursor.execute(f"ANALYZE {asked}")
        copy_out(
            cursor,
            f"""
            SELECT {covers} FROM {asked} a
            JOIN authorisations_authorisation g ON g.credit_code = a.value AND {of_type}
            UNION
            SELECT {covers} FROM {asked} a
            JOIN register_identifier older ON older.value = a.value AND older.known_to IS NULL
            JOIN register_identifier own ON own.organisation_id = older.organisation_id
                AND own.kind = 'credit_code' AND own.known_to IS NULL
            JOIN authorisations_authorisation g ON g.credit_code = own.value AND {of_type}
            """,
            answer,
        )
    return answer.stat().st_size

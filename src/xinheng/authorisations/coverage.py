"""What intake asks about a whole batch at once: who authorised its type, and from which fact to which."""

from datetime import date
from pathlib import Path
from typing import Any

from xinheng.base.postgres.bulk import copy_in, copy_out, temporary_table

COVERS = ("value", "facts_from", "until", "in_force")
"""Columns of the answer."""
_BEARERS = """(
    SELECT asked.value, own.value AS own FROM {asked} asked
    JOIN register_identifier i ON i.value = asked.value AND i.known_to IS NULL
    JOIN register_identifier own ON own.organisation_id = i.organisation_id
        AND own.kind = 'credit_code' AND own.known_to IS NULL
)"""


def write_coverage(
    cursor: Any, *, region_id: int, type: str, today: date, codes: Path, answer: Path, through_register: bool = False
) -> None:
    """Write which of the numbers in the file `codes` authorised this type in the region (`COVERS`).

    A number is covered by what was authorised under it; `through_register`, by what its bearer authorised under any
    credit code of its own. The register is asked about few: for a million numbers it would be read throughout.
    """
    of_type = f"g.region_id = {region_id:d} AND g.classes @> ARRAY['{type}']::varchar[]"
    live = f"g.revoked_at IS NULL AND DATE '{today}' BETWEEN g.starts AND g.until"
    covers = f"a.value, g.facts_from, g.until, {live}"
    with temporary_table(cursor, "value varchar") as asked:
        copy_in(cursor, asked, ["value"], codes)
        cursor.execute(f"ANALYZE {asked}")
        bearers = _BEARERS.format(asked=asked) if through_register else f"(SELECT value, value AS own FROM {asked})"
        copy_out(
            cursor,
            f"SELECT DISTINCT {covers} FROM {bearers} a "
            f"JOIN authorisations_authorisation g ON g.credit_code = a.own AND {of_type}",
            answer,
        )

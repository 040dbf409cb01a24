"""What intake asks about a whole batch at once: who authorised its type, and from which fact to which."""

from datetime import date
from pathlib import Path
from typing import Any

from xinheng.base.postgres.bulk import copy_out

COVERS = ("value", "facts_from", "until", "in_force")
"""Columns of the answer."""


def write_coverage(cursor: Any, *, region_id: int, type: str, today: date, answer: Path) -> int:
    """Write who authorised this type in the region (`COVERS`), by every number it is known by."""
    copy_out(
        cursor,
        f"""
        WITH given AS (
            SELECT credit_code, facts_from, until, revoked_at IS NULL AND DATE '{today}' BETWEEN starts AND until
                AS live
            FROM authorisations_authorisation WHERE region_id = {region_id:d} AND classes @> ARRAY['{type}']::varchar[])
        SELECT credit_code, facts_from, until, live FROM given
        UNION
        SELECT other.value, facts_from, until, live FROM given
        JOIN register_identifier own ON own.kind = 'credit_code' AND own.value = given.credit_code
            AND own.known_to IS NULL
        JOIN register_identifier other ON other.organisation_id = own.organisation_id AND other.known_to IS NULL
        """,
        answer,
    )
    return answer.stat().st_size

"""An organisation in the few facts every page needs, and which organisations a caller may know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from xinheng.base.scope import Scope
from xinheng.register.models import LifeCycle
from xinheng.register.references import organisation_ref

KNOWN_TO_PUBLIC = """
(o.registered OR EXISTS (
    SELECT FROM register_record AS r
    WHERE r.subject_no IN (
        SELECT o.id UNION ALL
        SELECT l.number FROM register_subjectlink AS l WHERE l.organisation_id = o.id AND l.known_to IS NULL
    ) AND r.known_to IS NULL AND r.gate = 'open' AND NOT r.withdrawn
))
"""
"""SQL condition on `register_organisation AS o`: an organisation we know only from decisions is not shown to
the public while all of them wait for a person or are withdrawn."""

COLUMNS = "o.id, o.name, o.credit_code, o.kind, o.status, o.registered, o.established_on, place.name AS place"
PLACE = "LEFT JOIN people_region AS place ON place.code = substr(o.credit_code, 3, 6)"


@dataclass(frozen=True)
class OrganisationSummary:
    """An organisation as lists show it; `place` is empty when the code's region is not one of ours."""

    id: int
    ref: str
    name: str
    credit_code: str
    kind: str
    kind_label: str
    status: str
    status_label: str
    registered: bool
    established_on: date | None
    place: str


def visible_to(scope: Scope) -> str:
    """The SQL condition that keeps from a caller what she must not know of."""
    return KNOWN_TO_PUBLIC if scope.public else "true"


def summary_of(row: Sequence[Any]) -> OrganisationSummary:
    """The summary in a row of `COLUMNS`."""
    number, name, code, kind, status, registered, established_on, place = row
    return OrganisationSummary(
        id=number,
        ref=organisation_ref(number),
        name=name,
        credit_code=code or "",
        kind=kind,
        kind_label=kind or "其他组织",
        status=status,
        status_label=str(LifeCycle(status).label),
        registered=registered,
        established_on=established_on,
        place=place or "",
    )


def summaries(scope: Scope, numbers: Sequence[int]) -> tuple[OrganisationSummary, ...]:
    """The organisations with these numbers that the caller may know of, in the order given."""
    if not numbers:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM register_organisation AS o {PLACE} "
            f"WHERE o.id = ANY(%s) AND {visible_to(scope)} ORDER BY array_position(%s::bigint[], o.id)",
            [list(numbers), list(numbers)],
        )
        return tuple(summary_of(row) for row in cursor.fetchall())

"""Rows of special information for whoever was authorised: asked anew each time, and noted before they are shown."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.authorisations.actions import note_use
from xinheng.authorisations.queries import AuthorisationLine, covering
from xinheng.base import clock
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.reading import as_read
from xinheng.ledger.queries import LedgerRow, rows_of_subject
from xinheng.people.guarding import officers_only
from xinheng.people.models import Region
from xinheng.people.purposes import logged
from xinheng.register.queries import organisation, subject_numbers

READ = "special.read"
"""How the log names a look at special information."""


@dataclass(frozen=True)
class SpecialRow:
    """One row in words, and the authorisation that opens it."""

    type: str
    title: str
    authorisation: int
    row: LedgerRow
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Opened:
    """What somebody is shown by authorisation; empty where nothing was authorised."""

    authorisations: tuple[AuthorisationLine, ...]
    rows: tuple[SpecialRow, ...]


@transaction.atomic
def open_rows(
    *, scope: Scope, key: str, department_id: int, purpose_code: str, note: str, by: Actor, now: datetime
) -> Opened:
    """The special information on an organisation that this department may see for this purpose at this moment.

    The authorisations are locked against revocation until the look is written down: a revocation either came first
    and nothing is shown, or comes after and finds the look. `scope` names the region.
    """
    officers_only(scope)
    region, day = Scope(region=scope.region), clock.today(now)
    found = organisation(region, key)
    if not found.credit_code:
        return Opened((), ())
    ask = partial(
        covering, region, credit_code=found.credit_code, department_id=department_id, purpose_code=purpose_code,
        today=day,
    )  # fmt: skip
    _hold([one.id for one in ask()])
    given = ask()
    if not given:
        return Opened((), ())
    types = {type for one in given for type in one.classes}
    stated = rows_of_subject(
        region, subject_numbers(region, found.id), home=settings.HOME, as_at=day, types=sorted(types)
    )
    rows = tuple(_shown(row, opener) for row in stated if (opener := _opener(row, given)) is not None)
    _note(rows, given, region=region, code=found.credit_code, purpose=logged(purpose_code, note), by=by, now=now)
    return Opened(given, rows)


def _hold(numbers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM authorisations_authorisation "
            "WHERE id = ANY(%s) ORDER BY id FOR SHARE) AS held",
            [numbers],
        )


def _opener(row: LedgerRow, given: tuple[AuthorisationLine, ...]) -> AuthorisationLine | None:
    """The authorisation that covers the row's class and day; None: it is not shown."""
    if row.withdrawn or row.day is None:
        return None
    return next((one for one in given if row.type in one.classes and one.facts_from <= row.day <= one.until), None)


def _shown(row: LedgerRow, opener: AuthorisationLine) -> SpecialRow:
    contract = load_contracts(settings.PACK)[row.type]
    return SpecialRow(row.type, contract.title, opener.id, row, _fields(contract, row))


def _fields(contract: Contract, row: LedgerRow) -> tuple[tuple[str, str], ...]:
    who = {contract.roles.subject_name, contract.roles.subject_code}
    return tuple(
        (field.label, as_read(field, row.values[field.name]))
        for field in contract.fields
        if not field.personal and field.name not in who and row.values.get(field.name) not in (None, "")
    )


def _note(
    rows: tuple[SpecialRow, ...], given: tuple[AuthorisationLine, ...], *, region: Scope, code: str, purpose: str,
    by: Actor, now: datetime,
) -> None:  # fmt: skip
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for one in rows:
        counts[one.authorisation][one.type] += 1
    note_use(rows=counts, by=by, now=now)
    record(
        act=READ,
        by=by,
        now=now,
        region_id=Region.objects.values_list("pk", flat=True).get(code=region.region),
        object_type="organisation",
        object_id=code,
        purpose=purpose,
        detail={"authorisations": [one.id for one in given], "rows": len(rows)},
    )

"""What only the ledger holds of an organisation, as the archive page shows it: one section for each record type."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.reading import as_read
from xinheng.ledger.queries import LedgerRow

LISTED = 200
"""Rows of a type shown on the page; the newest ones."""


@dataclass(frozen=True)
class LedgerLine:
    """One row: what it states, and where it comes from."""

    row: LedgerRow
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LedgerSection:
    """The rows of one record type, newest first; `more` were left out."""

    title: str
    lines: tuple[LedgerLine, ...]
    more: int


def ledger_types() -> tuple[str, ...]:
    """The types that only the ledger holds and that any officer with a purpose may read.

    What an organisation has to authorise (`authorised`) is not among them.
    """
    return tuple(
        key
        for key, one in load_contracts(settings.PACK).items()
        if not one.register and one.roles.subject_name and one.publicity != "authorised"
    )


def ledger_sections(rows: Iterable[LedgerRow]) -> tuple[LedgerSection, ...]:
    """Rows by their type, in the words of the contracts; what was taken back is left out."""
    contracts = load_contracts(settings.PACK)
    by_type: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        if not row.withdrawn:
            by_type[row.type].append(row)
    return tuple(
        LedgerSection(
            title=contracts[type].title,
            lines=tuple(LedgerLine(row, _fields(contracts[type], row)) for row in found[:LISTED]),
            more=max(0, len(found) - LISTED),
        )
        for type, found in sorted(by_type.items())
    )


def _fields(contract: Contract, row: LedgerRow) -> tuple[tuple[str, str], ...]:
    who = {contract.roles.subject_name, contract.roles.subject_code, contract.roles.source_name,
           contract.roles.source_code}  # fmt: skip
    return tuple(
        (field.label, as_read(field, row.values[field.name]))
        for field in contract.fields
        if not field.personal and field.name not in who and row.values.get(field.name) not in (None, "")
    )

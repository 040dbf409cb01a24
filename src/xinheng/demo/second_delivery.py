"""A later file about rows that were delivered before: some unchanged, some corrected, some withdrawn."""

from collections.abc import Iterator
from random import Random

from xinheng.catalogue.contract import OPERATION, WITHDRAW, WITHDRAWAL_REASON, Contract
from xinheng.demo.decisions import Row
from xinheng.demo.dirty import Planted

TAKEN = 0.05
"""Part of the first file that the later one speaks of."""
UNCHANGED, AMENDED = 0.4, 0.85
"""Up to the first bound a row is sent as before, up to the second corrected, above it withdrawn."""
REASONS = ("决定书已依法撤销", "报送对象有误", "重复报送")
CORRECTED = "（更正）"
CORRECTABLE = {"penalty": "penalty_content", "licence": "license_content", "organisation": "business_scope"}


def sent_again(
    rows: Iterator[tuple[Row, Planted | None]], *, contract: Contract, seed: str
) -> Iterator[tuple[Row, Planted]]:
    """What the later file says, with what the receipt should say about each row."""
    rng = Random(seed)  # noqa: S311 - a generator of test data must be repeatable
    number = 1
    for row, planted in rows:
        # A row that was refused, or went in under another number than its own, has nothing to correct.
        if rng.random() >= TAKEN or planted:
            continue
        number += 1
        roll = rng.random()
        if roll < UNCHANGED:
            yield row, Planted(number, "", "sent_again", "unchanged", ())
        elif roll < AMENDED:
            name = CORRECTABLE[contract.key]
            row[name] = f"{row[name]}{CORRECTED}"
            yield row, Planted(number, name, "corrected", "amended", ())
        else:
            withdrawal = {name: row[name] for name in _naming(contract) if name in row}
            withdrawal[OPERATION] = WITHDRAW
            withdrawal[WITHDRAWAL_REASON] = REASONS[int(rng.random() * len(REASONS))]
            yield withdrawal, Planted(number, OPERATION, "withdrawn", "withdrawn", ())


def _naming(contract: Contract) -> tuple[str, ...]:
    """The columns that say which record is meant."""
    roles = contract.roles
    subject = (roles.subject_name, roles.subject_code, roles.subject_category, roles.person_id)
    names = dict.fromkeys((*contract.key_fields, *subject))
    return tuple(name for name in names if name in contract.names)

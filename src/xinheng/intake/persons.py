"""Rows about natural persons: sealed in the vault with a key for each record, never written anywhere else."""

from collections import Counter
from datetime import datetime

from xinheng.base.identifiers.normalise import normalise
from xinheng.catalogue.checks.plain import date_value
from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.intake.checking import add_findings, refresh_bad
from xinheng.vault.actions.persons import (
    ACCEPTED,
    AMENDED,
    ERASED,
    NO_SUCH_KEY,
    UNCHANGED,
    WITHDRAWN,
    PersonRow,
    note_mentions,
    seal_person_rows,
)
from xinheng.vault.keys import blind_persons

_REFUSED = {NO_SUCH_KEY: "nothing_to_withdraw", ERASED: "erased"}


def seal_persons(
    engine: Duck, contract: Contract, *, batch_no: int, region_id: int, department_id: int, now: datetime
) -> Counter[str]:
    """Seal the good rows about persons; counts by outcome, with the refused ones added to the findings."""
    outcomes: Counter[str] = Counter(dict.fromkeys((ACCEPTED, AMENDED, UNCHANGED, WITHDRAWN), 0))
    if not contract.roles.person_id:
        return outcomes
    _remember_refused(engine, contract, batch_no)
    rows = _person_rows(engine, contract)
    results = seal_person_rows(
        rows=rows,
        contract_key=contract.key,
        batch_no=batch_no,
        region_id=region_id,
        department_id=department_id,
        now=now,
    )
    for row, result in zip(rows, results, strict=True):
        if result in _REFUSED:
            column = contract.roles.decision_no or contract.roles.subject_name
            add_findings(engine, f"SELECT {row.row_no}, 'V11', '{column}', '{_REFUSED[result]}', 'error'")
        else:
            outcomes[result] += 1
    refresh_bad(engine)
    return outcomes


def _person_rows(engine: Duck, contract: Contract) -> list[PersonRow]:
    names = contract.names
    listed = ", ".join(f'r."{name}"' for name in names)
    found = engine.rows(
        f"SELECT p.row_no, p.key_hash, p.content_hash, p.withdrawn, {listed} "
        f"FROM persons p JOIN rows r USING (row_no) ORDER BY p.row_no"
    )
    rows = []
    for row_no, key, content, withdrawn, *cells in found:
        payload = dict(zip(names, cells, strict=True))
        person = normalise(payload[contract.roles.person_id] or "")
        rows.append(
            PersonRow(
                person=person,
                payload=payload,
                key_text=str(key),
                content_text=str(content),
                row_no=row_no,
                withdrawn=withdrawn,
                decided_on=date_value(payload.get(contract.roles.decided_on)),
                valid_to=date_value(payload.get(contract.roles.valid_to)),
            )
        )
    return rows


def _remember_refused(engine: Duck, contract: Contract, batch_no: int) -> None:
    """A refused row names its person too: erasing her must find the sealed part of this batch."""
    found = engine.rows(
        f'SELECT DISTINCT r."{contract.roles.person_id}" FROM rows r JOIN bad USING (row_no) '
        f'WHERE r."{contract.roles.person_id}" IS NOT NULL'
    )
    numbers = {normalise(number) for (number,) in found}
    note_mentions(blind_indexes=blind_persons(numbers).values(), batch_no=batch_no)

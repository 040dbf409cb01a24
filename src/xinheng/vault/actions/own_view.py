"""A person's own view: what is sealed about her and who looked, for the counter. A look leaves an event only."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Refused
from xinheng.base.identifiers import citizen_number
from xinheng.base.identifiers.normalise import normalise
from xinheng.base.masking import mask_text, mask_value
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.people.queries import ReadingLine, departments, readings, regions
from xinheng.vault.actions.persons import record_aad
from xinheng.vault.ciphers import Cipher
from xinheng.vault.keys import blind_persons, present_master_keys, unwrap_key
from xinheng.vault.models import SealedRecord

PURPOSE = "本人查询"
SHORTEST = 7
"""Characters of an identity number; no document has a shorter one."""
MOST_READINGS = 200


@dataclass(frozen=True)
class OwnRecord:
    """One record as it stands: by label what was sent, with numbers masked. `cells` is empty once it was destroyed."""

    title: str
    department: str
    known_from: datetime
    versions: int
    withdrawn: bool
    destroyed: bool
    cells: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True)
class OwnView:
    """What is kept about one person in this region, and who looked; `event` is the number of this look in the log."""

    event: int
    records: tuple[OwnRecord, ...]
    readers: tuple[ReadingLine, ...]


def person_of(number: str) -> uuid.UUID:
    """The blind index of an identity number, which is all that goes on from here; Refused for a mistyped one."""
    clean = normalise(number)
    mistyped = citizen_number.FORMAT.fullmatch(clean) and not citizen_number.has_valid_check(clean)
    if mistyped or len(clean) < SHORTEST:
        raise Refused("证件号码不正确。", "请对照证件重新输入。")
    return blind_persons([clean])[clean]


@transaction.atomic
def own_view(
    scope: Scope, *, person: uuid.UUID, document: str, pack: str, by: Actor, now: datetime, printed: bool = False
) -> OwnView:
    """Open what is sealed about a person for herself, who stands at the counter and showed `document`.

    Somebody nobody knows gets the same answer with nothing in it. The event names her by her blind index.
    """
    if scope.public:
        raise Refused("本人查询在窗口办理。")
    in_region = [one.id for one in regions(scope)]
    rows = list(
        SealedRecord.objects.filter(person__blind_index=person, region_id__in=in_region)
        .select_related("key")
        .order_by("-pk")
    )
    looked = {"sealed_record": [str(row.pk) for row in rows], "person": [str(person)]}
    readers = readings(scope, objects=looked, limit=MOST_READINGS).lines
    event = record(
        act="vault.own_extract" if printed else "vault.own_view",
        by=by,
        now=now,
        region_id=in_region[0] if len(in_region) == 1 else None,
        object_type="person",
        object_id=str(person),
        purpose=PURPOSE,
        detail={"document": document, "records": len(rows)},
    )
    return OwnView(event, _records(scope, rows, load_contracts(pack)), readers)


def _records(scope: Scope, rows: list[SealedRecord], contracts: dict[str, Contract]) -> tuple[OwnRecord, ...]:
    names = {one.id: one.name for one in departments(scope, active_only=False)}
    versions: dict[tuple[str, uuid.UUID], int] = {}
    for row in rows:
        versions[row.type, row.key_blind] = versions.get((row.type, row.key_blind), 0) + 1
    return tuple(
        OwnRecord(
            title=contracts[row.type].title if row.type in contracts else row.type,
            department=names.get(row.department_id, ""),
            known_from=row.known_from,
            versions=versions[row.type, row.key_blind],
            withdrawn=row.withdrawn,
            destroyed=row.key.wrapped is None,
            cells=_cells(row, contracts.get(row.type)),
        )
        for row in rows
        if row.known_to is None
    )


def _cells(row: SealedRecord, contract: Contract | None) -> tuple[tuple[str, str], ...]:
    if row.key.wrapped is None:
        return ()
    cipher = Cipher(row.key_id, unwrap_key(row.key_id, bytes(row.key.wrapped), present_master_keys()))
    content = json.loads(cipher.open(bytes(row.ciphertext), record_aad(row.type, row.batch_no, row.row_no)))
    fields = {one.name: one for one in contract.fields} if contract else {}
    number = contract.roles.person_id if contract else ""
    return tuple(
        (fields[name].label if name in fields else name, _shown(name, str(value), number))
        for name, value in content.items()
        if value
    )


def _shown(name: str, value: str, number: str) -> str:
    return mask_value(value, personal=True) if name == number else mask_text(value)

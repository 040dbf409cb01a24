"""Rows about natural persons: sealed with a key for each record, opened with a purpose, erased with the key."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction

from xinheng.vault.actions.keys import new_ciphers
from xinheng.vault.ciphers import Cipher
from xinheng.vault.keys import MasterKey, blind_persons, present_master_keys, unwrap_key
from xinheng.vault.models import KeyKind

ACCEPTED = "accepted"
AMENDED = "amended"
UNCHANGED = "unchanged"
WITHDRAWN = "withdrawn"
NO_SUCH_KEY = "rejected:no_such_key"
ERASED = "rejected:erased"

_LOCK = 0x78680003


@dataclass(frozen=True)
class PersonRow:
    """One row about a person: `person` is her normalised identity number, `payload` what was sent."""

    person: str = field(repr=False)
    payload: dict[str, str | None] = field(repr=False)
    key_text: str = field(repr=False)
    content_text: str = field(repr=False)
    row_no: int
    withdrawn: bool = False
    decided_on: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class _Current:
    """The open version of a business key, and its key as it is kept; None when it was destroyed."""

    id: int
    content_blind: uuid.UUID
    withdrawn: bool
    key_id: int
    wrapped: bytes | None = field(repr=False)


_Stored = tuple[PersonRow, uuid.UUID, uuid.UUID]
"""A row that is written, with the blind indexes of its business key and its content."""


@dataclass(frozen=True)
class _Delivery:
    """What all rows of one call share."""

    contract_key: str
    batch_no: int
    region_id: int
    department_id: int
    now: datetime


@transaction.atomic
def seal_person_rows(
    *,
    rows: Sequence[PersonRow],
    contract_key: str,
    batch_no: int,
    region_id: int,
    department_id: int,
    now: datetime,
) -> tuple[str, ...]:
    """Store rows sealed and tell for each what became of it, in the order given.

    Business keys are compared within the department and must be distinct within one call (V11 sees to that).
    A key whose content was erased takes no new content: what ended does not come back. Called inside the
    intake's transaction, which writes the audit event.
    """
    if not rows:
        return ()
    delivery = _Delivery(contract_key, batch_no, region_id, department_id, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    master = MasterKey.load(settings.HOME)
    keys = [master.blind_index("key", f"{contract_key}\0{department_id}\0{row.key_text}") for row in rows]
    contents = [master.blind_index("content", f"{row.withdrawn:d}\0{row.content_text}") for row in rows]
    if len(set(keys)) != len(keys):
        raise ValueError("seal_person_rows needs distinct business keys")
    blinds = blind_persons({row.person for row in rows})
    note_mentions(blind_indexes=blinds.values(), batch_no=batch_no)
    current = _current_versions(contract_key, keys)
    outcomes = tuple(
        _outcome(row, current.get(key), content) for row, key, content in zip(rows, keys, contents, strict=True)
    )
    stored = [
        (row, key, content)
        for row, key, content, outcome in zip(rows, keys, contents, outcomes, strict=True)
        if outcome in {ACCEPTED, AMENDED, WITHDRAWN}
    ]
    _close([current[key].id for _, key, _ in stored if key in current], now)
    _write(stored, blinds, _ciphers(stored, current, now), delivery)
    return outcomes


def note_mentions(*, blind_indexes: Iterable[uuid.UUID], batch_no: int) -> None:
    """Remember that a batch's files name these persons, so that erasing one finds the batch again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_personmention (blind_index, batch_no) SELECT unnest(%s::uuid[]), %s"
            " ON CONFLICT DO NOTHING",
            [list(set(blind_indexes)), batch_no],
        )


def _current_versions(contract_key: str, keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, _Current]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.key_blind, r.id, r.content_blind, r.withdrawn, k.id, k.wrapped"
            " FROM unnest(%s::uuid[]) AS wanted(key_blind) JOIN vault_sealedrecord r USING (key_blind)"
            " JOIN vault_datakey k ON k.id = r.key_id WHERE r.type = %s AND r.known_to IS NULL",
            [list(keys), contract_key],
        )
        return {key: _Current(*rest) for key, *rest in cursor.fetchall()}


def _outcome(row: PersonRow, current: _Current | None, content: uuid.UUID) -> str:
    if current is None:
        return NO_SUCH_KEY if row.withdrawn else ACCEPTED
    if current.content_blind == content or (row.withdrawn and current.withdrawn):
        return UNCHANGED
    if current.wrapped is None:
        return ERASED
    return WITHDRAWN if row.withdrawn else AMENDED


def _close(numbers: list[int], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vault_sealedrecord SET known_to = %s WHERE id = ANY(%s::bigint[])", [now, numbers])


def _ciphers(stored: Sequence[_Stored], current: dict[uuid.UUID, _Current], now: datetime) -> list[Cipher]:
    """The key of each record that is written: the one its versions have, or a new one."""
    masters = present_master_keys()
    fresh = iter(
        new_ciphers(kind=KeyKind.PERSON, count=sum(key not in current for _, key, _ in stored), now=now)
    )  # fmt: skip
    return [
        Cipher(known.key_id, unwrap_key(known.key_id, bytes(known.wrapped or b""), masters)) if known else next(fresh)
        for known in (current.get(key) for _, key, _ in stored)
    ]


def _write(
    stored: Sequence[_Stored], blinds: dict[str, uuid.UUID], ciphers: Sequence[Cipher], delivery: _Delivery
) -> None:
    persons = _persons({blinds[row.person] for row, _, _ in stored})
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY vault_sealedrecord (person_id, key_id, region_id, department_id, type, key_blind, content_blind,"
            " ciphertext, withdrawn, decided_on, valid_to, batch_no, row_no, known_from) FROM STDIN"
        ) as copy,
    ):
        for (row, key, content), cipher in zip(stored, ciphers, strict=True):
            payload = json.dumps(row.payload, ensure_ascii=False).encode()
            sealed = cipher.seal(payload, record_aad(delivery.contract_key, delivery.batch_no, row.row_no))
            copy.write_row(
                (
                    persons[blinds[row.person]],
                    cipher.key_id,
                    delivery.region_id,
                    delivery.department_id,
                    delivery.contract_key,
                    key,
                    content,
                    sealed,
                    row.withdrawn,
                    row.decided_on,
                    row.valid_to,
                    delivery.batch_no,
                    row.row_no,
                    delivery.now,
                )
            )


def record_aad(contract_key: str, batch_no: int, row_no: int) -> bytes:
    """What a sealed row is bound to: its place in the files."""
    return f"xinheng sealed row {contract_key} {batch_no} {row_no}".encode()


def _persons(wanted: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The number of each person, given now to those we do not know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_person (blind_index) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING", [list(wanted)]
        )
        cursor.execute("SELECT blind_index, id FROM vault_person WHERE blind_index = ANY(%s::uuid[])", [list(wanted)])
        return dict(cursor.fetchall())

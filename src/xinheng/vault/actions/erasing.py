"""Erasing by destroying keys: for a person also the keys of every file that carries her data."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.home import Home
from xinheng.ledger.models import Batch, DataFile, FileKind
from xinheng.vault.actions.keys import wipe_key
from xinheng.vault.files import key_of_file
from xinheng.vault.keys import blind_persons
from xinheng.vault.models import DataKey, PersonMention, SealedRecord


@dataclass(frozen=True)
class Erasure:
    """What a destruction took with it."""

    keys: tuple[int, ...]
    batches: tuple[int, ...]


@transaction.atomic
def destroy_key(*, key_id: int, by: Actor, now: datetime, reason: str, region_id: int | None = None) -> Erasure:
    """Destroy a data key, for ever.

    For the key of a record about a person, the originals and sealed parts of every batch that carried the record
    lose their keys too, since they hold the same bytes: what was accepted from those batches stays, their refused
    rows and originals become unreadable for all.
    """
    if not DataKey.objects.filter(pk=key_id, destroyed_at=None).exists():
        raise Conflict(f"第 {key_id} 号密钥不存在或已经销毁。", "请刷新页面。")
    batches = set(SealedRecord.objects.filter(key_id=key_id).values_list("batch_no", flat=True))
    return _destroy({key_id}, batches, by=by, now=now, reason=reason, region_id=region_id)


@transaction.atomic
def destroy_files(*, batch_no: int, by: Actor, now: datetime, reason: str) -> Erasure:
    """Destroy the keys of a batch's original and sealed parts; the records that came of it stay."""
    region_id = Batch.objects.values_list("region_id", flat=True).get(number=batch_no)
    return _destroy(set(), {batch_no}, by=by, now=now, reason=reason, region_id=region_id)


@transaction.atomic
def erase_person(*, number: str, by: Actor, now: datetime, reason: str, region_id: int | None = None) -> Erasure:
    """Destroy everything sealed about the person with this normalised identity number.

    A person who is named in files only (in refused rows) loses those files; the number itself is not kept. Files
    that were not processed yet are the intake's, see `intake.actions.forgetting`.
    """
    if not reason.strip():
        raise Refused("请填写销毁密钥的理由。")
    blind_index = blind_persons([number])[number]
    sealed = SealedRecord.objects.filter(person__blind_index=blind_index).values_list("key_id", "batch_no")
    keys, batches = {key for key, _ in sealed}, {batch for _, batch in sealed} | _mentions(blind_index)
    erasure = _destroy(keys, batches, by=by, now=now, reason=reason, region_id=region_id)
    if not erasure.keys:
        raise NotFound("没有可销毁的内容。", "该证件号码没有加密保存的记录，或已经销毁。")
    return erasure


def _destroy(
    records: set[int], batches: set[int], *, by: Actor, now: datetime, reason: str, region_id: int | None
) -> Erasure:
    """Destroy the keys of records and of their batches' files, those that still live."""
    wanted = records | _keys_of_batches(batches, settings.HOME)
    alive = set(DataKey.objects.filter(pk__in=wanted, destroyed_at=None).values_list("pk", flat=True))
    keys = (*sorted(alive & records), *sorted(alive - records))
    for one in keys:
        wipe_key(key_id=one, by=by, now=now, reason=reason, region_id=region_id)
    return Erasure(keys=keys, batches=tuple(sorted(batches)))


def _mentions(blind_index: uuid.UUID) -> set[int]:
    return set(PersonMention.objects.filter(blind_index=blind_index).values_list("batch_no", flat=True))


def _keys_of_batches(batches: Iterable[int], home: Home) -> set[int]:
    """The keys of the batches' sealed parts and originals; a sealed file names its own key."""
    numbers = list(batches)
    parts = Batch.objects.filter(number__in=numbers).values_list("seal_key", flat=True)
    paths = DataFile.objects.filter(batch__number__in=numbers, kind__in=[FileKind.SOURCE, FileKind.SEALED]).values_list(
        "path", flat=True
    )
    files = [home.root / Path(path) for path in paths]
    return {key for key in parts if key is not None} | {key_of_file(file) for file in files if file.exists()}

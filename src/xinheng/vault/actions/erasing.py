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
from xinheng.vault.models import DataKey, Person, PersonMention, SealedRecord


@dataclass(frozen=True)
class Erasure:
    """What a destruction took with it."""

    keys: tuple[int, ...]
    batches: tuple[int, ...]


@transaction.atomic
def destroy_key(*, key_id: int, by: Actor, now: datetime, reason: str, region_id: int | None = None) -> Erasure:
    """Destroy a data key, for ever.

    For a person's key, the originals and sealed parts of every batch that names her lose their keys too,
    since they hold the same bytes: what was accepted from those batches stays, their refused rows
    and originals become unreadable for all.
    """
    if not DataKey.objects.filter(pk=key_id, destroyed_at=None).exists():
        raise Conflict(f"第 {key_id} 号密钥不存在或已经销毁。", "请刷新页面。")
    person = Person.objects.filter(key_id=key_id).first()
    batches = _batches_naming(person) if person else ()
    others = _keys_of_batches(batches, settings.HOME)
    alive = DataKey.objects.filter(pk__in=others, destroyed_at=None).exclude(pk=key_id)
    keys = (key_id, *alive.order_by("pk").values_list("pk", flat=True))
    for one in keys:
        wipe_key(key_id=one, by=by, now=now, reason=reason, region_id=region_id)
    return Erasure(keys=keys, batches=batches)


@transaction.atomic
def erase_person(*, number: str, by: Actor, now: datetime, reason: str, region_id: int | None = None) -> Erasure:
    """Destroy everything sealed about the person with this normalised identity number.

    A person who is named in files only (in refused rows) loses those files; the number itself is not kept.
    """
    if not reason.strip():
        raise Refused("请填写销毁密钥的理由。")
    blind_index = blind_persons([number])[number]
    person = Person.objects.filter(blind_index=blind_index, key__destroyed_at=None).first()
    if person is not None:
        return destroy_key(key_id=person.key_id, by=by, now=now, reason=reason, region_id=region_id)
    batches = tuple(sorted(_mentions(blind_index)))
    alive = DataKey.objects.filter(pk__in=_keys_of_batches(batches, settings.HOME), destroyed_at=None)
    keys = tuple(alive.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise NotFound("没有可销毁的内容。", "该证件号码没有加密保存的记录，或已经销毁。")
    for one in keys:
        wipe_key(key_id=one, by=by, now=now, reason=reason, region_id=region_id)
    return Erasure(keys=keys, batches=batches)


def _batches_naming(person: Person) -> tuple[int, ...]:
    sealed = SealedRecord.objects.filter(person=person).values_list("batch_no", flat=True)
    return tuple(sorted({*_mentions(person.blind_index), *sealed}))


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

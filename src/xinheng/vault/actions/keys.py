"""Making, destroying and re-wrapping data keys.

Making a key leaves no audit event of its own: it is a step of an intake, which leaves one.
"""

import os
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.base.home import Home
from xinheng.vault.ciphers import Cipher
from xinheng.vault.keys import (
    KEY_BYTES,
    MasterKey,
    adopt_next,
    drop_next,
    present_master_keys,
    rotation_open,
    unwrap_key,
    write_next,
)
from xinheng.vault.models import DataKey, KeyKind, MasterKeyUse

_ROTATION_LOCK = 0x78680002
_STEP = 10_000


@transaction.atomic
def new_key(*, kind: KeyKind | str, now: datetime) -> int:
    """Make a data key and return its number."""
    return new_ciphers(kind=KeyKind(kind), count=1, now=now)[0].key_id


@transaction.atomic
def new_ciphers(*, kind: KeyKind, count: int, now: datetime) -> list[Cipher]:
    """Make `count` data keys at once, ready for work."""
    master = _master_in_use(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('vault_datakey', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        made = [Cipher(number, os.urandom(KEY_BYTES)) for (number,) in cursor.fetchall()]
        with cursor.copy(
            "COPY vault_datakey (id, kind, wrapped, created_at, destroyed_by, destroyed_reason) FROM STDIN"
        ) as copy:
            for cipher in made:
                wrapped = master.wrap_key(cipher.key_id, cipher.secret)
                copy.write_row((cipher.key_id, kind.value, wrapped, now, "", ""))
    return made


@transaction.atomic
def wipe_key(*, key_id: int, by: Actor, now: datetime, reason: str, region_id: int | None = None) -> None:
    """Destroy one data key and nothing else; see `destroy_key` for a person's."""
    if not reason.strip():
        raise Refused("请填写销毁密钥的理由。")
    changed = DataKey.objects.filter(pk=key_id, destroyed_at=None).update(
        wrapped=None, destroyed_at=now, destroyed_by=by.name, destroyed_reason=reason.strip()
    )
    if not changed:
        raise Conflict(f"第 {key_id} 号密钥不存在或已经销毁。", "请刷新页面。")
    record(
        act="vault.destroy",
        by=by,
        now=now,
        region_id=region_id,
        object_type="data_key",
        object_id=str(key_id),
        purpose=reason.strip(),
    )


def rotate_master(*, by: Actor, now: datetime, home: Home | None = None) -> int:
    """Replace the master key and wrap every data key anew; returns how many.

    The new file lies beside the old one until the transaction has committed, and both are readable until
    then, so a crash at any moment loses nothing; the next rotation or `settle_master` clears up.
    """
    where = home or settings.HOME
    settle_master(home=where)
    with transaction.atomic():
        _lock_rotation()
        current = _master_in_use(now)
        following = write_next(where, current)
        MasterKeyUse.objects.filter(until=None).update(until=now)
        MasterKeyUse.objects.create(fingerprint=following.fingerprint.hex(), since=now)
        count = _wrap_anew(following)
        record(act="vault.rotate", by=by, now=now, object_type="master_key", detail={"keys": count})
    adopt_next(where)
    return count


def settle_master(*, home: Home) -> bool:
    """Clear up after a rotation that was killed: finish one that committed, drop one that did not; False without one.

    Waits for a rotation that is still going on.
    """
    if not rotation_open(home):
        return False
    with transaction.atomic():
        _lock_rotation()
        present = MasterKeyUse.objects.filter(until=None).values_list("fingerprint", flat=True).first()
        if not rotation_open(home):
            return False
        known = {fingerprint.hex() for fingerprint in present_master_keys()}
        if present in known and present != MasterKey.load(home).fingerprint.hex():
            adopt_next(home)
        else:
            drop_next(home)
    return True


def _lock_rotation() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ROTATION_LOCK])
        # New keys wait: one wrapped with the old master key after we have passed would be lost.
        cursor.execute("LOCK TABLE vault_masterkeyuse IN EXCLUSIVE MODE")


def _master_in_use(now: datetime) -> MasterKey:
    """The master key the database counts on; its row is held until commit: no rotation overtakes us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fingerprint FROM vault_masterkeyuse WHERE until IS NULL FOR SHARE")
        present = cursor.fetchone()
    if present is None:
        first = MasterKey.load(settings.HOME)
        mine = MasterKeyUse(fingerprint=first.fingerprint.hex(), since=now)
        MasterKeyUse.objects.bulk_create([mine], ignore_conflicts=True)  # another process may be as quick
        return first
    master = present_master_keys().get(bytes.fromhex(present[0]))
    if master is None:
        raise Refused("主密钥与数据库中的密钥不匹配。", "请从密钥备份中恢复 keys/master.key 后再试。")
    return master


def _wrap_anew(following: MasterKey) -> int:
    masters = present_master_keys()
    last, count = 0, 0
    while True:
        alive = DataKey.objects.filter(wrapped__isnull=False, pk__gt=last).order_by("pk")
        rows = [(number, bytes(old or b"")) for number, old in alive.values_list("pk", "wrapped")[:_STEP]]
        if not rows:
            return count
        numbers = [number for number, _ in rows]
        wrapped = [following.wrap_key(number, unwrap_key(number, old, masters)) for number, old in rows]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE vault_datakey k SET wrapped = n.wrapped"
                " FROM unnest(%s::bigint[], %s::bytea[]) AS n(id, wrapped) WHERE k.id = n.id",
                [numbers, wrapped],
            )
        last, count = numbers[-1], count + len(numbers)

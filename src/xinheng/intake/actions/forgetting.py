"""Forgetting a person also in files that were handed in and not processed yet: only the file knows whom it names."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, Refused, TryLater
from xinheng.base.home import Home
from xinheng.base.identifiers import citizen_number
from xinheng.base.identifiers.normalise import normalise
from xinheng.catalogue.values import FULL_WIDTH, HALF_WIDTH
from xinheng.engines.duck import duck
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.reading import land
from xinheng.intake.reading.landed import REST
from xinheng.intake.reading.limits import Limits
from xinheng.intake.turns import is_held
from xinheng.vault.actions import erase_person
from xinheng.vault.actions.keys import wipe_key
from xinheng.vault.sealing import open_file

FORGOTTEN = "这个文件里有应删除的个人信息，原件已不能再读取。"
SHORTEST = 7
"""Characters; shorter than any number of a passport or another document."""
SEND_AGAIN = "请删去有关的行后重新报送。"


@dataclass(frozen=True)
class Forgotten:
    """What was destroyed: keys, the batches that named her, and files that were still waiting."""

    keys: int
    batches: tuple[int, ...]
    waiting: int


def forget_person(*, number: str, by: Actor, now: datetime, reason: str, region_id: int | None = None) -> Forgotten:
    """Destroy everything sealed about the person with this identity number, also in files not processed yet.

    Every such file is opened and looked through for the number. NotFound when there is nothing anywhere; Refused
    for what is no identity number, TryLater while a file is being processed.
    """
    clean = normalise(number)
    mistyped = citizen_number.FORMAT.fullmatch(clean) and not citizen_number.has_valid_check(clean)
    if mistyped or len(clean) < SHORTEST:
        raise Refused("证件号码不正确。", "请核对证件上的号码。")
    if not reason.strip():
        raise Refused("请填写销毁密钥的理由。")
    home: Home = settings.HOME
    unread = Delivery.objects.exclude(state=DeliveryState.DONE).exclude(stored_path="").order_by("received_at")
    if any(is_held(one.pk) for one in unread):
        raise TryLater("有文件正在处理，其中可能有这个人的信息。", "请等处理完后再试。")
    naming = [one for one in unread if one.key_id is not None and _names(one, _spellings(clean), home)]
    with transaction.atomic():
        for one in naming:
            _destroy(one, home, by=by, now=now, reason=reason)
        try:
            erasure = erase_person(number=clean, by=by, now=now, reason=reason, region_id=region_id)
        except NotFound:
            if not naming:
                raise
            return Forgotten(len(naming), (), len(naming))
    return Forgotten(len(naming) + len(erasure.keys), erasure.batches, len(naming))


def _spellings(number: str) -> tuple[str, ...]:
    """A number and its older or newer form."""
    if len(number) == len("110101900101001"):
        return number, citizen_number.complete(number)
    old = number[:6] + number[8:17]
    return (number, old) if citizen_number.complete(old) == number else (number,)


def _names(delivery: Delivery, numbers: tuple[str, ...], home: Home) -> bool:
    """Whether a cell of the file holds one of the numbers; a file that cannot be read is not kept either way."""
    with home.workplace("forget") as folder:
        try:
            source = folder / "source"
            open_file(home.root / delivery.stored_path, source, delivery.key_id or 0)
            with duck(folder) as engine:
                landed = land(source, folder / "rows.parquet", engine, Limits.from_environment())
                engine.numbered("landed", landed.path, first=landed.first_row)
                line = f"concat_ws(chr(31), {', '.join((*landed.columns, REST))})"
                plain = f"regexp_replace(translate(upper({line}), ?, ?), '[\\s\\-\u3000]', '', 'g')"
                found = " OR ".join(["contains(text, ?)"] * len(numbers))
                (count,) = engine.one(
                    f"SELECT count(*) FROM (SELECT {plain} AS text FROM landed) WHERE {found}",
                    [FULL_WIDTH, HALF_WIDTH, *numbers],
                )
            return bool(count)
        except Refused:
            return True


def _destroy(delivery: Delivery, home: Home, *, by: Actor, now: datetime, reason: str) -> None:
    changed = (
        Delivery.objects.filter(pk=delivery.pk, stored_path=delivery.stored_path)
        .exclude(state__in=[DeliveryState.DONE, DeliveryState.RUNNING])
        .update(
            state=DeliveryState.REFUSED, message=FORGOTTEN, advice=SEND_AGAIN, finished_at=now, percent=100, stage="",
            stored_path="",
        )
    )  # fmt: skip
    if not changed:
        raise TryLater("有文件正在处理，其中可能有这个人的信息。", "请等处理完后再试。")
    wipe_key(key_id=delivery.key_id or 0, by=by, now=now, reason=reason, region_id=delivery.region_id)
    transaction.on_commit(partial(_remove, home.root / delivery.stored_path))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)

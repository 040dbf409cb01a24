"""Processing a delivery into a batch: everything before the last transaction can be killed and done again."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, Refused
from xinheng.base.home import Home
from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.headers import match_headers
from xinheng.engines.duck import Duck, duck
from xinheng.intake.actions.committing import commit
from xinheng.intake.actions.delivering import contract_of
from xinheng.intake.actions.matching import link_by_names
from xinheng.intake.checking import judge, open_rows
from xinheng.intake.comparing import refuse_repeats
from xinheng.intake.headings import OWN_COLUMNS, columns_of
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.reading import Landed, land
from xinheng.intake.reading.limits import Limits
from xinheng.intake.statements import state
from xinheng.intake.tokens import put_back_sealed_cells
from xinheng.people.models import Department
from xinheng.register.search_tokens import count_tokens
from xinheng.vault.actions.keys import wipe_key
from xinheng.vault.keys import MasterKey
from xinheng.vault.sealing import open_file

Clock = Callable[[], datetime]


class _Unreadable(Refused):
    """The file itself is at fault, and no later attempt will read it."""


@dataclass(frozen=True)
class Stage:
    """One step of the work, as the waiting clerk sees it."""

    percent: int
    words: str


READING = Stage(5, "正在读取文件")
CHECKING = Stage(30, "正在逐行核对")
COMPARING = Stage(60, "正在与已有信息比对")
WRITING = Stage(75, "正在写入并生成回执")


def process(*, delivery_id: uuid.UUID, by: Actor, clock: Clock) -> Delivery:
    """Read, check, compare, link and commit one delivery; returns it with its batch.

    A file that cannot be read is marked refused with one sentence (Refused is not raised), and its original is
    not kept. Processing a delivery that is done, or was found unreadable, returns it as it is. `clock` gives the
    time of receipt and of commit.
    """
    delivery = Delivery.objects.select_related("department", "region").get(pk=delivery_id)
    if delivery.state == DeliveryState.DONE or not delivery.stored_path:
        return delivery
    if delivery.state == DeliveryState.MAPPING:
        raise Conflict("这个文件还在等待确认列名。", "请先在列名确认页选定每一列。")
    contract = contract_of(delivery.type)
    _report(delivery, READING, state=DeliveryState.RUNNING)
    try:
        with settings.HOME.workplace("intake") as tmp, duck(tmp) as engine:
            landed = _prepare(engine, delivery, contract, tmp)
            _report(delivery, COMPARING)
            with transaction.atomic(), connection.cursor() as cursor:
                batch = commit(engine, cursor, delivery, contract, landed=landed, tmp=tmp, by=by, clock=clock)
        # After the commit, since it locks the rows of common tokens; the search only loses speed without it.
        count_tokens(batch_no=batch.number)
        link_by_names(batch_no=batch.number, by=by, now=max(clock(), batch.known_at))
    except Refused as refusal:
        _refuse(delivery, refusal, by=by, now=clock())
    delivery.refresh_from_db()
    return delivery


def _prepare(engine: Duck, delivery: Delivery, contract: Contract, tmp: Path) -> Landed:
    """Everything that needs no lock: landing, judging, stating, repeats."""
    home: Home = settings.HOME
    source = tmp / "source"
    open_file(home.root / delivery.stored_path, source, _key(delivery))
    try:
        landed = land(source, tmp / "landed" / "rows.parquet", engine, Limits.from_environment())
    except Refused as refusal:
        raise _Unreadable(refusal.message, refusal.advice) from refusal
    source.unlink()
    match = match_headers(landed.headers, contract, OWN_COLUMNS | (delivery.mapping or {}))
    open_rows(engine, landed, contract, columns_of(landed.headers, match))
    put_back_sealed_cells(engine, contract, department_id=delivery.department_id)
    _report(delivery, CHECKING)
    judge(engine, contract, _context(delivery))
    state(engine, contract, pepper(home))
    refuse_repeats(engine, contract)
    return landed


def pepper(home: Home) -> str:
    """The secret that goes into every hash of a key or content, so that no one can find numbers by trying."""
    return MasterKey.load(home).blind_index("intake", "rows").hex


def _context(delivery: Delivery) -> CheckContext:
    codes = Department.objects.filter(region_id=delivery.region_id, is_active=True).values_list("code", flat=True)
    return CheckContext(as_at=today(delivery.received_at), department_codes=frozenset(codes))


def _key(delivery: Delivery) -> int:
    if delivery.key_id is None:
        raise Refused("这个文件的原件没有保存下来。", "请重新报送。")
    return delivery.key_id


def _report(delivery: Delivery, stage: Stage, **changes: Any) -> None:
    Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.DONE).update(
        percent=stage.percent, stage=stage.words, **changes
    )


def _refuse(delivery: Delivery, refusal: Refused, *, by: Actor, now: datetime) -> None:
    """Mark the delivery; of an unreadable file only the sentence stays, since nobody could find whom it names."""
    unreadable = isinstance(refusal, _Unreadable) and delivery.key_id is not None
    changes = {"stored_path": ""} if unreadable else {}
    with transaction.atomic():
        changed = (
            Delivery.objects.filter(pk=delivery.pk)
            .exclude(state=DeliveryState.DONE)
            .update(
                state=DeliveryState.REFUSED,
                message=refusal.message[:500],
                advice=refusal.advice[:500],
                finished_at=now,
                percent=100,
                stage="",
                **changes,
            )
        )
        if changed and unreadable:
            wipe_key(key_id=_key(delivery), by=by, now=now, reason="文件未能接收", region_id=delivery.region_id)
    if changed and unreadable:
        (settings.HOME.root / delivery.stored_path).unlink(missing_ok=True)

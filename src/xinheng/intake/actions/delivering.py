"""Receiving files: a delivery is kept encrypted from its first moment, and is the same delivery when sent again."""

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, Refused
from xinheng.base.home import Home
from xinheng.base.masking import mask_text
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.headers import HeaderMatch, match_headers, suggest_contract
from xinheng.intake.headings import OWN_COLUMNS, header_digest
from xinheng.intake.models import Delivery, DeliveryState, HeaderMapping
from xinheng.intake.reading import read_headers
from xinheng.intake.reading.archive import member_names, readable_name, unpack_member
from xinheng.intake.reading.formats import detect
from xinheng.intake.reading.limits import Limits
from xinheng.ledger.models import Channel
from xinheng.ledger.writing import sha256_of
from xinheng.people.models import Department, User
from xinheng.vault.actions.keys import new_key
from xinheng.vault.models import KeyKind
from xinheng.vault.sealing import seal_file

GUESS = "auto"
"""In place of a type: take the contract whose columns fit best, when there is no doubt."""


@dataclass(frozen=True)
class Sender:
    """Who hands a file in, for which department, by which channel."""

    department: Department
    channel: Channel
    by: Actor
    user: User | None = None
    from_case: bool = False
    """Sent by a step of a case, which alone may write what the contract reserves to cases."""


def contract_of(type: str) -> Contract:
    """The contract of a record type; NotFound names the ones there are."""
    contracts = load_contracts(settings.PACK)
    if type not in contracts:
        raise NotFound(f"没有“{type}”这类信息。", f"可用的类型：{'、'.join(sorted(contracts))}。")
    return contracts[type]


def receive(
    *,
    path: Path,
    file_name: str,
    type: str,
    sender: Sender,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> list[Delivery]:
    """Take in one file, or each file of a ZIP, as deliveries waiting to be processed.

    The same file, from the same department for the same type, is the same delivery: nothing is done twice.
    `type` may be `auto`. A file whose columns are unclear waits for a mapping. Refused with one sentence
    when the file, or one of a ZIP, cannot be read at all; then nothing is kept.
    """
    limits = limits or Limits.from_environment()
    home: Home = settings.HOME
    limits.check_size(path.stat().st_size)
    if detect(path) != "zip":
        return [_receive_one(path, file_name, type, sender, now, mapping, limits, home)]
    deliveries = []
    with home.workplace("zip") as folder:
        try:
            with transaction.atomic():
                for name in member_names(path, limits):
                    member = folder / "member"
                    unpack_member(path, name, member, limits)
                    shown = f"{file_name}/{readable_name(name)}"
                    deliveries.append(_receive_one(member, shown, type, sender, now, mapping, limits, home))
        except Refused:
            # Without their rows in the database the originals of the members before are nobody's.
            for delivery in deliveries:
                if not Delivery.objects.filter(pk=delivery.pk).exists():
                    (home.root / delivery.stored_path).unlink(missing_ok=True)
            raise
    return deliveries


def _receive_one(
    path: Path, file_name: str, type: str, sender: Sender, now: datetime,
    mapping: Mapping[str, str] | None, limits: Limits, home: Home,
) -> Delivery:  # fmt: skip
    folder = home.tmp / f"head-{uuid.uuid4().hex}"
    folder.mkdir(mode=0o700)
    try:
        headers = read_headers(path, folder, limits)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    contract = _guessed(headers) if type == GUESS else contract_of(type)
    if contract.by_case and not sender.from_case:
        raise Refused(f"“{contract.title}”不能报送：它只由单位申报、部门核验后在案件中产生。")
    digest = sha256_of(path)
    known = _same_file(sender.department, contract, digest)
    if known:
        return known
    saved = dict(mapping) if mapping else _saved_mapping(sender.department, contract, headers)
    match = match_headers(headers, contract, OWN_COLUMNS | saved)
    if not match.mapping:
        raise Refused(f"没有一列认得出是“{contract.title}”的字段。", "请确认选对了信息类型，或下载模板对照列名。")
    return _keep(path, file_name, contract, digest, match, saved, sender, now, home)


def _same_file(department: Department, contract: Contract, digest: str) -> Delivery | None:
    """The delivery this file was before, unless it was refused then."""
    return (
        Delivery.objects.filter(department=department, type=contract.key, sha256=digest)
        .exclude(state=DeliveryState.REFUSED)
        .order_by("received_at")
        .first()
    )


def _saved_mapping(department: Department, contract: Contract, headers: tuple[str, ...]) -> dict[str, str]:
    saved = HeaderMapping.objects.filter(
        department=department, type=contract.key, header_digest=header_digest(headers)
    ).first()
    return dict(saved.mapping) if saved else {}


def _guessed(headers: tuple[str, ...]) -> Contract:
    contracts = load_contracts(settings.PACK)
    offered = {key: one for key, one in contracts.items() if not one.by_case}
    fits = [fit for fit in suggest_contract(headers, offered) if not fit.missing_required]
    scores = [fit.unknown + 2 * fit.missing_required - fit.matched for fit in fits]
    if not fits or (len(fits) > 1 and scores[0] == scores[1]):
        raise Refused("看不出这是哪类信息。", "请在报送时选定信息类型。")
    return contracts[fits[0].key]


@transaction.atomic
def _keep(
    path: Path, file_name: str, contract: Contract, digest: str, match: HeaderMatch, saved: Mapping[str, str],
    sender: Sender, now: datetime, home: Home,
) -> Delivery:  # fmt: skip
    delivery = Delivery(
        id=uuid.uuid4(),
        region=sender.department.region,
        department=sender.department,
        type=contract.key,
        channel=sender.channel,
        file_name=mask_text(Path(file_name).name if "/" not in file_name else file_name)[:255],
        sha256=digest,
        size=path.stat().st_size,
        mapping=dict(saved) or None,
        state=DeliveryState.WAITING if match.usable else DeliveryState.MAPPING,
        submitted_by=sender.user,
        submitted_by_client=sender.by.name if sender.by.kind == "client" else "",
        received_at=now,
    )
    delivery.key_id = new_key(kind=KeyKind.SOURCE, now=now)
    target = home.sources / f"{delivery.id.hex}.sealed"
    seal_file(path, target, delivery.key_id)
    delivery.stored_path = target.relative_to(home.root).as_posix()
    delivery.save(force_insert=True)
    record(
        act="intake.receive",
        by=sender.by,
        now=now,
        region_id=delivery.region_id,
        object_type="delivery",
        object_id=delivery.id.hex,
        detail={"type": contract.key, "channel": sender.channel, "sha256": digest, "size": delivery.size},
    )
    return delivery


@transaction.atomic
def choose_mapping(
    *, delivery: Delivery, mapping: Mapping[str, str], headers: tuple[str, ...], by: User, now: datetime
) -> Delivery:
    """Say which column is which field, remember it for files of the same shape, and let the delivery go on."""
    contract = contract_of(delivery.type)
    match = match_headers(headers, contract, OWN_COLUMNS | dict(mapping))
    if not match.usable:
        missing = "、".join(contract.field(name).label for name in match.missing_required)
        raise Refused(f"还缺少必填的列：{missing}。" if missing else "仍有列名重复或不明确。", "请逐列选定后再提交。")
    changed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.MAPPING).update(
        mapping=dict(mapping), state=DeliveryState.WAITING
    )
    if not changed:
        raise Refused("这个文件已经不在等待确认列名。", "请刷新页面查看它的现状。")
    HeaderMapping.objects.update_or_create(
        department_id=delivery.department_id,
        type=delivery.type,
        header_digest=header_digest(headers),
        defaults={"mapping": dict(mapping), "decided_by": by, "decided_at": now},
    )
    record(
        act="intake.map",
        by=Actor.of(by),
        now=now,
        region_id=delivery.region_id,
        object_type="delivery",
        object_id=delivery.pk.hex,
    )
    delivery.refresh_from_db()
    return delivery

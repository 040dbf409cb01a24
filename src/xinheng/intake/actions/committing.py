"""The one commit point: ledger files first, then everything else in the caller's transaction.

Visible wholly or not at all: a kill before the commit leaves files nobody lists and rows nobody sees.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.postgres.bulk import give_room
from xinheng.catalogue.contract import Contract
from xinheng.effects.actions import end_for_versions, publish_batch
from xinheng.engines.duck import Duck
from xinheng.intake.authorised import refuse_unauthorised
from xinheng.intake.checking import add_findings
from xinheng.intake.comparing import (
    AMENDED,
    NEW,
    RETURNED,
    UNCHANGED,
    WITHDRAWN_NOW,
    compare,
    hold_look_alikes,
)
from xinheng.intake.findings import groups, write_findings
from xinheng.intake.linking import link
from xinheng.intake.models import Delivery, DeliveryState, FindingGroup
from xinheng.intake.persons import seal_persons
from xinheng.intake.placing import Placement, outcome_counts, place, register_files, write_accepted
from xinheng.intake.reading import Landed
from xinheng.intake.registrations import changed, newcomers, registers
from xinheng.intake.sealing import seal_personal, seal_rejected
from xinheng.ledger.actions import list_batch, take_turn
from xinheng.ledger.models import Batch, FileKind
from xinheng.ledger.writing import DataFolder, WrittenFile
from xinheng.register.actions.batch import (
    add_organisations,
    open_reviews,
    update_organisations,
    write_versions,
)
from xinheng.vault.actions.keys import new_key
from xinheng.vault.models import KeyKind


@dataclass(frozen=True)
class _Counts:
    """How the rows of a batch ended, persons included."""

    rows: int
    rejected: int
    outcomes: dict[str, int]
    persons: Counter[str]

    def facts(self) -> dict[str, int]:
        outcomes, persons = self.outcomes, self.persons
        withdrawn = outcomes[WITHDRAWN_NOW] + persons["withdrawn"]
        return {
            "rows": self.rows,
            "rejected": self.rejected,
            "accepted": outcomes[NEW] + persons["accepted"] + self._returned_new,
            "amended": outcomes[AMENDED] + persons["amended"] + withdrawn + self._returned_known,
            "unchanged": outcomes[UNCHANGED] + persons["unchanged"],
            "withdrawn": withdrawn,
            "timely": outcomes["timely"],
            "late": outcomes["late"],
            "linked": outcomes["linked"],
            "sealed_persons": sum(persons.values()),
        }

    @property
    def _returned_new(self) -> int:
        return self.outcomes["returned_new"]

    @property
    def _returned_known(self) -> int:
        return self.outcomes[RETURNED] - self.outcomes["returned_new"]


def commit(
    engine: Duck,
    cursor: Any,
    delivery: Delivery,
    contract: Contract,
    *,
    landed: Landed,
    tmp: Path,
    by: Actor,
    clock: Callable[[], datetime],
) -> Batch:
    """Compare, link, write and list one batch; must run inside a transaction."""
    number, last_known = take_turn()
    give_room(cursor)
    now = max(clock(), last_known) if last_known else clock()
    placement = _placement(delivery, number, now)
    refuse_unauthorised(engine, cursor, contract, region_id=placement.region_id, today=today(now), folder=tmp)
    compare(engine, cursor, contract, region_id=placement.region_id, department_id=placement.department_id, folder=tmp)
    link(engine, cursor, contract, folder=tmp)
    _note_names(engine, contract)
    hold_look_alikes(engine, cursor, contract, folder=tmp)
    place(engine, contract, placement)
    persons = seal_persons(
        engine, contract, batch_no=number, region_id=placement.region_id, department_id=placement.department_id, now=now
    )
    key_id = new_key(kind=KeyKind.BATCH, now=now)
    folder = DataFolder(settings.HOME, number)
    write_accepted(engine, contract, placement, folder)
    rejected = seal_rejected(engine, contract, landed, folder, key_id, tmp)
    seal_personal(engine, contract, folder, key_id, tmp)
    found = groups(engine)
    if found:
        path = folder.place("findings.parquet")
        folder.add(FileKind.FINDINGS, path, write_findings(engine, contract, path))
    folder.settle()
    rows = int(engine.one("SELECT count(*) FROM rows")[0])
    counts = _Counts(rows, rejected, _outcomes(engine), persons)
    batch = _list(delivery, contract, placement, folder, counts, found, key_id)
    if contract.register:
        _write_register(engine, cursor, contract, placement, tmp)
        end_for_versions(batch_no=number, now=now, today=today(now), by=by)
        if contract.publication_rule and not placement.held:
            publish_batch(batch_no=number, region_id=placement.region_id, today=today(now), now=now, by=by)
    _finish(delivery, batch, by=by, now=now)
    return batch


def _placement(delivery: Delivery, number: int, now: datetime) -> Placement:
    return Placement(
        batch_no=number,
        region_id=delivery.region_id,
        department_id=delivery.department_id,
        held=delivery.department.hold_before_publication,
        received_at=delivery.received_at,
        received_on=today(delivery.received_at),
        known_at=now,
    )


def _note_names(engine: Duck, contract: Contract) -> None:
    """V12: the delivered name is not one the register knows for this code."""
    if "V12" not in contract.switched_off:
        name = contract.roles.subject_name
        add_findings(engine, f"SELECT row_no, 'V12', '{name}', '', 'warning' FROM links WHERE differs")


def _outcomes(engine: Duck) -> dict[str, int]:
    new = engine.one(f"SELECT count(*) FROM placed WHERE outcome = '{RETURNED}' AND old_id IS NULL")[0]
    return outcome_counts(engine) | {"returned_new": int(new)}


def _list(
    delivery: Delivery, contract: Contract, placement: Placement, folder: DataFolder, counts: _Counts,
    found: list[tuple[str, str, str, str, int, int]], key_id: int,
) -> Batch:  # fmt: skip
    source = settings.HOME.root / delivery.stored_path
    original = WrittenFile(FileKind.SOURCE, delivery.stored_path, counts.rows, source.stat().st_size, delivery.sha256)
    batch = list_batch(
        files=[*folder.files, original],
        number=placement.batch_no,
        region_id=placement.region_id,
        department_id=placement.department_id,
        type=contract.key,
        edition=contract.edition,
        channel=delivery.channel,
        file_name=delivery.file_name,
        sha256=delivery.sha256,
        size=delivery.size,
        submitted_by=delivery.submitted_by,
        submitted_by_client=delivery.submitted_by_client,
        received_at=delivery.received_at,
        known_at=placement.known_at,
        warnings=sum(group[4] for group in found if group[3] == "warning"),
        errors_total=sum(group[4] for group in found if group[3] == "error"),
        seal_key=key_id,
        held=placement.held and bool(contract.publication_rule),
        **counts.facts(),
    )
    FindingGroup.objects.bulk_create(
        FindingGroup(
            batch=batch, check_id=check, column=column, variant=variant, level=level, count=count, first_row=first
        )
        for check, column, variant, level, count, first in found
    )
    return batch


def _write_register(engine: Duck, cursor: Any, contract: Contract, placement: Placement, tmp: Path) -> None:
    number, now = placement.batch_no, placement.known_at
    add_organisations(cursor, newcomers(engine, contract), batch_no=number, now=now)
    if registers(contract):
        update_organisations(cursor, changed(engine, contract), batch_no=number, now=now)
    versions, closing, reviews = register_files(engine, contract, placement, tmp)
    write_versions(cursor, versions=versions, closing=closing, now=now)
    open_reviews(cursor, reviews=reviews)


def _finish(delivery: Delivery, batch: Batch, *, by: Actor, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.DONE, batch=batch, finished_at=now, percent=100, stage=""
    )
    record(
        act="intake.commit",
        by=by,
        now=now,
        region_id=batch.region_id,
        object_type="batch",
        object_id=str(batch.number),
        detail={
            name: getattr(batch, name)
            for name in ("type", "sha256", "rows", "accepted", "amended", "unchanged", "withdrawn", "rejected")
        },
    )

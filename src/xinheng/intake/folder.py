"""The watched folder: `inbox/<department code>/<type>/<file>` is taken in, and the answer is put beside it.

A file that was taken in is removed, since its encrypted original lies in the ledger. A file that cannot be read
stays where the department put it, renamed to end in `.refused`, with a text file that says why; it is theirs to
correct or delete, and `doctor` tells how long it has been lying there. Receipts are written to
`inbox/<department code>/回执/`; they hold masked values only.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused, XinhengError
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.jobs import submit, work_on
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.queries import findings, receipt
from xinheng.ledger.models import Channel
from xinheng.people.models import Department

RECEIPTS = "回执"
REFUSED = ".refused"
QUIET_SECONDS = 5
"""A file that changed within these seconds may still be on its way."""
LISTED_ERRORS = 10_000
"""Single errors in one receipt file; the counts by kind are always complete."""
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", REFUSED)


@dataclass(frozen=True)
class _Found:
    """One file to take in."""

    path: Path
    department: Department
    type: str


def prepare_folders(home: Home) -> None:
    """One folder per active department, so that nobody has to type an eighteen-character code."""
    for code in Department.objects.filter(is_active=True).values_list("code", flat=True):
        (home.inbox / code / RECEIPTS).mkdir(mode=0o700, parents=True, exist_ok=True)


def take_in_folder(*, home: Home, clock: Callable[[], datetime], quiet_seconds: float = QUIET_SECONDS) -> int:
    """Take in every finished file of the watched folder; returns how many there were."""
    count = 0
    for found in _finished(home, quiet_seconds):
        _take_in(found, home, clock)
        count += 1
    return count


def refused_files(home: Home) -> tuple[Path, ...]:
    """Files that could not be read and still lie in the watched folder, in clear."""
    return tuple(sorted(home.inbox.glob(f"*/*/*{REFUSED}")))


def _finished(home: Home, quiet_seconds: float) -> Iterator[_Found]:
    departments = {one.code: one for one in Department.objects.filter(is_active=True).select_related("region")}
    for path in sorted(home.inbox.glob("*/*/*")):
        department = departments.get(path.parts[-3])
        if department is None or path.parts[-2] == RECEIPTS or not _is_plain_file(path):
            continue
        if path.name.startswith(".") or path.name.endswith((*_UNFINISHED, ".refused.txt")):
            continue
        if time.time() - path.stat().st_mtime >= quiet_seconds:
            yield _Found(path, department, path.parts[-2])


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _take_in(found: _Found, home: Home, clock: Callable[[], datetime]) -> None:
    sender = Sender(found.department, Channel.FOLDER, Actor.system("监视目录"))
    try:
        deliveries = submit(path=found.path, file_name=found.path.name, type=found.type, sender=sender, now=clock())
        done = [_processed(delivery, sender.by, clock) for delivery in deliveries]
    except (Refused, Conflict) as refusal:
        _set_aside(found.path, refusal)
        return
    unread = [delivery for delivery in done if delivery.state == DeliveryState.REFUSED]
    for delivery in done:
        _answer(delivery, home.inbox / found.department.code / RECEIPTS)
    if unread:
        _set_aside(found.path, Refused(unread[0].message, unread[0].advice))
    else:
        found.path.unlink()


def _processed(delivery: Delivery, by: Actor, clock: Callable[[], datetime]) -> Delivery:
    if delivery.state == DeliveryState.MAPPING:
        return delivery
    return work_on(delivery_id=delivery.pk, by=by, clock=clock)


def _answer(delivery: Delivery, folder: Path) -> None:
    """Write the receipt, whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{Path(delivery.file_name).name}.{delivery.pk.hex[:8]}.json"
    part = target.with_suffix(".part")
    part.write_text(json.dumps(_content(delivery), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(part, target)


def _content(delivery: Delivery) -> dict[str, object]:
    if delivery.batch is None:
        waiting = delivery.state == DeliveryState.MAPPING
        message = "列名需要确认。" if waiting else delivery.message
        advice = "请在工作台的报送页面逐列确认后继续。" if waiting else delivery.advice
        return {"file": delivery.file_name, "state": delivery.state, "message": message, "advice": advice}
    number, scope = delivery.batch.number, Scope(region=delivery.region.code)
    return {
        "file": delivery.file_name,
        "state": delivery.state,
        **receipt(scope, number).as_json(findings(scope, number, limit=LISTED_ERRORS)),
    }


def _set_aside(path: Path, refusal: XinhengError) -> None:
    aside = path.with_name(path.name + REFUSED)
    os.replace(path, aside)
    note = path.with_name(path.name + REFUSED + ".txt")
    note.write_text(f"{refusal.message}{refusal.advice}\n", encoding="utf-8")

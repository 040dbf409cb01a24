"""Files of codes: received, answered by a job under one receipt, and deleted in time.

Every code is kept before the answers can be fetched: codes, receipt, log and state are one transaction, and the
file of answers is on the disk before it commits.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import XinhengError
from xinheng.base.home import Home
from xinheng.base.masking import mask_text
from xinheng.checks.actions.answering import reach
from xinheng.checks.actions.keeping import Key, Sum, errand_facts, happening, keep, new_number, used, written
from xinheng.checks.actions.many import asked_digest, keep_part, sentence_of_many
from xinheng.checks.asking import Errand, PersonRefused, Question, understood
from xinheng.checks.code_files import (
    KEPT_DAYS,
    answers_path,
    asked_path,
    progress_path,
    read_asked,
    read_codes,
    write_asked,
)
from xinheng.checks.keys import SigningKey, ensure_check_key
from xinheng.checks.looking import look
from xinheng.checks.models import CheckFile, FileState, Mode
from xinheng.checks.receipts import sign
from xinheng.checks.sheet import Sheet
from xinheng.register.models import Identifier

ACT, RECEIVED, ENDED = "check.answer_file", "check.receive_file", "check.end_file"
AT_A_TIME = 10_000
_LEFT_BEHIND = timedelta(days=1)
_KEEPER = Actor.system("到期清除")
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Answers:
    """What came of a file: the numbers, one sentence, and the receipt that signs the digests of all lines."""

    number: str
    codes: int
    hits: int
    refused: int
    sentence: str
    receipt: str


def receive_codes(
    *, about: Errand, path: Path, file_name: str, home: Home, now: datetime, key: Key | None = None
) -> CheckFile:
    """Take in a file of codes for one errand; it waits to be answered. The same key and file give the same again."""
    known = _known(about, key)
    if known is not None:
        return known
    asked = without_persons(understood(about, read_codes(path)))
    number, actor = uuid4(), about.asker.actor
    digest = write_asked(asked_path(home, number), asked)
    row = CheckFile(
        id=number, region_id=about.asker.region_id, department_id=about.asker.department_id, actor_kind=actor.kind,
        actor_id=actor.id, actor_name=actor.name, item=about.item.code, case_no=about.case_no,
        purpose=about.purpose.key, file_name=mask_text(file_name.replace("\x00", ""))[:200], codes=len(asked),
        refused=sum(not isinstance(one, Question) for one in asked), received_at=now,
        ends_on=today(now) + timedelta(days=KEPT_DAYS), idempotency_key=key.text if key else None,
        request_digest=key.digest if key else "",
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record(
                act=RECEIVED, by=actor, now=now, region_id=row.region_id, object_type="check_file",
                object_id=number.hex, detail={"item": row.item, "codes": row.codes, "asked": digest},
            )  # fmt: skip
    except IntegrityError:  # the same call, a moment earlier
        asked_path(home, number).unlink()
        found = _known(about, key)
        if found is None:
            raise
        return found
    return row


def _known(about: Errand, key: Key | None) -> CheckFile | None:
    if key is None:
        return None
    actor = about.asker.actor
    found = CheckFile.objects.filter(actor_kind=actor.kind, actor_id=actor.id, idempotency_key=key.text).first()
    if found is not None and found.request_digest != key.digest:
        raise used()
    return found


def without_persons(asked: Sequence[Question | XinhengError]) -> list[Question | XinhengError]:
    """What could be a person's number and is no organisation's code counts as a person's, and is dropped here."""
    doubtful = {one.code for one in asked if isinstance(one, Question) and one.ambiguous}
    borne = set[str]()
    if doubtful:
        borne = set(Identifier.objects.filter(value__in=doubtful, known_to=None).values_list("value", flat=True))
    return [
        PersonRefused() if isinstance(one, Question) and one.ambiguous and one.code not in borne else one
        for one in asked
    ]


def answer_file(*, file: CheckFile, about: Errand, pack: str, home: Home, now: datetime) -> Answers | None:
    """Answer a waiting file; None when it is answered already. Doing it twice changes nothing."""
    changed = CheckFile.objects.filter(pk=file.pk, state__in=[FileState.WAITING, FileState.RUNNING])
    if not changed.update(state=FileState.RUNNING):
        return None
    target, progress = answers_path(home, file.pk), progress_path(home, file.pk)
    asked = read_asked(asked_path(home, file.pk), about)
    with transaction.atomic():
        # Whoever is at it already is waited for; then there is nothing left to do.
        if not CheckFile.objects.select_for_update().filter(pk=file.pk, state=FileState.RUNNING).exists():
            return None
        found = answer_codes(
            about=about, asked=asked, target=target, pack=pack, home=home, now=now,
            progress=lambda done: _note(progress, done),
        )  # fmt: skip
        CheckFile.objects.filter(pk=file.pk).update(
            state=FileState.DONE, finished_at=now, request_number=found.number, hits=found.hits, refused=found.refused,
            sentence=found.sentence, receipt=found.receipt,
        )  # fmt: skip
    for path in (asked_path(home, file.pk), progress):
        path.unlink(missing_ok=True)
    return found


def fail_file(*, file: CheckFile, message: str, now: datetime) -> None:
    """Say why a file could not be answered."""
    waiting = CheckFile.objects.filter(pk=file.pk, state__in=[FileState.WAITING, FileState.RUNNING])
    waiting.update(state=FileState.FAILED, finished_at=now, message=message[:300])


def answer_codes(
    *, about: Errand, asked: Sequence[Question | XinhengError], target: Path, pack: str, home: Home, now: datetime,
    progress: Progress = lambda done: None,
) -> Answers:  # fmt: skip
    """Write the answers to `target` as CSV, with all codes kept, a row in the log and one receipt over all lines.

    `target` stands under its name only when it is whole and on the disk.
    """
    signing, day = ensure_check_key(home), today(now)
    codes: list[str] = []
    part = target.with_suffix(".part")
    with transaction.atomic(), part.open("wb") as file:
        part.chmod(0o600)
        reached = reach(about.asker, pack, day, now)
        number = new_number(about.asker.region_code, day)
        sheet = Sheet(file, stale=reached.stale)
        hits = 0
        for start in range(0, len(asked), AT_A_TIME):
            looked = list(look(asked[start : start + AT_A_TIME], start + 1, reached, day))
            keep_part(number, looked)
            sheet.add(looked)
            hits += sum(one.hit for one in looked)
            codes += [one.code for one in looked if one.code]
            progress(start + len(looked))
        file.flush()
        os.fsync(file.fileno())
        found = _finish(
            about, Sum(Mode.MANY, "", len(asked), hits, reached.stale), codes, sheet, reached.facts, number=number,
            signing=signing, pack=pack, day=day, now=now,
        )  # fmt: skip
    part.replace(target)
    return found


def _finish(
    about: Errand, found: Sum, codes: Sequence[str], sheet: Sheet, sources: list[dict[str, Any]], *, number: str,
    signing: SigningKey, pack: str, day: date, now: datetime,
) -> Answers:  # fmt: skip
    """Sign what was written, and keep the call."""
    told = sentence_of_many(len(codes), found.hits, found.stale)
    refused = found.codes - len(codes)
    facts = {
        **errand_facts(about, number, pack, day, now),
        "codes": found.codes,
        "hits": found.hits,
        "refused": refused,
        "sentence": told,
        "stale": found.stale,
        "sources": sources,
        "lines_digest": sheet.lines_digest,
        "file_digest": sheet.digest,
    }
    receipt, digest = sign(facts, signing)
    detail: dict[str, object] = {
        "item": about.item.code, "codes": found.codes, "hits": found.hits, "digest": digest,
        "asked": asked_digest(codes),
    }  # fmt: skip
    row = written(
        about, found, happening(about, ACT, "check", number, detail), number=number, digest=digest, key_id=signing.id,
        day=day, now=now, key=None, body="",
    )  # fmt: skip
    keep([row], now)
    return Answers(number, found.codes, found.hits, refused, told, receipt)


def _note(path: Path, done: int) -> None:
    path.write_text(str(done), encoding="ascii")


def end_files(*, home: Home, today: date, now: datetime) -> int:
    """Delete the codes and answers of files whose time is over; what was asked stays in the log. How many."""
    over = CheckFile.objects.filter(ends_on__lte=today).exclude(state=FileState.ENDED)
    count = 0
    for file in over:
        for path in (asked_path(home, file.pk), answers_path(home, file.pk), progress_path(home, file.pk)):
            path.unlink(missing_ok=True)
        with transaction.atomic():
            changed = CheckFile.objects.filter(pk=file.pk, state=file.state).update(state=FileState.ENDED)
            if changed:
                record(act=ENDED, by=_KEEPER, now=now, region_id=file.region_id, object_type="check_file",
                       object_id=file.pk.hex, detail={"codes": file.codes})  # fmt: skip
        count += changed
    _sweep(home, now)
    return count


def _sweep(home: Home, now: datetime) -> None:
    """Delete what a process left behind that was killed before its row was written."""
    known = {one.hex for one in CheckFile.objects.exclude(state=FileState.ENDED).values_list("pk", flat=True)}
    for path in home.checks.iterdir():
        if path.stem not in known and now.timestamp() - path.stat().st_mtime > _LEFT_BEHIND.total_seconds():
            path.unlink()

"""Checking the log against itself and the notes outside the database, and saying where it was touched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db import connection

from xinheng.audit.chain import EVENT_COLUMNS, GENESIS, batch_digest, event_text, next_hash
from xinheng.audit.checkpoints import HEAD, Checkpoint, daily_files, digest_of, public_key, read_signed
from xinheng.base.home import Home

PATIENCE = timedelta(minutes=1)
_STEP = 2_000
_SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: what, in words, and the numbers it lies between."""

    kind: str
    message: str
    first: int
    last: int


@dataclass(frozen=True)
class VerifyReport:
    """The result: empty `findings` means that nothing was touched."""

    events: int
    batches: int
    seals: int
    checkpoints: int
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        return not self.findings

    def sentences(self) -> tuple[str, ...]:
        """The report in Chinese, for the command line and the desk."""
        head = (
            f"核对操作日志 {self.events} 条，批次 {self.batches} 个，封存 {self.seals} 号，"
            f"检查点 {self.checkpoints} 个。"
        )
        if self.intact:
            return (head, "未发现改动。")
        return (head, f"发现 {len(self.findings)} 处问题：", *(one.message for one in self.findings))


class _Link(NamedTuple):
    """A seal with its batch; the batch's columns are None when it is gone."""

    n: int
    batch_id: int
    hash: str
    digest: str | None
    counted: int
    first_event: int
    last_event: int


@dataclass
class _Run:
    """What one verification has counted and found so far."""

    wanted: frozenset[int]
    hashes: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    batches: int = 0
    seals: int = 0
    last_n: int = 0

    def found(self, kind: str, message: str, first: int, last: int | None = None) -> None:
        self.findings.append(Finding(kind, message, first, first if last is None else last))


def verify_log(*, home: Home, now: datetime) -> VerifyReport:
    """Check every event, batch, seal and note; reads only.

    Found and located: changed and deleted rows, rows that slipped in, a chain computed anew, missing or
    forged notes, and batches that nobody sealed for a minute.
    """
    files = daily_files(home)
    notes = _notes(home)
    run = _Run(wanted=frozenset(note.n for _, note in notes if note))
    _check_chain(run)
    _check_unsealed(run, now)
    _check_strays(run)
    _check_files(run, home)
    _check_notes(run, [(name, note) for name, note in notes if note])
    return VerifyReport(run.events, run.batches, run.seals, len(files), tuple(run.findings))


def _notes(home: Home) -> list[tuple[str, Checkpoint | None]]:
    files = daily_files(home)
    if (home.checkpoints / HEAD).exists():
        files.append(home.checkpoints / HEAD)
    if not files:
        return []
    key = public_key(home)
    return [(path.name, read_signed(path, key)) for path in files]


def _check_chain(run: _Run) -> None:
    previous, expected = GENESIS, 1
    for links in _chain():
        digests = _digests([link.batch_id for link in links])
        for link in links:
            if link.n != expected:
                run.found(
                    "seal_missing",
                    f"第 {expected} 号至第 {link.n - 1} 号封存记录被删除。",
                    expected,
                    link.n - 1,
                )
            elif link.digest is not None and link.hash != next_hash(previous, link.digest):
                run.found("seal_changed", f"第 {link.n} 号封存记录与前一号不衔接，已被改动。", link.n)
            _check_batch(run, link, digests)
            previous, expected = link.hash, link.n + 1
            run.seals, run.last_n = run.seals + 1, link.n
            if link.n in run.wanted:
                run.hashes[link.n] = link.hash


def _check_batch(run: _Run, link: _Link, digests: dict[int, tuple[int, str]]) -> None:
    if link.digest is None:
        run.found("batch_deleted", f"第 {link.n} 号封存的批次 {link.batch_id} 及其操作日志被删除。", link.batch_id)
        return
    count, digest = digests.get(link.batch_id, (0, ""))
    run.batches, run.events = run.batches + 1, run.events + count
    where = _where(link.first_event, link.last_event)
    if count < link.counted:
        lost = link.counted - count
        run.found(
            "event_deleted",
            f"批次 {link.batch_id}（{where}）的操作日志少了 {lost} 条，已被删除。",
            link.first_event,
            link.last_event,
        )
    elif digest != link.digest:
        run.found(
            "event_changed",
            f"批次 {link.batch_id}（{where}）的操作日志与封存时不同，已被改动。",
            link.first_event,
            link.last_event,
        )


def _where(first: int, last: int) -> str:
    return f"日志第 {first} 号" if first == last else f"日志第 {first} 号至第 {last} 号"


def _chain() -> Iterator[list[_Link]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.n, s.batch_id, s.hash, b.digest, coalesce(b.count, 0),"
                " coalesce(b.first_event, 0), coalesce(b.last_event, 0)"
                " FROM audit_seal s LEFT JOIN audit_batch b ON b.id = s.batch_id"
                " WHERE s.n > %s ORDER BY s.n LIMIT %s",
                [last, _STEP],
            )
            links = [_Link(*row) for row in cursor.fetchall()]
        if not links:
            return
        yield links
        last = links[-1].n


def _digests(batch_ids: list[int]) -> dict[int, tuple[int, str]]:
    """For each batch how many of its events exist and the digest over them, from the rows themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT b.id, {EVENT_COLUMNS} FROM audit_batch b"
            " JOIN audit_event e ON e.transaction = b.transaction"
            " AND e.id BETWEEN b.first_event AND b.last_event WHERE b.id = ANY(%s) ORDER BY b.id, e.id",
            [batch_ids],
        )
        found = {}
        for batch_id, rows in groupby(cursor, key=lambda row: row[0]):
            texts = [event_text(row[1:]) for row in rows]
            found[batch_id] = (len(texts), batch_digest(batch_id, texts))
        return found


def _check_unsealed(run: _Run, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.id, b.digest, b.count, b.first_event, b.last_event, b.made_at FROM audit_batch b"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.batch_id = b.id) ORDER BY b.id"
        )
        rows = cursor.fetchall()
    for start in range(0, len(rows), _STEP):
        part = rows[start : start + _STEP]
        digests = _digests([row[0] for row in part])
        for batch_id, digest, count, first, last, _ in part:
            _check_batch(run, _Link(0, batch_id, "", digest, count, first, last), digests)
    late = [row[0] for row in rows if row[5] < now - PATIENCE]
    if late:
        run.found(
            "unsealed",
            f"批次 {late[0]} 至 {late[-1]} 之间有 {len(late)} 个批次超过一分钟未封存，请检查后台任务是否在运行。",
            late[0],
            late[-1],
        )


def _check_strays(run: _Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM audit_event e WHERE NOT EXISTS (SELECT 1 FROM audit_batch b"
            " WHERE b.transaction = e.transaction AND e.id BETWEEN b.first_event AND b.last_event)"
            " ORDER BY e.id LIMIT %s",
            [_SHOWN],
        )
        for (event_id,) in cursor.fetchall():
            message = f"日志第 {event_id} 号不属于任何批次：绕过程序写入，或其批次被删除。"
            run.found("stray_event", message, event_id)


def _check_files(run: _Run, home: Home) -> None:
    """Every note must be signed by us and name the one before it."""
    files = daily_files(home)
    if not files:
        return
    key = public_key(home)
    previous = GENESIS
    for number, path in enumerate(files, 1):
        note = read_signed(path, key)
        if note is None:
            run.found("checkpoint_forged", f"检查点文件 {path.name} 的签名不符，已被改动或伪造。", number)
        elif note.previous != previous:
            run.found("checkpoint_missing", f"检查点文件 {path.name} 之前的检查点缺失或被替换。", number)
        previous = digest_of(path)


def _check_notes(run: _Run, notes: list[tuple[str, Checkpoint]]) -> None:
    """The chain must pass through every note; it was redone after the last one that fits."""
    agreed = 0
    for name, note in sorted(notes, key=lambda one: one[1].n):
        if note.n > run.last_n:
            run.found(
                "newest_deleted",
                f"检查点 {name} 记到第 {note.n} 号，现在只有 {run.last_n} 号："
                f"第 {run.last_n + 1} 号至第 {note.n} 号封存记录及其日志被删除。",
                run.last_n + 1,
                note.n,
            )
        elif note.n and run.hashes.get(note.n) != note.hash:
            run.found(
                "chain_redone",
                f"第 {agreed + 1} 号至第 {note.n} 号封存记录与检查点 {name} 不符：这一段日志被整体改写。",
                agreed + 1,
                note.n,
            )
            return
        else:
            agreed = note.n

"""Gathering: many small files become few that are sorted by subject. Safe at any moment, also while files come in.

New files are written beside the old ones, and one transaction changes the manifest: before it every reader sees the
old files, after it the new ones. Rows are never changed, so what was known when stays as it was.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused, TryLater
from xinheng.base.home import Home
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.duck import duck
from xinheng.ledger.clustering import Clustered, cluster, modulus_for
from xinheng.ledger.models import DataFile, FileKind
from xinheng.ledger.writing import DataFolder, sha256_of

OPTIMISE_LOCK = 0x786F70
"""Advisory lock of the one who gathers; intake does not wait for it."""
GATHER_AT = 20
"""So many loose files of one type are gathered."""
STEP_ROWS = 8_000_000
"""Rows written anew in one transaction: what a kill costs, and what memory and disk have to hold twice."""
WORTH_MERGING = 4
"""Loose rows go into the clustered files when these hold at most so many times as many; else into one beside them."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Gathered:
    """What one run did: steps, files that left the manifest and came into it, rows and bytes written anew."""

    steps: int
    files_before: int
    files_after: int
    rows: int
    bytes: int


@dataclass(frozen=True)
class _Step:
    """Files that are written anew together, into parts of this modulus."""

    region_id: int
    type: str
    files: tuple[DataFile, ...]
    modulus: int

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)


def optimise(
    *, home: Home, by: Actor, clock: Callable[[], datetime], everything: bool = False,
    progress: Progress = lambda type, done, of: None,
) -> Gathered:  # fmt: skip
    """Gather what has become loose; `everything` leaves one file of each part, however little there is to gain.

    TryLater while another process gathers; Refused when a file on the disk is not what the manifest says.
    """
    with _alone():
        done = [
            _take(step, home=home, by=by, clock=clock)
            for region_id, type in _groups()
            for step in _steps(region_id, type, everything=everything, progress=progress)
        ]
    return Gathered(
        steps=len(done),
        files_before=sum(one.files_before for one in done),
        files_after=sum(one.files_after for one in done),
        rows=sum(one.rows for one in done),
        bytes=sum(one.bytes for one in done),
    )


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [OPTIMISE_LOCK])
        if not cursor.fetchone()[0]:
            raise TryLater("另一个进程正在整理账本。", "请等它做完。")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [OPTIMISE_LOCK])


def _groups() -> list[tuple[int, str]]:
    found = DataFile.objects.filter(kind=FileKind.ACCEPTED, visible_until=None)
    return [(region or 0, type) for region, type in found.values_list("region_id", "type").distinct().order_by("type")]


def _files(region_id: int, type: str) -> list[DataFile]:
    found = DataFile.objects.filter(kind=FileKind.ACCEPTED, visible_until=None, region=region_id, type=type)
    return list(found.order_by("pk"))


def _steps(region_id: int, type: str, *, everything: bool, progress: Progress) -> Iterator[_Step]:
    """What is to be done for one type, looked at anew after each step."""
    files = _files(region_id, type)
    rows = sum(file.rows for file in files)
    modulus = modulus_for(rows)
    loose = [file for file in files if file.modulus < modulus or file.batch_id is not None]
    loose_rows = sum(file.rows for file in loose)
    if len(loose) < GATHER_AT and not everything:
        return
    worth = everything or loose_rows * WORTH_MERGING >= rows - loose_rows
    chunks = list(_in_steps([file] for file in loose))
    for number, chunk in enumerate(chunks):
        progress(type, number, len(chunks))
        yield _Step(region_id, type, chunk, modulus if worth else 1)
    if worth:
        yield from _merging(region_id, type, modulus, progress)


def _merging(region_id: int, type: str, modulus: int, progress: Progress) -> Iterator[_Step]:
    """Parts that lie in several files become one file each."""
    by_part: dict[int, list[DataFile]] = defaultdict(list)
    for file in _files(region_id, type):
        if file.modulus == modulus and file.batch_id is None:
            by_part[file.remainder].append(file)
    several = [files for _, files in sorted(by_part.items()) if len(files) > 1]
    chunks = list(_in_steps(several))
    for number, chunk in enumerate(chunks):
        progress(type, number, len(chunks))
        yield _Step(region_id, type, chunk, modulus)


def _in_steps(groups: Iterable[list[DataFile]]) -> Iterator[tuple[DataFile, ...]]:
    """Groups of files that stay together, as many at a time as a step may take."""
    chunk: list[DataFile] = []
    for group in groups:
        if chunk and sum(file.rows for file in (*chunk, *group)) > STEP_ROWS:
            yield tuple(chunk)
            chunk = []
        chunk.extend(group)
    if chunk:
        yield tuple(chunk)


def _take(step: _Step, *, home: Home, by: Actor, clock: Callable[[], datetime]) -> Gathered:
    for file in step.files:
        if sha256_of(home.root / file.path) != file.sha256:
            raise Refused(f"账本文件 {file.path} 已被改动，没有整理。", "请从备份恢复它。")
    contract = load_contracts(settings.PACK).get(step.type)
    folder = DataFolder(home, f"gathered-{step.type}")
    with duck(home.tmp) as engine:
        written = cluster(
            engine, [home.root / file.path for file in step.files], step.rows, step.modulus,
            contract.roles.decided_on if contract else "", folder,
        )  # fmt: skip
    _change_manifest(step, written, by=by, now=clock())
    return Gathered(1, len(step.files), len(written), step.rows, sum(one.file.size for one in written))


@transaction.atomic
def _change_manifest(step: _Step, written: Sequence[Clustered], *, by: Actor, now: datetime) -> None:
    """The one moment: the old files leave the manifest, the new ones come into it."""
    old = [file.pk for file in step.files]
    if DataFile.objects.filter(pk__in=old, visible_until=None).update(visible_until=now) != len(old):
        raise Conflict("账本的文件清单刚被别的进程改动。", "请再运行一次。")
    DataFile.objects.bulk_create(
        DataFile(
            kind=FileKind.ACCEPTED,
            path=one.file.path,
            rows=one.file.rows,
            size=one.file.size,
            sha256=one.file.sha256,
            region_id=step.region_id,
            type=step.type,
            first_batch=one.first_batch,
            last_batch=one.last_batch,
            modulus=step.modulus,
            remainder=one.remainder,
            first_subject=one.file.subjects[0],
            last_subject=one.file.subjects[1],
        )
        for one in written
    )
    record(
        act="ledger.gather",
        by=by,
        now=now,
        region_id=step.region_id,
        object_type="ledger",
        object_id=step.type,
        detail={"files": len(old), "gathered": len(written), "rows": step.rows},
    )

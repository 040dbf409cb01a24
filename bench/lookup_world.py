"""The ledger of the look-up's measurement: a department, and batches of generated rows in the manifest."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.demo.texts import read_departments
from xinheng.engines.duck import Duck
from xinheng.ledger.actions import Gathered, list_batch, optimise, take_turn
from xinheng.ledger.models import Batch, Channel, DataFile, FileKind
from xinheng.ledger.queries import rows_of_subject
from xinheng.ledger.writing import DataFolder
from xinheng.people.models import Department
from xinheng.site.setting_up import prepare_home

ROW_GROUP = 10_240
"""As `intake.placing` writes them."""


@dataclass(frozen=True)
class Held:
    """What the ledger holds."""

    rows: int
    files: int
    bytes: int


def prepare(home: Home) -> None:
    """The demo county without records."""
    prepare_home(home, pack="demo", now=clock.now())


def batches_written() -> int:
    """How many batches an earlier run left."""
    return Batch.objects.count()


def write_batch(
    engine: Duck, home: Home, unsorted: Path, *, type: str, number: int, rows: int, subjects: int
) -> None:  # fmt: skip
    """One batch as intake writes it, and the same rows as they came beside it. Inside a transaction."""
    batch_no, last = take_turn()
    contract = load_contracts(settings.PACK)[type]
    day = contract.roles.decided_on or "day"
    first = number * rows
    engine.raw.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE sent AS
        SELECT {batch_no}::BIGINT AS batch_no, (i - {first} + 2)::BIGINT AS row_no, '{type}' AS type,
               (1 + hash(i) % {subjects})::BIGINT AS subject_no, 'new' AS statement, NULL::BIGINT AS record_no,
               1 AS version, md5('k' || i)::UUID AS key_hash, md5('c' || i)::UUID AS content_hash,
               '云屿县浮光第' || (1 + hash(i) % {subjects}) || '号商贸有限公司' AS name,
               '91990001MA' || (1 + hash(i) % {subjects}) AS uscc, 'YY' || i AS account_no,
               DATE '2020-01-01' + (hash(i + 7) % 2500)::INTEGER AS "{day}",
               (hash(i + 9) % 10000000)::BIGINT AS amount,
               CASE WHEN hash(i + 11) % 50 = 0 THEN '欠缴' ELSE '缴清' END AS state,
               '云屿县第' || ({number} % 12) || '供应单位' AS data_source_unit,
               '1199000100000' || ({number} % 12) AS data_source_unit_uscc
        FROM range({first}, {first + rows}) r(i)
        """
    )
    unsorted.mkdir(exist_ok=True)
    engine.write("SELECT * FROM sent", unsorted / f"{batch_no}.parquet")
    folder = DataFolder(home, batch_no)
    path = folder.place("accepted.parquet")
    engine.write(f'SELECT * FROM sent ORDER BY subject_no, "{day}" DESC', path, row_group=ROW_GROUP)
    smallest, largest = engine.one("SELECT min(subject_no), max(subject_no) FROM sent")
    folder.add(FileKind.ACCEPTED, path, rows, subjects=(smallest, largest))
    folder.settle()
    department = Department.objects.get(code=read_departments()["县市监局"].code)
    now = last + timedelta(seconds=1) if last else clock.now() - timedelta(days=30)
    list_batch(
        files=folder.files, number=batch_no, region_id=department.region_id, department_id=department.pk, type=type,
        edition="", channel=Channel.COMMAND, file_name=f"{batch_no}.csv", sha256=f"{batch_no:064d}", size=0,
        submitted_by=None, received_at=now, known_at=now, rows=rows, accepted=rows, amended=0, unchanged=0,
        withdrawn=0, rejected=0, warnings=0, errors_total=0, timely=rows, late=0, linked=rows, sealed_persons=0,
    )  # fmt: skip


def rows_of(home: Home, subject: int, today: date) -> int:
    """How many rows the product finds of a subject."""
    region = Department.objects.get(code=read_departments()["县市监局"].code).region.code
    return len(rows_of_subject(Scope(region=region), [subject], home=home, as_at=today))


def gather(home: Home) -> Gathered:
    """As `xinheng ledger optimize --all`."""
    return optimise(home=home, by=Actor.system("测速"), clock=clock.now, everything=True)


def held_now() -> Held:
    """The visible accepted rows."""
    found = DataFile.objects.filter(kind=FileKind.ACCEPTED, visible_until=None)
    total = found.aggregate(rows=Sum("rows"), bytes=Sum("size"))
    return Held(total["rows"], found.count(), total["bytes"])

"""The file for the upper platform: a period's records in the columns of the 2018 exchange format.

Personal columns are left out, and so are decisions about natural persons: both lie sealed and leave this office
only by a decision of their own.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import NotFound, Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract, Field
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.values import SCALE
from xinheng.effects.leaving import may_leave
from xinheng.engines.duck import Duck, duck
from xinheng.ledger.queries import accepted_files
from xinheng.register.models import Gate, Record
from xinheng.register.scoping import officers_only, records_in

EXCHANGED = ("行政许可", "行政处罚")
"""The acts the 2018 standard has exchange tables for."""


@dataclass(frozen=True)
class ExchangeFile:
    """A file ready to be handed over; `columns` are its exchange codes."""

    name: str
    columns: tuple[str, ...]
    rows: int
    content: bytes
    record_ids: tuple[int, ...]
    """The versions in it, for the note of what left the house."""


def exchange_types(scope: Scope, *, pack: str) -> tuple[tuple[str, str], ...]:
    """The record types that have exchange codes, with their titles."""
    contracts = load_contracts(pack)
    found = [one for one in contracts.values() if one.act in EXCHANGED and _coded(one)]
    return tuple((one.key, one.title) for one in sorted(found, key=lambda one: (EXCHANGED.index(one.act), one.key)))


def exchange_file(scope: Scope, *, type: str, first: date, last: date, home: Home) -> ExchangeFile:
    """New and amended records known from `first` to `last`, as CSV in UTF-8 with a byte-order mark.

    What ended early or is taken down does not leave; whoever hands the file over logs it (`log_export`).
    """
    officers_only(scope)
    if last < first:
        raise Refused("结束日期早于开始日期。", "请重新选择时间段。")
    contract = load_contracts(settings.PACK).get(type)
    if contract is None or contract.act not in EXCHANGED:
        raise NotFound("这一类信息没有国家交换格式。", "请选择行政许可或行政处罚。")
    columns = _coded(contract)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([field.code for field in columns])
    wanted = list(_wanted(scope, type, first, last).order_by("batch_no", "row_no"))
    count = 0
    for row in _rows(scope, type, wanted, columns, home):
        writer.writerow([_cell(field, row[field.name]) for field in columns])
        count += 1
    name = f"{contract.title} {first:%Y%m%d}-{last:%Y%m%d}.csv"
    return ExchangeFile(
        name,
        tuple(field.code for field in columns),
        count,
        buffer.getvalue().encode("utf-8-sig"),
        tuple(number for number, _, _ in wanted),
    )


def _coded(contract: Contract) -> tuple[Field, ...]:
    return tuple(field for field in contract.fields if field.code and not field.personal)


def _wanted(scope: Scope, type: str, first: date, last: date) -> QuerySet[Record, tuple[int, int, int]]:
    known = records_in(scope).filter(
        type=type,
        known_to=None,
        withdrawn=False,
        gate=Gate.OPEN,
        known_from__gte=datetime.combine(first, time.min, tzinfo=SHANGHAI),
        known_from__lt=datetime.combine(last + timedelta(days=1), time.min, tzinfo=SHANGHAI),
    )
    return may_leave(known).values_list("id", "batch_no", "row_no")


def _rows(
    scope: Scope, type: str, wanted: Sequence[tuple[int, int, int]], columns: tuple[Field, ...], home: Home
) -> Iterator[Mapping[str, Any]]:
    """The ledger's own rows of these versions: complete but for personal columns."""
    places = [[batch, row] for _, batch, row in wanted]
    if not places:
        return
    batches = {batch for batch, _ in places}
    files = accepted_files(scope, home=home, types=[type], batches=batches)
    with duck(home.tmp) as engine:
        _note_places(engine, places)
        listed = ", ".join(f'l."{field.name}"' for field in columns)
        paths = [str(file.path) for file in files]
        cursor = engine.raw.execute(
            f"SELECT {listed} FROM read_parquet(?, union_by_name = true) l "
            "JOIN places p ON p.batch_no = l.batch_no AND p.row_no = l.row_no ORDER BY l.batch_no, l.row_no",
            [paths],
        )
        names = [field.name for field in columns]
        while slice_ := cursor.fetchmany(10_000):
            for cells in slice_:
                yield dict(zip(names, cells, strict=True))


def _note_places(engine: Duck, places: list[list[int]]) -> None:
    engine.raw.execute("CREATE TEMP TABLE places (batch_no BIGINT, row_no BIGINT)")
    engine.raw.execute(
        "INSERT INTO places SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[])",
        [[batch for batch, _ in places], [row for _, row in places]],
    )


def _cell(field: Field, value: Any) -> str:
    """A value in the spelling of the standard: 2026/11/18, amounts in 万元."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%Y/%m/%d}"
    if field.type == "decimal":
        whole, rest = divmod(int(value), 10**SCALE)
        return f"{whole}.{rest:0{SCALE}}".rstrip("0").rstrip(".")
    return str(value)

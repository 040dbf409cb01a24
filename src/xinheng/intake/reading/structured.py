"""JSON lines and Parquet."""

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xinheng.base.errors import Refused
from xinheng.intake.reading.limits import Limits

_HEADER_SAMPLE = 1_000
_FLAT = (str, int, float, bool, type(None))


def json_headers(path: Path, limits: Limits) -> tuple[str, ...]:
    """The keys of the first thousand objects, in order of first appearance."""
    keys: dict[str, None] = {}
    for number, (value, _) in enumerate(_objects(path, limits)):
        if value is not None:
            keys.update(dict.fromkeys(key for key in value if _whole_characters(key) == key))
            limits.check_columns(len(keys))
        if number >= _HEADER_SAMPLE:
            break
    if not keys:
        raise Refused("文件里没有一条读得出的记录。", 'JSON Lines 文件每行应是一个对象，如 {"行政相对人名称": "…"}。')
    return tuple(keys)


def json_rows(path: Path, headers: tuple[str, ...], limits: Limits) -> Iterator[tuple[list[str | None], str | None]]:
    """One row per line; a line that is no flat object is kept as a broken row."""
    known = set(headers)
    for value, line in _objects(path, limits):
        if value is None:
            yield [*[None] * len(headers), line], "not_json"
            continue
        cells = [_json_text(value.get(header)) for header in headers]
        surplus = [_json_text(cell) for key, cell in value.items() if key not in known]
        yield [*cells, *surplus], None


def _objects(path: Path, limits: Limits) -> Iterator[tuple[dict[str, object] | None, str]]:
    with path.open("r", encoding="utf-8") as file:
        while line := file.readline(limits.row_length + 1):
            if len(line) > limits.row_length:
                raise limits.too_long_row()
            if not line.strip():
                yield {}, ""
                continue
            try:
                value = json.loads(line, parse_float=str, parse_int=str)
            except (ValueError, RecursionError):
                yield None, line.rstrip("\n")
                continue
            yield (value, "") if isinstance(value, dict) else (None, line.rstrip("\n"))


def _json_text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    return _whole_characters(str(value) if isinstance(value, _FLAT) else json.dumps(value, ensure_ascii=False))


def _whole_characters(text: str) -> str:
    """Half a surrogate pair (\\ud83d alone) is no character: it becomes U+FFFD, which the checks report."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parquet_file(path: Path) -> pq.ParquetFile:
    """An opened Parquet file; Refused when it is cut off or damaged."""
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise _damaged() from error


def _damaged() -> Refused:
    return Refused("Parquet 文件不完整或已损坏。", "多半是传输中断，请重新导出后再报送。")


def parquet_rows(file: pq.ParquetFile) -> Iterator[tuple[list[str | None], str | None]]:
    """Rows as texts, in file order."""
    try:
        for batch in file.iter_batches(batch_size=10_000):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield [_parquet_text(cell) for cell in cells], None
    except (pa.ArrowException, OSError) as error:
        raise _damaged() from error


def _parquet_text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return _json_text(value) if isinstance(value, bool | list | dict) else str(value)

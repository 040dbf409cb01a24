"""One door for all formats: the headers of a file, and its rows landed as text."""

from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.engines.duck import Duck
from xinheng.intake.reading.delimited import land_delimited
from xinheng.intake.reading.formats import detect
from xinheng.intake.reading.landed import Landed, write_rows
from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.structured import json_headers, json_rows, parquet_file, parquet_rows
from xinheng.intake.reading.text import head_of, utf8_copy
from xinheng.intake.reading.workbook import open_sheet, sheet_headers, sheet_rows

__all__ = ["Landed", "land", "read_headers"]


def land(source: Path, target: Path, engine: Duck, limits: Limits) -> Landed:
    """Write every row of `source` (not a ZIP) as text to the Parquet file `target`.

    Refused with one sentence when the file is empty, header-only, binary, truncated, of a wrong type or too
    large in any direction. A row of the wrong shape is landed and marked, never dropped.
    """
    limits.check_size(source.stat().st_size)
    target.parent.mkdir(parents=True, exist_ok=True)
    kind = detect(source)
    if kind == "csv":
        text, shape = utf8_copy(source, target.parent)
        limits.check_columns(len(shape.headers))
        headers = _checked(shape.headers)
        count = land_delimited(text, shape, target, engine, limits)
        if text != source:
            text.unlink()
    elif kind == "xlsx":
        sheet = open_sheet(source, limits)
        headers = _checked(sheet_headers(sheet, limits))
        count = write_rows(sheet_rows(sheet, len(headers)), len(headers), target, limits)
    elif kind == "json_lines":
        text, _ = utf8_copy(source, target.parent)
        headers = _checked(json_headers(text, limits))
        count = write_rows(json_rows(text, headers, limits), len(headers), target, limits)
    elif kind == "parquet":
        file = parquet_file(source)
        limits.check_columns(len(file.schema_arrow.names))
        headers = _checked(tuple(file.schema_arrow.names))
        count = write_rows(parquet_rows(file), len(headers), target, limits)
    else:
        raise Refused("压缩包里又有压缩包。", "请只打包一层。")
    if count == 0:
        raise Refused("文件只有列名，没有记录。", "请从第二行起填写记录后重新报送。")
    return Landed(target, headers, first_row=2 if kind in {"csv", "xlsx"} else 1)


def read_headers(source: Path, folder: Path, limits: Limits) -> tuple[str, ...]:
    """Only the headers of a file, for matching columns before anything is landed.

    Of a large text file only the beginning is read; what is wrong further down shows when it is landed.
    """
    limits.check_size(source.stat().st_size)
    kind = detect(source)
    if kind == "xlsx":
        return _checked(sheet_headers(open_sheet(source, limits), limits))
    if kind == "parquet":
        return _checked(tuple(parquet_file(source).schema_arrow.names))
    text, shape = utf8_copy(head_of(source, folder), folder)
    headers = json_headers(text, limits) if kind == "json_lines" else shape.headers
    if text != source:
        text.unlink()
    limits.check_columns(len(headers))
    return _checked(headers)


def _checked(headers: tuple[str, ...]) -> tuple[str, ...]:
    if not any(header.strip() for header in headers):
        raise Refused("第一行没有列名。", "第一行应是列名，从第二行起每行一条记录。")
    # A heading that somebody maps is remembered in clear.
    if any(find_personal_numbers(header) for header in headers):
        raise Refused("第一行里有个人的证件号码、电话或卡号。", "第一行应是列名，从第二行起每行一条记录。")
    return headers

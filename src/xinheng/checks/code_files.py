"""Files of codes: read on arrival into what may be asked, so that a person's number never comes to rest here.

What is kept until the job has run is one code a line; a refused one is a word in its place. The answers are a CSV
file, one line for each line that was asked, and are deleted after `KEPT_DAYS`.
"""

import csv
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from xinheng.base.errors import Refused, XinhengError
from xinheng.base.home import Home
from xinheng.checks.asking import Errand, NotACode, PersonRefused, Question, understood
from xinheng.intake.reading.limits import MEGABYTE, Limits
from xinheng.intake.reading.workbook import as_text, open_sheet

MOST_IN_FILE = 1_000_000
LARGEST_FILE = 100 * MEGABYTE
KEPT_DAYS = 7
_PERSON, _WRONG = "!person", "!wrong"


def read_codes(path: Path) -> list[str]:
    """The first column of a CSV, TXT or XLSX file, its heading left out; nothing of it is kept here."""
    if path.stat().st_size > LARGEST_FILE:
        raise Refused(f"文件超过 {LARGEST_FILE // MEGABYTE} MB。", "只需要代码一列；请删去其他列，或拆成几个文件。")
    rows = _sheet(path) if zipfile.is_zipfile(path) else _text(path)
    codes = [code for row in rows if (code := row.strip())]
    if codes and not (codes[0].isascii() and any(letter.isdigit() for letter in codes[0])):
        codes = codes[1:]  # a heading
    if not codes:
        raise Refused("文件里没有代码。", "应为 CSV、TXT 或 XLSX，第一列是统一社会信用代码，每行一个。")
    if len(codes) > MOST_IN_FILE:
        raise Refused(f"一个文件最多 {MOST_IN_FILE:,} 个代码。", "请拆成几个文件。")
    return codes


def write_asked(path: Path, asked: Sequence[Question | XinhengError]) -> str:
    """Keep what may be asked until the job runs; the SHA-256 of it."""
    text = "".join(f"{_word(one)}\n" for one in asked).encode()
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(text)
    return hashlib.sha256(text).hexdigest()


def read_asked(path: Path, about: Errand) -> list[Question | XinhengError]:
    """What was kept, as it was understood on arrival."""
    refusals: dict[str, XinhengError] = {_PERSON: PersonRefused(), _WRONG: NotACode()}
    lines = path.read_text(encoding="utf-8").splitlines()
    asked = understood(about, lines)
    return [refusals.get(line, one) for line, one in zip(lines, asked, strict=True)]


def asked_path(home: Home, number: UUID) -> Path:
    """Where the codes wait."""
    return home.checks / f"{number.hex}.codes"


def answers_path(home: Home, number: UUID) -> Path:
    """Where the answers lie until they are deleted."""
    return home.checks / f"{number.hex}.csv"


def progress_path(home: Home, number: UUID) -> Path:
    """Where the job notes how many codes it has looked at, for whoever waits."""
    return home.checks / f"{number.hex}.done"


def _word(one: Question | XinhengError) -> str:
    if isinstance(one, Question):
        return one.code
    return _PERSON if isinstance(one, PersonRefused) else _WRONG


def _sheet(path: Path) -> Iterator[str]:
    try:
        sheet = open_sheet(path, Limits())
    except zipfile.BadZipFile as error:
        raise Refused("这个 Excel 文件打不开。", "请用 Excel 另存一份，或改用 CSV。") from error
    return (as_text(row[0]) or "" for row in sheet.iter_rows() if row)


def _text(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _first_cells(text)
    raise Refused("这个文件读不出来。", "应为 UTF-8 或 GB18030 编码的 CSV、TXT，或者 XLSX。")


def _first_cells(text: str) -> Iterator[str]:
    try:
        for row in csv.reader(text.replace("\x00", "").splitlines()):
            yield row[0] if row else ""
    except csv.Error as error:
        raise Refused("这个文件的格式读不懂。", "应为 CSV，第一列是代码；请检查引号是否成对。") from error

"""The answers to a file of codes as CSV: one line for each code, for people who open it in a spreadsheet.

The receipt signs the SHA-256 over the SHA-256 of each line as it stands in the file without its end, and that of the
whole file.
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

from xinheng.base.clock import format_date
from xinheng.checks.answers import Answer
from xinheng.checks.looking import Looked

HEADINGS = ("行号", "代码", "名称", "结果", "名单", "本事项须采取的措施", "激励", "提示")
HIT, NOTHING, UNSURE, REFUSED = "有", "未查到", "来源未更新，不能认定无记录", "未核查"
UNKNOWN = "没有登记信息，请核对代码"
_MARK = b"\xef\xbb\xbf"
"""What tells spreadsheet programs that the file is UTF-8."""
_NEEDS_QUOTES = frozenset(',"\r\n')


class Sheet:
    """A sheet that is being written, with the digests over it."""

    def __init__(self, file: BinaryIO, *, stale: bool) -> None:
        self._file = file
        self._nothing = UNSURE if stale else NOTHING
        self._whole = hashlib.sha256()
        self._lines = hashlib.sha256()
        self._write(_MARK + ",".join(HEADINGS).encode() + b"\n")

    def add(self, looked: Iterable[Looked]) -> None:
        """The next lines."""
        lines = [self._line(one).encode() for one in looked]
        for line in lines:
            self._lines.update(hashlib.sha256(line).digest())
        self._write(b"\n".join(lines) + b"\n")

    @property
    def lines_digest(self) -> str:
        """The SHA-256 over the SHA-256 of each line below the headings."""
        return self._lines.hexdigest()

    @property
    def digest(self) -> str:
        """The SHA-256 of the whole file."""
        return self._whole.hexdigest()

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._whole.update(content)

    def _line(self, one: Looked) -> str:
        if one.refusal:
            return _row(one.place, "", "", REFUSED, "", "", "", f"{one.refusal.message}{one.refusal.advice}")
        if one.found is None and one.known and not _NEEDS_QUOTES.intersection(one.name):
            return f"{one.place},{one.code},{unspoiled(one.name)},{self._nothing},,,,"
        if one.found is None:
            return _row(one.place, one.code, one.name, self._nothing, "", "", "", "" if one.known else UNKNOWN)
        return _row(one.place, one.code, one.name, HIT if one.hit else self._nothing, *_told(one.found))


def unspoiled(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _told(found: Answer) -> tuple[str, str, str, str]:
    entries = (f"{one.list_title}（{_until(one.last_day, one.removal_rule)}）" for one in found.entries)
    measures, incentives = (
        (f"{one.title}（{'、'.join(one.basis)}；{_until(one.last_day, one.removal_rule)}）" for one in lines)
        for lines in (found.measures, found.incentives)
    )
    return "；".join(entries), "；".join(measures), "；".join(incentives), "；".join(found.warnings)


def _until(last_day: date | None, removal_rule: str) -> str:
    return f"至{format_date(last_day)}" if last_day else removal_rule


def _row(place: int, *cells: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([place, *(unspoiled(one) for one in cells)])
    return buffer.getvalue()

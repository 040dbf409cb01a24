"""Cursors of pages: words a program hands back as they are."""

import base64
import binascii
import re

from xinheng.base.errors import WrongUsage
from xinheng.effects.queries import Position

_TIMEPOINT = re.compile(r"t([0-9]{1,15})\.([0-9]{1,18})")


def write(position: int) -> str:
    """The cursor for a position."""
    return base64.urlsafe_b64encode(f"p{position}".encode()).decode().rstrip("=")


def read(cursor: str | None) -> int:
    """The position behind a cursor; 0 for none. WrongUsage when it is not one of ours."""
    if not cursor:
        return 0
    text = _text(cursor)
    if not text.startswith("p") or not text[1:].isascii() or not text[1:].isdecimal() or len(text) > 12:
        raise _wrong()
    return int(text[1:])


def write_timepoint(position: Position) -> str:
    """The word for a place in the feed."""
    return base64.urlsafe_b64encode(f"t{position.timepoint}.{position.effect}".encode()).decode().rstrip("=")


def read_timepoint(word: str | None) -> Position | None:
    """The place in the feed behind a word; None for none. WrongUsage when it is not one of ours."""
    if not word:
        return None
    found = _TIMEPOINT.fullmatch(_text(word))
    if found is None:
        raise _wrong()
    return Position(int(found.group(1)), int(found.group(2)))


def _text(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise _wrong() from error


def _wrong() -> WrongUsage:
    return WrongUsage("这一页的位置标记不对。", "请原样使用上一页给出的 next_cursor，或从第一页重新读取。")

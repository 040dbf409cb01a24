"""Query strings of list pages: the same filters with one thing changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Filter:
    """One link of a row of filters."""

    label: str
    url: str
    current: bool
    count: int | None = None


def address(path: str, given: Mapping[str, str], **changes: str) -> str:
    """`path` with the filled ones of `given`, changed by `changes`; an empty value drops the parameter."""
    kept = {name: value for name, value in {**given, **changes}.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def whole(text: str | None) -> int | None:
    """A cursor out of an address; None for anything that is no number."""
    return int(text) if text and text.isdecimal() and len(text) < 16 else None

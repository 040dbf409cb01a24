"""Query strings of list pages: the same filters with one thing changed."""

from collections.abc import Mapping
from urllib.parse import urlencode


def address(path: str, given: Mapping[str, str], **changes: str) -> str:
    """`path` with the filled ones of `given`, changed by `changes`; an empty value drops the parameter."""
    kept = {name: value for name, value in {**given, **changes}.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path

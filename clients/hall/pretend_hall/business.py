"""What the hall takes in: its own words, and the item and purpose the credit platform knows for each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Business:
    """One kind of business; `way` is the easier way in which it may be taken in."""

    key: str
    title: str
    way: str
    item: str
    purpose: str


@dataclass(frozen=True)
class Offer:
    """The hall's name and its business by key."""

    hall: str
    business: Mapping[str, Business]


def read_offer(file: Path) -> Offer:
    """The offer that a TOML file states."""
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    return Offer(given["hall"], {one["key"]: Business(**one) for one in given["business"]})

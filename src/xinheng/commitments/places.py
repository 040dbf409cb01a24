"""The places of a letter, such as {licence}, filled in once: what was typed is never read as a place."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{([a-z_]+)\}")


def places_of(text: str) -> tuple[str, ...]:
    """The names of the places in a text."""
    return tuple(_PLACE.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every place filled; KeyError when one has no value."""
    return _PLACE.sub(lambda match: values[match[1]], text)

"""One way of cleaning typed identifiers: width, case, spaces and hyphens carry no meaning in any of them."""

import re
import unicodedata

_NO_MEANING = re.compile(
    r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3000\ufeff"  # spaces, invisible characters
    r"\-\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]+"  # hyphens and what word processors make of them
)


def normalise(text: str) -> str:
    """Half width, upper case, without spaces, invisible characters and hyphens."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _NO_MEANING.sub("", unicodedata.normalize("NFKC", text)).upper()

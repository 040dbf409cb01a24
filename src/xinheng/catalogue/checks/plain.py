"""Plain-Python twins of `catalogue.values`, one value at a time: what the set expressions must agree with."""

import re
from datetime import date
from functools import cache

from xinheng.base.identifiers import credit_code
from xinheng.base.identifiers.normalise import normalise
from xinheng.catalogue.contract import Field
from xinheng.catalogue.values import BLANKS, NAME_FROM, NAME_TO, OPEN_DASHES, SCALE

_FOLD = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_FOLD_ALNUM = {full: half for full, half in _FOLD.items() if chr(half).isalnum()}
_NAME = str.maketrans(NAME_FROM, NAME_TO)
_DATE = re.compile(r"((?:19|20)[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ]+0{1,2}:00(?::00(?:\.0+)?)?)?")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_YEAR = re.compile(r"[\[(（【［〔｛{]((?:19|20)[0-9]{2})[\])）】］〕｝}]")


def cleaned(text: str | None) -> str | None:
    return (text or "").strip(BLANKS) or None


def date_value(text: str | None) -> date | None:
    value = cleaned(text)
    if value is None:
        return None
    if re.fullmatch(r"(19|20)[0-9]{6}", value):
        parts = [value[:4], value[4:6], value[6:]]
    elif match := _DATE.fullmatch(value):
        parts = list(match.groups())
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def decimal_value(text: str | None, scale: int = SCALE) -> int | None:
    value = cleaned(text)
    if value is None:
        return None
    value = value.translate(_FOLD)
    if "," in value:
        if not _THOUSANDS.fullmatch(value):
            return None
        value = value.replace(",", "")
    value = value.removeprefix("+")
    if re.fullmatch(r"-?[0-9]*\.[0-9]*", value) and value.endswith("0"):
        value = value.rstrip("0").removesuffix(".")
    match = re.fullmatch(r"(-?)([0-9]{1,12})(?:\.([0-9]+))?", value)
    if match is None or len(match[3] or "") > scale:
        return None
    number = int(match[2] + (match[3] or "").ljust(scale, "0"))
    return -number if match[1] else number


def normalised_code(text: str | None) -> str | None:
    if text and re.fullmatch(credit_code.FORMAT, text):
        return text
    return normalise(text or "") or None


def enum_value(text: str | None, field: Field) -> str | None:
    """One lawful value, or several joined by `;`."""
    value = cleaned(text)
    if value is None:
        return None
    parts = _parts(value, field) if field.type == "enum_set" else [value.translate(_FOLD_ALNUM)]
    lawful = [_one(part, field) for part in parts]
    return None if not lawful or None in lawful else ";".join(part for part in lawful if part)


def _parts(value: str, field: Field) -> list[str]:
    """The values of a set; a comma belongs to the suffix of an open value unless a known value follows it."""
    known = (*field.values, *(synonym for synonym, _ in field.synonyms))
    parts: list[str] = []
    for piece in re.split("[;；]", value.translate(_FOLD_ALNUM)):
        part, *chunks = (chunk.strip(BLANKS) for chunk in re.split("[、，,]", piece))
        for chunk in chunks:
            if chunk.startswith(known):
                parts.append(part)
                part = chunk
            else:
                part += "、" + chunk
        parts.append(part)
    return [part for part in parts if part]


def _one(part: str, field: Field) -> str | None:
    value = dict(field.synonyms).get(part, part)
    if field.open_value and value.startswith(field.open_value):
        suffix = value.removeprefix(field.open_value)
        bare = suffix.lstrip(OPEN_DASHES).lstrip(BLANKS)
        if suffix[:1] and suffix[0] in OPEN_DASHES and bare:
            return f"{field.open_value}-{bare}"
    return value if value in field.values and value != field.open_value else None


def normalised_decision_no(text: str | None) -> str | None:
    value = "".join(c for c in text or "" if c not in BLANKS)
    value = value.translate({**_FOLD_ALNUM, ord("("): "（", ord(")"): "）"})
    return _YEAR.sub(lambda match: f"〔{match[1]}〕", value, count=1) or None


def name_key(text: str | None) -> str | None:
    value = "".join(c for c in text or "" if c not in BLANKS)
    return value.translate(_NAME) or None


def has_bare_open_value(text: str, field: Field) -> bool:
    """Whether the open value stands without its suffix."""
    value = (text or "").strip(BLANKS)
    parts = _parts(value, field) if field.type == "enum_set" else [value.translate(_FOLD_ALNUM)]
    meanings = dict(field.synonyms)
    for part in parts:
        rest = meanings.get(part, part)
        if rest.startswith(field.open_value) and not rest.removeprefix(field.open_value).strip(OPEN_DASHES + BLANKS):
            return True
    return False


def contains(pattern: str, text: str) -> bool:
    """Whether a pattern written for the engines is found; Python spells two of its signs differently."""
    return _spelt(pattern).search(text) is not None


@cache
def _spelt(pattern: str) -> re.Pattern[str]:
    text = re.sub(r"\\x\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), pattern)
    return re.compile(text.replace(r"\z", r"\Z"))

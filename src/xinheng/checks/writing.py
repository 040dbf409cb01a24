"""An answer as canonical JSON, put together from pieces that repeat: a file of a million codes is mostly repetition."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring as text

from xinheng.checks.answers import Answer, Entry, MeasureLine
from xinheng.register.references import record_ref


def written(members: Mapping[str, str]) -> str:
    """The object with these members, which are canonical JSON already: keys in order, no spaces."""
    return f"{{{','.join(f'{text(key)}:{members[key]}' for key in sorted(members))}}}"


def members(found: Answer) -> dict[str, str]:
    """What was found about one code, member by member."""
    return {
        "code": text(found.code),
        "name": text(found.name),
        "known": flag(found.known),
        "hit": flag(found.hit),
        "entries": _array(map(_entry, found.entries)),
        "measures": _array(map(_measure, found.measures)),
        "incentives": _array(map(_measure, found.incentives)),
        "warnings": _texts(found.warnings),
    }


def flag(value: bool) -> str:
    """True and false as JSON has them."""
    return "true" if value else "false"


def _entry(one: Entry) -> str:
    return (
        f'{{"authority_name":{text(one.authority_name)},"basis":{_texts(one.basis)},"decided_on":{_day(one.decided_on)},'
        f'"decision_no":{text(one.decision_no)},"last_day":{_day(one.last_day)},"list_key":{text(one.list_key)},'
        f'"list_title":{text(one.list_title)},"mark":{text(one.mark)},"record":{_record(one.record_no)},'
        f'"removal_rule":{text(one.removal_rule)},"starts":{_day(one.starts)}}}'
    )


def _measure(one: MeasureLine) -> str:
    head, middle, title = _repeated(
        one.applies_to, one.basis, one.executing_body, one.key, one.list_key, one.removal_rule, one.title
    )
    return f"{head}{_day(one.last_day)}{middle[0]}{_record(one.record_no)}{middle[1]}{_day(one.starts)}{title}"


@lru_cache(maxsize=4096)
def _repeated(
    applies_to: str, basis: tuple[str, ...], body: str, key: str, list_key: str, removal_rule: str, title: str
) -> tuple[str, tuple[str, str], str]:
    """What all lines of one measure share: before the last day, around the record, after the first day."""
    return (
        f'{{"applies_to":{text(applies_to)},"basis":{_texts(basis)},"executing_body":{text(body)},"key":{text(key)},'
        '"last_day":',
        (f',"list_key":{text(list_key)},"record":', f',"removal_rule":{text(removal_rule)},"starts":'),
        f',"title":{text(title)}}}',
    )


@lru_cache(maxsize=4096)
def _texts(many: tuple[str, ...]) -> str:
    return _array(map(text, many))


def _array(members: Iterable[str]) -> str:
    return f"[{','.join(members)}]"


@lru_cache(maxsize=4096)
def _day(day: date | None) -> str:
    return f'"{day.isoformat()}"' if day else "null"


def _record(record_no: int | None) -> str:
    return f'"{record_ref(record_no)}"' if record_no is not None else '""'

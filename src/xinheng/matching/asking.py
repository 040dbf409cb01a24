"""Who asks by example, and what was asked, in the words of the public matching interface (FollowTheMoney)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xinheng.base.errors import Refused
from xinheng.matching.finding import Typed, numbers_in
from xinheng.matching.queries import PersonRefused
from xinheng.register.understanding import names_a_person

ORGANISATIONS = ("Company", "Organization", "PublicBody", "LegalEntity")
"""Schemas answered; all others are refused, first of all Person."""
NAMES = ("name", "alias", "previousName")
NUMBERS = ("uscCode", "registrationNumber", "taxNumber", "idNumber")


class PersonSchema(Refused):
    """An example of a person, or of anything that is no organisation."""

    def __init__(self) -> None:
        super().__init__(
            "本接口只比对单位，不受理自然人。",
            f"schema 只能是 {'、'.join(ORGANISATIONS)}；没有查询，也没有保存。",
        )


@dataclass(frozen=True)
class Example:
    """An organisation by example, as it is compared: under each of its names, with all its numbers."""

    schema: str
    names: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]

    @property
    def typed(self) -> tuple[Typed, ...]:
        return tuple(Typed(name, self.numbers) for name in self.names)


def example(schema: str, properties: Mapping[str, str | Sequence[str]]) -> Example:
    """Read one example; PersonSchema for whatever is no organisation, Refused without a name.

    A citizen number in any property is refused, also where it would not be read.
    """
    if schema not in ORGANISATIONS:
        raise PersonSchema
    if any(names_a_person(text) for value in properties.values() for text in texts(value)):
        raise PersonRefused
    names = tuple(dict.fromkeys(text for key in NAMES for text in texts(properties.get(key, ())) if text.strip()))
    if not names:
        raise Refused("没有写明单位的名称。", "在 properties.name 里写名称。")
    numbers = [number for key in NUMBERS for text in texts(properties.get(key, ())) for number in numbers_in(text)]
    return Example(schema, names, tuple(dict.fromkeys(numbers)))


def texts(value: str | Sequence[str]) -> tuple[str, ...]:
    """One text or several as several."""
    return (value,) if isinstance(value, str) else tuple(value)

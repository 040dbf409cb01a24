"""Reading YAML so that every mistake is told with its file and line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import yaml

from xinheng.base.errors import Refused

T = TypeVar("T")
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True)
class Place:
    """Where in a rulebook something is written; `file` is relative to the folder of packs."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行"


class RulebookError(Refused):
    """A rulebook file says something that cannot be read; the message begins with file and line."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(f"规则文件 {place}：{message}")
        self.place = place


class MarkedMap(dict[object, object]):
    """A YAML mapping that knows the line of each key."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.place = Place(file, line)
        self.lines: dict[object, int] = {}


class MarkedList(list[object]):
    """A YAML sequence that knows the line of each item."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.place = Place(file, line)
        self.lines: list[int] = []


class _MarkedLoader(yaml.SafeLoader):
    """Builds marked maps and lists, and refuses a key that is given twice."""

    file = ""

    def marked_map(self, node: yaml.MappingNode) -> MarkedMap:
        result = MarkedMap(self.file, node.start_mark.line + 1)
        for key_node, value_node in node.value:
            place = Place(self.file, key_node.start_mark.line + 1)
            if key_node.tag == "tag:yaml.org,2002:merge" or not isinstance(key_node, yaml.ScalarNode):
                raise RulebookError(place, "键只能是文字、数字或日期，不能使用合并键。")
            key = self.construct_object(key_node, deep=True)
            if key in result:
                raise RulebookError(place, f"键“{key}”重复，第一次出现在第 {result.lines[key]} 行。")
            result[key] = self.construct_object(value_node, deep=True)
            result.lines[key] = place.line
        return result

    def marked_list(self, node: yaml.SequenceNode) -> MarkedList:
        result = MarkedList(self.file, node.start_mark.line + 1)
        for item in node.value:
            result.append(self.construct_object(item, deep=True))
            result.lines.append(item.start_mark.line + 1)
        return result


_MarkedLoader.add_constructor("tag:yaml.org,2002:map", _MarkedLoader.marked_map)
_MarkedLoader.add_constructor("tag:yaml.org,2002:seq", _MarkedLoader.marked_list)


class Section:
    """One YAML mapping, read key by key; `done` refuses the keys that nobody asked for.

    Every getter raises RulebookError with file and line when a required key is missing or of another type.
    """

    def __init__(self, data: MarkedMap) -> None:
        self.data = data
        self.place = data.place
        self._asked: set[object] = set()

    def __contains__(self, key: object) -> bool:
        return key in self.data

    def place_of(self, key: object) -> Place:
        """Line of the key; of the section when the key is absent."""
        return Place(self.place.file, self.data.lines.get(key, self.place.line))

    def refuse(self, key: object, message: str) -> RulebookError:
        """The error to raise about this key."""
        return RulebookError(self.place_of(key), message)

    def value(self, key: object) -> object:
        """Whatever stands under a required key."""
        self._asked.add(key)
        if key not in self.data:
            raise RulebookError(self.place, f"缺少“{key}”。")
        return self.data[key]

    def text(self, key: str, default: str | None = None) -> str:
        """Text; numbers and dates must be quoted in the file so that no leading zero is lost."""
        if default is not None and self._absent(key):
            return default
        value = self.value(key)
        if not isinstance(value, str):
            raise self.refuse(key, f"“{key}”应为文字；数字或日期请加引号。")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when absent."""
        if self._absent(key):
            return ()
        items = self._list(key)
        for item, line in zip(items, items.lines, strict=True):
            if not isinstance(item, str):
                raise RulebookError(Place(self.place.file, line), f"“{key}”的每一项应为文字；数字请加引号。")
        return tuple(str(item).strip() for item in items)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        if default is not None and self._absent(key):
            return default
        value = self.value(key)
        if not isinstance(value, bool):
            raise self.refuse(key, f"“{key}”应为 true 或 false。")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        if default is not None and self._absent(key):
            return default
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refuse(key, f"“{key}”应为整数。")
        return value

    def day(self, key: str) -> date:
        """A date written 2026-04-01 without quotes."""
        value = self.value(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refuse(key, f"“{key}”应为日期，例如 2026-04-01。")
        return value

    def optional_day(self, key: str) -> date | None:
        """A date, or None when the key is absent."""
        return None if self._absent(key) else self.day(key)

    def choice(self, key: str, allowed: tuple[Word, ...], default: Word | None = None) -> Word:
        """One of the allowed words."""
        given = self.text(key, default)
        for word in allowed:
            if word == given:
                return word
        raise self.refuse(key, f"“{key}”不能是“{given}”，只能是：{'、'.join(allowed)}。")

    def section(self, key: object) -> "Section":
        """The mapping under a required key."""
        value = self.value(key)
        if not isinstance(value, MarkedMap):
            raise self.refuse(key, f"“{key}”下面应为若干“键: 值”。")
        return Section(value)

    def sections(self, key: str) -> list["Section"]:
        """A list of mappings; empty when absent."""
        if self._absent(key):
            return []
        items = self._list(key)
        result = []
        for item, line in zip(items, items.lines, strict=True):
            if not isinstance(item, MarkedMap):
                raise RulebookError(Place(self.place.file, line), f"“{key}”的每一项应为若干“键: 值”。")
            result.append(Section(item))
        return result

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A mapping of text to text, in file order; empty when absent."""
        if self._absent(key):
            return ()
        inner = self.section(key)
        return tuple((name, inner.text(name)) for name in inner.text_keys())

    def text_keys(self) -> list[str]:
        """All keys, which must be texts, in file order."""
        for key in self.data:
            if not isinstance(key, str):
                raise self.refuse(key, f"键“{key}”应为文字；数字请加引号。")
        return [str(key) for key in self.data]

    def done(self) -> None:
        """Refuse keys that no getter asked for: a mistyped key must not be ignored silently."""
        for key in self.data:
            if key not in self._asked:
                raise self.refuse(key, f"不认识的键“{key}”。")

    def _absent(self, key: object) -> bool:
        self._asked.add(key)
        return key not in self.data

    def _list(self, key: str) -> MarkedList:
        value = self.value(key)
        if not isinstance(value, MarkedList):
            raise self.refuse(key, f"“{key}”应为列表。")
        return value


def read_yaml(path: Path, shown_as: str) -> Section:
    """One YAML file whose top level is a mapping; `shown_as` is the file name that errors tell."""
    loader = _MarkedLoader(path.read_text(encoding="utf-8"))
    loader.file = shown_as
    try:
        data = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(Place(shown_as, line), f"YAML 写法有误（{error.problem}）。") from error
    finally:
        loader.dispose()
    if not isinstance(data, MarkedMap):
        raise RulebookError(Place(shown_as, 1), "文件最外层应为若干“键: 值”。")
    return Section(data)


def read_each(sections: list[Section], read: Callable[[Section], T]) -> Iterator[T]:
    """Read a list of sections, refusing unknown keys of each."""
    for section in sections:
        yield read(section)
        section.done()

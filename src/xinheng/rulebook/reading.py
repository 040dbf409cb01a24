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

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""The parser in C is ten times faster; both give the same nodes and marks."""
_MAP_TAG = "tag:yaml.org,2002:map"
_SEQUENCE_TAG = "tag:yaml.org,2002:seq"
_MERGE_TAG = "tag:yaml.org,2002:merge"


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

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.lines: dict[object, int] = {}


class MarkedList(list[object]):
    """A YAML sequence that knows the line of each item."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.lines: list[int] = []


class _Builder:
    """Turns composed YAML nodes into marked maps and lists, refusing a key that is given twice."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._scalars = yaml.constructor.SafeConstructor()
        self._open: list[yaml.Node] = []

    def build(self, node: yaml.Node) -> object:
        """The Python value of a node; YAMLError for tags that are not plain data."""
        place = Place(self._file, node.start_mark.line + 1)
        if any(node is outer for outer in self._open):
            raise RulebookError(place, "内容引用了自身。")
        self._open.append(node)
        if isinstance(node, yaml.MappingNode) and node.tag == _MAP_TAG:
            value: object = self._map(node, place)
        elif isinstance(node, yaml.SequenceNode) and node.tag == _SEQUENCE_TAG:
            value = self._list(node, place)
        elif isinstance(node, yaml.ScalarNode):
            value = self._scalars.construct_object(node)
        else:
            raise RulebookError(place, f"不认识的 YAML 标签 {node.tag}。")
        self._open.pop()
        return value

    def _map(self, node: yaml.MappingNode, place: Place) -> MarkedMap:
        result = MarkedMap(place)
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag == _MERGE_TAG or not isinstance(key_node, yaml.ScalarNode):
                raise RulebookError(Place(self._file, line), "键只能是文字、数字或日期，不能使用合并键。")
            key = self._scalars.construct_object(key_node)
            if key in result:
                first = result.lines[key]
                raise RulebookError(Place(self._file, line), f"键“{key}”重复，第一次出现在第 {first} 行。")
            result[key] = self.build(value_node)
            result.lines[key] = line
        return result

    def _list(self, node: yaml.SequenceNode, place: Place) -> MarkedList:
        result = MarkedList(place)
        for item in node.value:
            result.append(self.build(item))
            result.lines.append(item.start_mark.line + 1)
        return result


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
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
        data = _Builder(shown_as).build(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(Place(shown_as, line), f"YAML 写法有误（{error.problem}）。") from error
    except ValueError as error:
        raise RulebookError(Place(shown_as, 1), f"文件中有无法读取的取值（{error}）。") from error
    if not isinstance(data, MarkedMap):
        raise RulebookError(Place(shown_as, 1), "文件最外层应为若干“键: 值”。")
    return Section(data)


def read_each(sections: list[Section], read: Callable[[Section], T]) -> Iterator[T]:
    """Read a list of sections, refusing unknown keys of each."""
    for section in sections:
        yield read(section)
        section.done()

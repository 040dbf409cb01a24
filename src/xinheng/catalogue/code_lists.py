"""Code lists: the closed sets of values that fields refer to by key."""

from dataclasses import dataclass
from datetime import date

from xinheng.rulebook.loader import Pack
from xinheng.rulebook.reading import Section
from xinheng.rulebook.rules import read_citation


@dataclass(frozen=True)
class CodeList:
    """Values a field may take, with the older or vendor spellings that stand for one of them."""

    key: str
    title: str
    values: tuple[str, ...]
    open_value: str
    synonyms: tuple[tuple[str, str], ...]
    meanings: tuple[tuple[str, str], ...]
    """What a bare code means, for people."""
    citation: str
    verified: bool
    reviewed_on: date | None
    pack: str


def load_code_lists(pack: Pack) -> dict[str, CodeList]:
    """All code lists by key; an inner layer's list replaces the outer one of the same key."""
    lists: dict[str, CodeList] = {}
    for file in pack.files("catalogue/lists"):
        code_list = _read_code_list(file.section, file.pack)
        if code_list.key != file.name:
            raise file.section.refuse("key", f"“key”应与文件同名：{file.name}。")
        lists[code_list.key] = code_list
    return lists


def _read_code_list(section: Section, pack: str) -> CodeList:
    citation, verified, reviewed_on = read_citation(section)
    values = section.texts("values")
    if not values or len(set(values)) != len(values):
        raise section.refuse("values", "代码表至少要有一个取值，且不能重复。")
    open_value = section.text("open_value", "")
    if open_value and open_value not in values:
        raise section.refuse("open_value", f"“{open_value}”不在取值之中。")
    synonyms, meanings = section.pairs("synonyms"), section.pairs("meanings")
    for spelling, value in synonyms:
        if value not in values or spelling in values:
            raise section.refuse("synonyms", f"“{spelling}: {value}”：左边应是别的写法，右边应是取值。")
    for value, _ in meanings:
        if value not in values:
            raise section.refuse("meanings", f"“{value}”不在取值之中。")
    code_list = CodeList(
        key=section.text("key"),
        title=section.text("title"),
        values=values,
        open_value=open_value,
        synonyms=synonyms,
        meanings=meanings,
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        pack=pack,
    )
    section.done()
    return code_list

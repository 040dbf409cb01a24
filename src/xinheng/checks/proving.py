"""What `rulebook check` proves of business items and sources."""

from collections.abc import Collection, Iterator

from xinheng.checks.items import business_items, sources
from xinheng.measures.reading import load_editions


def check_mistakes(pack: str, types: Collection[str]) -> list[str]:
    """Items that name no measure of the pack, and sources of a type that the catalogue does not know."""
    return [*_of_items(pack), *_of_sources(pack, types)]


def _of_items(pack: str) -> Iterator[str]:
    known = {one.key: one for edition in load_editions(pack).values() for one in edition.measures}
    for item in business_items(pack).values():
        if not item.measures:
            yield f"核查事项“{item.title}”没有列出措施。"
        for key in item.measures:
            if key not in known:
                yield f"核查事项“{item.title}”列出的措施 {key} 不在措施清单中。"
            elif known[key].object_kind == "person":
                yield f"核查事项“{item.title}”列出的措施 {key} 的对象是自然人，核查不答复。"


def _of_sources(pack: str, types: Collection[str]) -> Iterator[str]:
    for one in sources(pack):
        if one.type not in types:
            yield f"核查来源“{one.title}”的信息类型 {one.type} 不在目录中。"

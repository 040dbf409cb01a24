"""Short texts for readers (policies, education, rights) from `pages/*.yaml` of the pack in use."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from xinheng.base.errors import NotFound
from xinheng.rulebook.loader import load_pack


@dataclass(frozen=True)
class Part:
    """A heading with its paragraphs; `law` is the key of a legal text to link, or empty."""

    title: str
    paragraphs: tuple[str, ...]
    law: str


@dataclass(frozen=True)
class Article:
    """One page of text."""

    key: str
    title: str
    summary: str
    parts: tuple[Part, ...]


@cache
def articles() -> dict[str, Article]:
    """All pages of the pack; an inner layer replaces an outer page of the same name."""
    result: dict[str, Article] = {}
    for file in load_pack(settings.PACK).files("pages"):
        section = file.section
        parts = []
        for part in section.sections("parts"):
            parts.append(Part(part.text("title"), part.texts("paragraphs"), part.text("law", "")))
            part.done()
        result[file.name] = Article(file.name, section.text("title"), section.text("summary"), tuple(parts))
        section.done()
    return result


def article(key: str) -> Article:
    """The page of that name."""
    found = articles().get(key)
    if found is None:
        raise NotFound("没有这一页。", "请从首页重新进入。")
    return found

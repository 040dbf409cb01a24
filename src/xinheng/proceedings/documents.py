"""Texts of numbered documents from the rulebook, and their PDF."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from xinheng.proceedings.telling import fill
from xinheng.rulebook.loader import load_pack

FONTS = Path(str(files("justmytype_intl_cjk"))) / "fonts" / "ofl" / "notosanssc"
ALWAYS = frozenset({"applicant", "number", "record", "source", "state", "today"})
"""What every text may name, beside the deadlines and the form fields of its procedure."""

BREAK = "\x1e"
"""Between paragraphs on their way into the PDF; no typed text can hold it."""

_PAGE = Path(__file__).parent / "document.typ"


@dataclass(frozen=True)
class Template:
    """One kind of document. `remedies` names what can be done against it; never empty for an adverse one."""

    key: str
    title: str
    sign: str
    paragraphs: tuple[str, ...]
    remedies: str

    def text(self, words: Mapping[str, str]) -> list[str]:
        """The paragraphs with their places filled in."""
        return [fill(one, words) for one in (*self.paragraphs, *([self.remedies] if self.remedies else []))]

    def places(self) -> frozenset[str]:
        """The words the text has places for."""
        return frozenset(name for one in (*self.paragraphs, self.remedies) for name in re.findall(r"{(\w+)}", one))


@cache
def templates(pack: str) -> dict[str, Template]:
    """All document texts of a pack; an inner pack replaces one of the same name."""
    found = {}
    for file in load_pack(pack).files("procedures/documents"):
        section = file.section
        if section.text("key") != file.name:
            raise section.refuse("key", f"“key”应与文件同名：{file.name}。")
        found[file.name] = Template(
            file.name,
            section.text("title"),
            section.text("sign"),
            section.texts("paragraphs"),
            section.text("remedies", ""),
        )
        section.done()
    return found


def pdf(*, office: str, title: str, number: str, day: str, paragraphs: Sequence[str], notice: str) -> bytes:
    """The document as PDF. Texts travel as values, so that nothing in them is read as markup."""
    content: bytes = typst.compile(
        _PAGE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={
            "office": office,
            "title": title,
            "number": number,
            "day": day,
            "paragraphs": BREAK.join(one.replace(BREAK, "") for one in paragraphs),
            "notice": notice,
        },
    )
    return content

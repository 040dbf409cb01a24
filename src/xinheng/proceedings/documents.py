"""Texts of numbered documents from the rulebook, and their PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from xinheng.proceedings.telling import fill
from xinheng.rulebook.loader import load_pack

FONTS = Path(str(files("justmytype_intl_cjk"))) / "fonts" / "ofl" / "notosanssc"
BREAK = "\x1e"
"""Between paragraphs on their way into the PDF; no typed text can hold it."""

_PAGE = """
#set document(title: sys.inputs.title)
#set page(paper: "a4", margin: (x: 2.8cm, y: 3cm), footer: context [
  #set text(9pt, fill: rgb("#555555"))
  #sys.inputs.number #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(font: "Noto Sans SC", lang: "zh", region: "cn", size: 12pt)
#set par(justify: true, leading: 1em, spacing: 1.2em)
#align(center)[#text(14pt)[#sys.inputs.office] #v(0.2em) #text(20pt, weight: "bold")[#sys.inputs.title]]
#align(center)[#sys.inputs.number]
#v(1.5em)
#for (place, paragraph) in sys.inputs.paragraphs.split("\\u{1e}").enumerate() {
  par(first-line-indent: (amount: if place == 0 { 0em } else { 2em }, all: true), paragraph)
}
#v(2.5em)
#align(right)[#sys.inputs.office #linebreak() #sys.inputs.day]
#if sys.inputs.notice != "" { v(2em); align(center, text(9pt, fill: rgb("#555555"))[#sys.inputs.notice]) }
"""


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
        _PAGE.encode(),
        font_paths=[str(FONTS)],
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

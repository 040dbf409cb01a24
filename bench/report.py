"""The page of measured speeds: each command writes its own sections and leaves the others as they are."""

import os
import platform
import re
from collections.abc import Iterable
from pathlib import Path

from xinheng.base import clock

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "benchmarks.md"
TITLE = "# 速度"
ORDER = ("county", "scale-70000000", "scale-7000000", "scale-1000000")
"""Sections in the order of the page; one that is not named comes last."""


def machine() -> str:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{clock.today().isoformat()}，{os.cpu_count()} 核，{memory:.0f} GB 内存，{platform.machine()}，"
        f"Python {platform.python_version()}"
    )


def put_section(name: str, lines: Iterable[str], page: Path = PAGE) -> None:
    """Write or replace one section of the page."""
    sections = _sections(page.read_text(encoding="utf-8")) if page.exists() else {}
    sections[name] = "\n".join(lines).strip()
    ranked = sorted(sections, key=lambda one: (ORDER.index(one) if one in ORDER else len(ORDER), one))
    marked = [f"<!-- {one} -->\n\n{sections[one]}\n\n<!-- /{one} -->\n" for one in ranked]
    page.write_text("\n".join([TITLE + "\n", *marked]), encoding="utf-8")


def table(rows: Iterable[tuple[str, ...]], *, heads: tuple[str, ...] = ("测什么", "测得", "目标")) -> list[str]:
    """A Markdown table."""
    return [_line(heads), _line(["---"] * len(heads)), *map(_line, rows), ""]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _sections(text: str) -> dict[str, str]:
    found = re.findall(r"<!-- ([\w-]+) -->\n(.*?)\n<!-- /\1 -->", text, flags=re.DOTALL)
    return {name: content.strip() for name, content in found}

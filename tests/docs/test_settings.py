"""The settings page names what the code reads from the environment, and nothing else."""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.docs.documents import ROOT

from xinheng.engines.duck import DEFAULT_MEMORY
from xinheng.intake.reading.limits import MEGABYTE, Limits

PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
RUN, TEST = PAGE.split("## To test")
NAME = re.compile(r"\bXINHENG_[A-Z0-9_]+\b")


def _named_in(files: Iterable[Path]) -> set[str]:
    return {name for path in files for name in NAME.findall(path.read_text(encoding="utf-8"))} - {"XINHENG_HOME_"}


def _rows(text: str) -> set[str]:
    return set(re.findall(r"^\| `(XINHENG_[A-Z0-9_]+)` \|", text, re.MULTILINE))


def test_every_setting_the_program_reads_is_on_the_page() -> None:
    assert _rows(RUN) == _named_in((ROOT / "src").rglob("*.py"))


def test_every_setting_of_tests_and_tools_is_on_the_page() -> None:
    files = [ROOT / "Makefile", *(ROOT / "tools").glob("*"), ROOT / "tests" / "conftest.py"]

    assert _rows(TEST) | _rows(RUN) >= _named_in(path for path in files if path.is_file())
    assert _rows(TEST) <= _named_in(path for path in files if path.is_file())


def test_the_defaults_on_the_page_are_those_of_the_code() -> None:
    assert f"| `XINHENG_ENGINE_MEMORY` | `{DEFAULT_MEMORY}` |" in RUN
    assert f"| `XINHENG_UPLOAD_MB` | `{Limits().size // MEGABYTE}` |" in RUN


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    limits = Limits()
    sentence = " ".join(PAGE.split("## Limits that are not settings")[1].split())

    assert f"{limits.columns} columns, {limits.row_length // MEGABYTE} MB a row" in sentence
    assert f"{limits.workbook // MEGABYTE} MB as workbook" in sentence
    assert f"{limits.members} files, {limits.unpacked // MEGABYTE // 1024} GB unpacked" in sentence
    assert f"{limits.ratio} times its packed size" in sentence

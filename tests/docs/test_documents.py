"""What the documents say holds: links lead somewhere, commands exist, nothing of one office's machines is named."""

import re
from pathlib import Path

import pytest
from tests.docs.documents import ROOT, markdown_files, name_of

FILES = markdown_files()
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|home|Users|mnt)/|(?<!/var)/tmp/|[A-Z]:\\\\")
INDEX_ADDRESS = re.compile(
    r"--(extra-)?index-url|simple/|pypi|artifactory|nexus|\b(10|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+", re.I
)
FORBIDDEN = ("黑名单", "曝光")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _broken(path: Path) -> list[str]:
    broken = []
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        found = path.parent / file if file else path
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(target)
    return broken


def _anchors(path: Path) -> set[str]:
    return {_anchor(heading) for heading in HEADING.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_link_leads_to_a_file_and_heading_that_exist(path: Path) -> None:
    assert _broken(path) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_document_names_a_machine_or_an_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert MACHINE_PATH.findall(text) == []
    assert INDEX_ADDRESS.findall(text) == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-spark.lock"])
def test_lock_files_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert "--hash=sha256:" in text
    assert re.findall(r"https?://\S+|index-url", text) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_document_uses_words_that_shame(path: Path) -> None:
    without_quotes = re.sub(r"“[^”]*”|`[^`]*`|「[^」]*」", "", path.read_text(encoding="utf-8"))

    assert [word for word in FORBIDDEN if word in without_quotes] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_commands_that_the_makefile_has(name: str) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][\w-]*)", (ROOT / name).read_text(encoding="utf-8")))

    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_states_the_eight_boundaries(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    _, _, section = text.partition("## 边界" if "zh" in name else "## Boundaries")
    numbered = re.findall(r"^(\d)\. \*\*", section.split("\n## ")[0], re.MULTILINE)

    assert numbered == [str(number) for number in range(1, 9)]


def test_the_readmes_show_the_same_page() -> None:
    shown = {
        re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8"))[0]
        for name in ("README.md", "README.zh-CN.md")
    }

    assert len(shown) == 1


def test_the_changelog_has_the_version_of_the_package() -> None:
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)

    assert version is not None
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_the_one_the_package_names() -> None:
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_every_package_says_what_it_is_for() -> None:
    packages = [path.parent for path in (ROOT / "src" / "xinheng").glob("*/__init__.py")]

    assert [path.name for path in packages if not (path / "README.md").exists()] == []


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    pages = sorted(path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))

    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    assert [name for name in pages if f"({name})" not in index] == []


def test_every_document_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target.partition("#")[0]).resolve() for target in LINK.findall(index.read_text("utf-8"))}
    decisions = set((ROOT / "docs" / "adr").glob("*.md"))
    pages = set((ROOT / "docs").rglob("*.md")) - decisions - {index}

    assert sorted(name_of(path) for path in pages if path.resolve() not in listed) == []

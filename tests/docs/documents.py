"""The documents of the repository, found by what git would take in."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_ELSEWHERE = {".venv", ".git", "var", "node_modules"}


def markdown_files() -> tuple[Path, ...]:
    """Every Markdown file of ours."""
    found = (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src").rglob("*.md"),
        *ROOT.glob("bench/*.md"),
        *(ROOT / "clients").rglob("*.md"),
    )
    return tuple(sorted(path for path in found if not _ELSEWHERE & set(path.relative_to(ROOT).parts)))


def name_of(path: Path) -> str:
    """How a test names a document."""
    return path.relative_to(ROOT).as_posix()

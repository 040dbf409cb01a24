"""What a back-up holds, as its own file says: `manifest.json`, with its SHA-256 beside it.

    <folder>/files/…                    files of the home that never change, shared by all back-ups of the folder
    <folder>/2026-11-22T023000/         one back-up: database.dump, home/… (small files that change), manifest.json

Keys are never in it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from xinheng.base.errors import NotFound, Refused
from xinheng.ledger.writing import sha256_of, write_durably

FORMAT = 1
MANIFEST, DIGEST, DUMP, SHARED, OWN = "manifest.json", "manifest.sha256", "database.dump", "files", "home"
_ADVICE = "这份备份不能用来恢复。请换一份备份，或从它的副本中取回这个文件。"


@dataclass(frozen=True)
class CopiedFile:
    """A file of the home; `shared` ones lie in `files/`, the others within the back-up."""

    path: str
    size: int
    sha256: str
    shared: bool


@dataclass(frozen=True)
class Backup:
    """One back-up as its manifest describes it."""

    name: str
    format: int
    version: str
    """Of the program that made it."""
    taken_at: str
    pack: str
    last_batch: int
    owner: str
    app: str
    """The two roles of the database; tables and rights are theirs."""
    master_key: str
    """Tells whether a master key is the right one, and nothing else about it."""
    dump_size: int
    dump_sha256: str
    files: tuple[CopiedFile, ...]

    @property
    def size(self) -> int:
        return self.dump_size + sum(file.size for file in self.files)


def write_manifest(folder: Path, backup: Backup) -> None:
    """Write manifest and digest into the folder of a back-up."""
    content = json.dumps(asdict(backup), ensure_ascii=False, indent=1).encode()
    write_durably(folder / MANIFEST, content)
    write_durably(folder / DIGEST, hashlib.sha256(content).hexdigest().encode() + b"\n")


def read_manifest(folder: Path) -> Backup:
    """The manifest of one back-up; Refused when it is not what was written."""
    try:
        content, digest = (folder / MANIFEST).read_bytes(), (folder / DIGEST).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise Refused(f"备份 {folder.name} 缺少 {MANIFEST} 或 {DIGEST}。", _ADVICE) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise Refused(f"备份 {folder.name} 的 {MANIFEST} 已损坏或被改动。", _ADVICE)
    told = json.loads(content)
    if told["format"] != FORMAT:
        raise Refused(f"备份 {folder.name} 是另一种格式（{told['format']}）。", "请用制作它的版本恢复。")
    return Backup(**(told | {"files": tuple(CopiedFile(**file) for file in told["files"])}))


def backups_in(folder: Path) -> tuple[Path, ...]:
    """The finished back-ups of a folder, oldest first."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.endswith(".part")))


def chosen(folder: Path, name: str | None) -> Path:
    """The back-up of that name, or the latest one; NotFound when there is none."""
    found = {path.name: path for path in backups_in(folder)}
    if not found:
        raise NotFound(f"{folder} 里没有备份。", "请核对备份所在的目录。")
    if name is not None and name not in found:
        raise NotFound(f"{folder} 里没有名为 {name} 的备份。", f"有：{'、'.join(found)}。")
    return found[name] if name else list(found.values())[-1]


def places(folder: Path, backup: Backup) -> Iterator[tuple[Path, int, str]]:
    """Every file of a back-up where it lies, with size and SHA-256; `folder` is that of the back-up itself."""
    yield folder / DUMP, backup.dump_size, backup.dump_sha256
    for file in backup.files:
        yield place_of(folder, file), file.size, file.sha256


def place_of(folder: Path, file: CopiedFile) -> Path:
    """Where a back-up keeps a file of the home."""
    return (folder.parent / SHARED if file.shared else folder / OWN) / file.path


def verify_backup(folder: Path) -> Backup:
    """Read every file of the back-up; Refused with the name of the first one that is missing or damaged."""
    backup = read_manifest(folder)
    for path, size, digest in places(folder, backup):
        shown = path.relative_to(folder.parent).as_posix()
        if not path.is_file():
            raise Refused(f"备份中缺少文件 {shown}。", _ADVICE)
        if path.stat().st_size != size or sha256_of(path) != digest:
            raise Refused(f"备份中的文件 {shown} 已损坏。", _ADVICE)
    return backup

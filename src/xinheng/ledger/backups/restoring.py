"""The files of a back-up into an empty home, after every one of them was read and found right."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.ledger.backups.manifest import Backup, place_of
from xinheng.ledger.restored import mark_restored

PACK = "pack"
"""Says that a home is set up; put back last of all, so that a killed restore is no home."""


@dataclass(frozen=True)
class Restored:
    """How much was put back."""

    files: int
    bytes: int


def require_empty(home: Home) -> None:
    """Refused where a home lies already."""
    for part in (home.root / PACK, home.ledger / "data", home.postgres / "data", home.root / "pg-location"):
        if part.exists():
            raise Refused(f"{home.root} 里已有数据（{part.name}），不能在上面恢复。", "请把 XINHENG_HOME 设到空目录。")


def restore_keys(home: Home, keys: Path) -> None:
    """Put the keys back, which a back-up never holds."""
    if not (keys / "master.key").is_file():
        raise Refused(f"{keys} 里没有 master.key。", "请用 --keys 指明另行保存的密钥目录；没有它，加密的内容无法读取。")
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for key in sorted(keys.iterdir()):
        # The passwords of an embedded server belong to that server; the new one makes its own.
        if key.is_file() and not key.name.startswith("postgres-"):
            shutil.copyfile(key, home.keys / key.name)
            (home.keys / key.name).chmod(0o600)


def restore_files(home: Home, folder: Path, backup: Backup) -> Restored:
    """Put all files back but the one that says that the home is set up; `folder` is that of the back-up itself."""
    mark_restored(home)
    for file in backup.files:
        if file.path == PACK:
            continue
        place = home.root / file.path
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(place_of(folder, file), place)
        place.chmod(0o600)
    return Restored(len(backup.files), sum(file.size for file in backup.files))


def finish(home: Home, backup: Backup) -> None:
    """The database is there too: from now on this is a home."""
    (home.root / PACK).write_text(f"{backup.pack}\n", encoding="utf-8")

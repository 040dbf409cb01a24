"""Where the cluster, its programs and its socket lie."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.postgres.account import Account, server_account

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # Linux allows 107 bytes, macOS and the BSDs 103
PLACES_FOR_ROOT = (Path("/var/lib/xinheng"), Path("/var/tmp/xinheng"))  # noqa: S108 - checked on use


@dataclass(frozen=True)
class Location:
    """The folder of one home's server and the account that owns it."""

    home: Home
    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def unfinished(self) -> Path:
        """Where `initdb` works; it becomes `data` by one rename, so that half a cluster is never started."""
        return self.folder / "data.new"

    @property
    def programs(self) -> Path:
        """A copy of the PostgreSQL programs, made only where the account cannot reach the installed ones."""
        return self.folder / "programs"

    @property
    def log(self) -> Path:
        return self.home.log / "postgres.log"

    def prepare(self) -> None:
        """Make the folder; others may pass through it, and nothing below is open to them."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account.foreign:
            os.chown(self.folder, self.account.uid, self.account.gid)
            self.folder.chmod(0o711)


def locate(home: Home, *, places_for_root: Iterable[Path] = PLACES_FOR_ROOT) -> Location:
    """Find the cluster of a home, or choose its place.

    It is `XINHENG_HOME/pg`. Only where root works below a closed folder such as `/root`, which the account of
    the server cannot enter, it lies under `/var/lib/xinheng`, and `XINHENG_HOME/pg-location` says so.
    """
    pointer = home.root / "pg-location"
    if pointer.exists():
        folder = Path(pointer.read_text(encoding="utf-8").strip())
        _refuse_second_home(home, folder)
        return Location(home, folder, server_account(_owner(folder)))
    account = server_account(_owner(home.postgres))
    if account.foreign:
        home.root.chmod(stat.S_IMODE(home.root.stat().st_mode) | stat.S_IXOTH)
    if account.can_reach(home.postgres):
        return Location(home, home.postgres, account)
    if (home.postgres / "data").exists():
        raise Refused(
            f"数据库在 {home.postgres}，但运行数据库的账户（编号 {account.uid}）进不去。",
            f"请对上级目录执行 chmod o+x，或用目录所有者的身份运行。上级目录：{home.root.resolve().parent}。",
        )
    folder = _place_for_root(home, account, places_for_root)
    pointer.write_text(f"{folder}\n", encoding="utf-8")
    return Location(home, folder, account)


def _owner(folder: Path) -> int | None:
    return folder.stat().st_uid if folder.exists() else None


def _place_for_root(home: Home, account: Account, places: Iterable[Path]) -> Path:
    for place in places:
        try:
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        folder = place / _digest(home)
        trusted = place.lstat().st_uid == 0 and not place.is_symlink()
        if trusted and account.can_reach(folder) and os.access(place, os.W_OK):
            folder.mkdir(mode=0o711, exist_ok=True)
            (folder / "home").write_text(f"{home.root.resolve()}\n", encoding="utf-8")
            return folder
    raise Refused(
        f"运行数据库的账户进不了 {home.root}，也没有别处可放数据库。",
        "请把 XINHENG_HOME 设到普通账户能进入的目录，例如 /srv/xinheng。",
    )


def _refuse_second_home(home: Home, folder: Path) -> None:
    """A copied home points at the database of the original; each would stop the other's server."""
    note = folder / "home"
    if not note.exists():
        return
    original = Path(note.read_text(encoding="utf-8").strip())
    if original == home.root.resolve():
        return
    if (original / "pg-location").exists():
        raise Refused(
            f"{home.root} 是 {original} 的副本，两者指向同一个数据库。",
            f"请删除副本里的 {home.root / 'pg-location'}，再用备份恢复数据库。",
        )
    note.write_text(f"{home.root.resolve()}\n", encoding="utf-8")


def _digest(home: Home) -> str:
    return hashlib.sha256(os.fsencode(home.root.resolve())).hexdigest()[:12]


def socket_folder(location: Location, *, roots: Iterable[Path] | None = None) -> Path:
    """Make and check the private folder for the server's socket: by the cluster, else under a short path."""
    if roots is None:
        roots = (location.folder, Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - checked below
    for root in roots:
        folder = root / "run" if root == location.folder else root / f"xinheng-{_digest(location.home)}"
        if _fits(folder) and location.account.can_reach(folder):
            _make_private(folder, location.account)
            return folder
    raise Refused(
        f"数据库的通信文件路径太长（系统最多允许 {LONGEST_SOCKET_PATH} 字节）：{location.folder}。",
        "请把 XINHENG_HOME 或 TMPDIR 设到较短的路径，例如 /srv/xinheng。",
    )


def _fits(folder: Path) -> bool:
    # A comma or a quotation mark would end the path in PostgreSQL's list of folders.
    path = str(folder)
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and not set(path) & set(",'\"\\\n")


def _make_private(folder: Path, account: Account) -> None:
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
            raise Refused(
                f"{folder} 已被别的用户占用，数据库不能把通信文件放在那里。", "请查明来历后删除它。"
            ) from None
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)

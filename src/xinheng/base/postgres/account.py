"""Who runs the server. PostgreSQL refuses root, so root runs it as a number that belongs to nobody else.

The number needs no entry in `/etc/passwd` and nothing outside `XINHENG_HOME` changes for it. Only `initdb`
insists on a name; it runs as `nobody` on an empty folder that then changes hands.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xinheng.base.errors import Refused

FIRST_FREE_NUMBER = 60_991  # between the ranges systemd manages; no distribution hands it out


@dataclass(frozen=True)
class Account:
    """A user by number; `foreign` when this process has to change over to it."""

    uid: int
    gid: int

    @property
    def foreign(self) -> bool:
        return self.uid != os.geteuid()

    def own(self, path: Path) -> None:
        """Hand a file or an entire folder over to this account."""
        if not self.foreign:
            return
        os.chown(path, self.uid, self.gid, follow_symlinks=False)
        for folder, names, files in os.walk(path):
            for name in (*names, *files):
                os.chown(os.path.join(folder, name), self.uid, self.gid, follow_symlinks=False)

    def run(
        self, arguments: list[str], *, environment: Mapping[str, str], stdin: int, output: int | IO[bytes]
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run a program as this account, in the root folder, with nothing of our environment but the PATH."""
        clean = {"PATH": os.environ.get("PATH", os.defpath), **environment}
        try:
            return subprocess.run(
                arguments,
                env=clean,
                cwd="/",
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                user=self.uid if self.foreign else None,
                group=self.gid if self.foreign else None,
                extra_groups=() if self.foreign else None,
            )
        except (PermissionError, ValueError) as error:
            if not self.foreign:
                raise
            raise Refused(
                "数据库不能以 root 运行，而这里又不允许换成别的账户。",
                "请用普通用户运行本系统，或用 XINHENG_DATABASE_URL 指向一台已有的服务器。",
            ) from error

    def can_reach(self, folder: Path) -> bool:
        """Whether this account may walk down to `folder`, which need not exist yet."""
        if not self.foreign:
            return True
        return all(_open_to_others(parent, stat.S_IXOTH) for parent in folder.resolve().parents)


def _open_to_others(path: Path, bits: int) -> bool:
    return not path.exists() or path.stat().st_mode & bits == bits


def may_read_programs(account: Account, folder: Path) -> bool:
    """Whether the account can run the programs of an installation's `bin` folder."""
    if not account.foreign:
        return True
    readable = stat.S_IXOTH | stat.S_IROTH
    parts = [folder, folder / "postgres", folder.parent / "lib", folder.parent / "share"]
    return account.can_reach(folder) and all(_open_to_others(part, readable) for part in parts)


def server_account(cluster_owner: int | None) -> Account:
    """The account to run as: ourselves, or for root the owner of the existing cluster, else a free number."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if cluster_owner:
        return Account(cluster_owner, cluster_owner)
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    number = next(n for n in range(FIRST_FREE_NUMBER, FIRST_FREE_NUMBER + 100) if n not in taken)
    return Account(number, number)


def named_account(account: Account) -> Account:
    """An account `initdb` accepts, which must have a name: our own, or for root `nobody`."""
    if not account.foreign:
        return account
    entries = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    entry = entries.get("nobody") or next(iter(entries.values()), None)
    if entry is None:
        raise Refused("系统里除了 root 没有别的用户，数据库无法建立。", "请先建立一个普通用户，再用它运行本系统。")
    return Account(entry.pw_uid, entry.pw_gid)

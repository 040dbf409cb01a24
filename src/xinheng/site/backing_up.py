"""`xinheng backup` and `xinheng restore`: database and files together, while the platform runs; keys apart."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

from django.conf import settings
from django.db import transaction
from typer import Argument, Option

from xinheng.audit.actions import record
from xinheng.base import clock
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.postgres.dumping import is_empty, restore_database
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, say
from xinheng.cli.parsing import operator
from xinheng.ledger.backups import Backup, restore_files, take_backup, verify_backup
from xinheng.ledger.backups.manifest import chosen
from xinheng.ledger.backups.restoring import finish, require_empty, restore_keys
from xinheng.site.database import access, bring_up
from xinheng.vault.keys import MasterKey

Folder = Annotated[Path, Argument(help="存放备份的目录；多次备份共用，不变的文件只存一份")]


def backup(
    folder: Folder,
    keys: Annotated[Path | None, Option("--keys", help="同时把密钥另存到这个目录（不能在备份目录里）")] = None,
    keep: Annotated[int | None, Option("--keep", min=1, help="只保留最近几份备份")] = None,
    as_json: AsJson = False,
) -> None:
    """Write database and files into a folder while everything runs; the keys are not in it."""
    home: Home = settings.HOME
    started, moment = time.monotonic(), clock.now()
    roles, folder = access(), folder.absolute()
    if keys is not None:
        _copy_keys(home, keys.absolute(), folder)
    taken = take_backup(
        home=home, owner=roles.owner, app=roles.app.user, pack=settings.PACK,
        master_key=MasterKey.load(home).fingerprint.hex(), target=folder, clock=clock.now, keep=keep,
    )  # fmt: skip
    with transaction.atomic():
        record(
            act="ledger.backup", by=operator(), now=moment, region_id=None, object_type="backup",
            object_id=taken.backup.name, detail={"files": len(taken.backup.files), "bytes": taken.backup.size},
        )  # fmt: skip
    close_log()
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        print_json(
            {
                "folder": taken.folder, "files": len(taken.backup.files), "bytes": taken.backup.size,
                "copied_files": taken.copied_files, "copied_bytes": taken.copied_bytes,
                "database_bytes": taken.backup.dump_size, "last_batch": taken.backup.last_batch,
                "seconds": seconds, "keys": keys, "removed": taken.removed,
            }
        )  # fmt: skip
        return
    say(
        f"已备份到 {taken.folder}：数据库和 {len(taken.backup.files):,} 个文件，共 {taken.backup.size:,} 字节；"
        f"这次写入 {taken.copied_bytes:,} 字节，用时 {seconds:.0f} 秒。",
        *(f"已删除旧备份 {name}。" for name in taken.removed),
        f"密钥已另存到 {keys}，请与备份分开保管。" if keys else
        f"备份里没有密钥。请把 {home.keys} 另外保存：没有它，加密的内容谁也打不开。",
    )  # fmt: skip


def restore(
    folder: Folder,
    keys: Annotated[Path | None, Option("--keys", help="另行保存的密钥目录")] = None,
    name: Annotated[str | None, Option("--name", help="用哪一份备份，默认最近的一份")] = None,
    check_only: Annotated[bool, Option("--check-only", help="只检查备份是否完好，不恢复")] = False,
    as_json: AsJson = False,
) -> int:
    """Put a back-up into an empty home and database, and let the doctor look; exit code 1 when it finds fault."""
    started = time.monotonic()
    place = chosen(folder.absolute(), name)
    found = verify_backup(place)
    if check_only:
        _tell(found, started, None, as_json=as_json, words=f"备份 {found.name} 完好")
        return 0
    home = Home.from_environment()
    require_empty(home)
    if keys is None:
        raise Refused("恢复需要密钥，备份里没有它。", "请用 --keys 指明另行保存的密钥目录。")
    restore_keys(home, keys.absolute())
    if MasterKey.load(home).fingerprint.hex() != found.master_key:
        shutil.rmtree(home.keys)
        raise Refused("这些密钥不是这份备份的。", "请换上备份那天的密钥；用别的密钥，加密的内容打不开。")
    roles = bring_up(home)
    if (roles.owner.user, roles.app.user) != (found.owner, found.app):
        raise Refused(
            f"备份里的数据库角色是 {found.owner} 和 {found.app}，这里是 {roles.owner.user} 和 {roles.app.user}。",
            "请在服务器上建立同名的角色，再恢复。",
        )
    if not is_empty(roles.owner):
        raise Refused("数据库里已有数据表，不能在上面恢复。", "请换一个空的数据库。")
    restore_files(home, place, found)
    restore_database(roles.owner, place / "database.dump", app=roles.app.user)
    finish(home, found)
    # In a process of its own, which finds the home as any later one will.
    os.environ["XINHENG_HOME"] = str(home.root)
    # Originals of files that were coming in are copied before anybody knows them: nobody will, so they go first.
    _doctor("--repair")
    looked = _doctor()
    findings = json.loads(looked.stdout)
    _tell(found, started, findings, as_json=as_json, words=f"已恢复备份 {found.name} 到 {home.root}")
    return looked.returncode


def _doctor(*more: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "xinheng", "doctor", "--lease", "0", "--json", *more]
    return subprocess.run(command, capture_output=True, check=False)


def _copy_keys(home: Home, keys: Path, folder: Path) -> None:
    if keys.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(keys.resolve()):
        raise Refused("密钥不能和备份放在一起：两样在一个人手里，加密就没有用了。", "请给 --keys 另选一个地方。")
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for key in sorted(home.keys.iterdir()):
        if key.is_file() and not key.name.startswith("postgres-"):
            shutil.copyfile(key, keys / key.name)
            (keys / key.name).chmod(0o600)


def _tell(found: Backup, started: float, looked: dict[str, Any] | None, *, as_json: bool, words: str) -> None:
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        told = {"backup": found.name, "files": len(found.files), "bytes": found.size, "seconds": seconds}
        print_json(told if looked is None else told | {"doctor": looked})
        return
    say(f"{words}：{len(found.files):,} 个文件，共 {found.size:,} 字节，用时 {seconds:.0f} 秒。")
    if looked is None:
        return
    if looked["well"]:
        say("检查通过，数据完好。运行 xinheng serve 即可开放服务。")
        return
    said = [finding["message"] for finding in looked["findings"]] if "findings" in looked else [str(looked)]
    say("检查发现以下问题，请先处理，再开放服务：", *said)

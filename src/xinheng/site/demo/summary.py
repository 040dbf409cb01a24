"""What `make demo` prints when the county is there: how the files came out, where to look, who may log in.

Reads two small files of the home and nothing else, so that the second run prints at once.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xinheng.base.clock import format_date
from xinheng.base.errors import NotFound
from xinheng.base.home import Home
from xinheng.cli.output import AsJson, print_json, print_table, say

LOADED_FILE = "demo.json"
LOGINS_FILE = "demo-logins.json"
ADDRESS = "http://127.0.0.1:8000"
_COLUMNS = ("类型", "文件", "记录", "收下", "更正或撤回", "重复", "需改正")
_COUNTED = ("files", "rows", "accepted", "amended", "unchanged", "rejected")


@dataclass(frozen=True)
class Line:
    """How the files of one record type came out."""

    type: str
    title: str
    files: int
    rows: int
    accepted: int
    amended: int
    unchanged: int
    rejected: int


@dataclass(frozen=True)
class Loaded:
    """What was loaded and how long it took."""

    as_at: str
    seconds: int
    organisations: int
    published: int
    lines: tuple[Line, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Login:
    """A demo officer's account, as it is printed for whoever tries the demo."""

    username: str
    display_name: str
    department: str
    roles: str
    password: str


def summary(as_json: AsJson = False) -> None:
    """Print how the demo county was loaded; refused when there is none."""
    home = Home.from_environment()
    loaded = read_loaded(home)
    if loaded is None:
        raise NotFound("这里还没有演示县。", "请运行 make demo 或 xinheng demo load。")
    report(home, loaded, as_json=as_json)


def report(home: Home, loaded: Loaded, *, as_json: bool) -> None:
    """The summary for a program or a person."""
    if as_json:
        print_json({**asdict(loaded), "logins": demo_logins(home)})
        return
    total = Line(
        type="",
        title="合计",
        **{name: sum(getattr(line, name) for line in loaded.lines) for name in _COUNTED},
    )
    rows = [(line.title, *(getattr(line, name) for name in _COUNTED)) for line in (*loaded.lines, total)]
    print_table(_COLUMNS, rows, title="云屿县（虚构）各部门报送情况")
    day = format_date(date.fromisoformat(loaded.as_at))
    say(
        f"{loaded.organisations:,} 家单位，{loaded.published:,} 条信息正在公示。{day}建立，用时 {loaded.seconds} 秒。",
        *loaded.refused,
        "",
        f"公示网站  {ADDRESS}/",
        f"查询      {ADDRESS}/search?q=云屿",
        f"工作台    {ADDRESS}/desk/",
        f"企业中心  {ADDRESS}/centre/",
        f"接口说明  {ADDRESS}/api/v1/openapi.json",
    )
    print_logins(demo_logins(home), home)


def read_loaded(home: Home) -> Loaded | None:
    """What was loaded into this home before, or None."""
    path = home.root / LOADED_FILE
    if not path.exists():
        return None
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    stored["lines"] = tuple(Line(**line) for line in stored["lines"])
    stored["refused"] = tuple(stored["refused"])
    return Loaded(**stored)


def write_loaded(home: Home, loaded: Loaded) -> None:
    """Remember that the county is there, whole or not at all."""
    part = home.root / f"{LOADED_FILE}.part"
    part.write_text(json.dumps(asdict(loaded), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(part, home.root / LOADED_FILE)


def demo_logins(home: Home) -> tuple[Login, ...]:
    """The accounts made for this demo; their passwords are this home's own."""
    path = home.keys / LOGINS_FILE
    stored: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return tuple(Login(**login) for login in stored)


def write_logins(home: Home, logins: Sequence[Login]) -> None:
    """Keep the accounts where only the owner of the home reads them."""
    path: Path = home.keys / LOGINS_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(login) for login in logins], file, ensure_ascii=False)


def print_logins(logins: Sequence[Login], home: Home) -> None:
    """The accounts for people; they exist only in the fictional county."""
    say("", f"演示账号（只用于演示，也保存在 {home.keys / LOGINS_FILE}）：")
    for one in logins:
        say(f"  {one.username:<10} {one.password}   {one.display_name}，{one.department}，{one.roles}")

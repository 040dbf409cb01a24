"""`xinheng doctor`: what is wrong, what was left behind, and with --repair what can be cleared away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from typer import Option

from xinheng.audit.queries import verify
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, say
from xinheng.cli.parsing import SERVER
from xinheng.effects.queries import counts, still_shown
from xinheng.intake.folder import refused_files
from xinheng.intake.leftovers import abandoned_deliveries, leftover_clear_text, orphan_originals, put_back
from xinheng.ledger.doctor import DamagedFile, damaged_files
from xinheng.ledger.restored import prove_well
from xinheng.ledger.sweeping import LEASE, orphan_folders, remove

UNWELL = 1


@dataclass(frozen=True)
class Finding:
    """One line of the report; `repaired` when it is no more."""

    kind: str
    message: str
    count: int
    repaired: bool = False


@dataclass(frozen=True)
class _Visit:
    """One run of the doctor."""

    home: Home
    now: datetime
    lease: timedelta
    repair: bool
    contents: bool


def doctor(
    repair: Annotated[bool, Option("--repair", help="清理中断的处理留下的文件，让中断的报送重新排队")] = False,
    lease_minutes: Annotated[int, Option("--lease", min=0, help="多少分钟内写过的文件可能仍在使用，不清理")] = int(
        LEASE.total_seconds() // 60
    ),
    quick: Annotated[bool, Option("--quick", help="只看文件在不在、大小对不对，不重新计算校验值")] = False,
    as_json: AsJson = False,
) -> int:
    """Look for everything that should not be; exit code 1 while something is left."""
    visit = _Visit(settings.HOME, clock.now(), timedelta(minutes=lease_minutes), repair, not quick)
    found = [finding for look in LOOKS for finding in look(visit)]
    close_log()
    open_ones = [finding for finding in found if not finding.repaired]
    if not open_ones and visit.contents:
        prove_well(visit.home)
    if as_json:
        print_json({"well": not open_ones, "findings": found})
    else:
        say(*(finding.message for finding in found))
        say("没有发现问题。" if not found else "已全部处理。" if not open_ones else "请按上面的说明处理。")
    return UNWELL if open_ones else 0


def _tables(visit: _Visit) -> list[Finding]:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not missing:
        return []
    return [Finding("tables", f"数据库还有 {missing} 项升级没有做；运行 xinheng serve 时会自动完成。", missing)]


def _deliveries(visit: _Visit) -> list[Finding]:
    found = abandoned_deliveries()
    if not found:
        return []
    words = f"有 {len(found)} 次报送在处理中断后停住了"
    if visit.repair:
        put_back(deliveries=found, now=visit.now)
        return [Finding("deliveries", f"{words}，已重新排队。", len(found), repaired=True)]
    return [Finding("deliveries", f"{words}；加 --repair 让它们重新排队。", len(found))]


def _leftovers(visit: _Visit) -> list[Finding]:
    kinds = (
        ("ledger", "个没有登记的数据目录", orphan_folders),
        ("originals", "个没有登记的加密原件", orphan_originals),
        ("clear_text", "项临时文件", leftover_clear_text),
    )
    found = []
    for kind, words, look in kinds:
        paths = look(visit.home, now=visit.now, lease=visit.lease)
        if not paths:
            continue
        sentence = f"处理中断留下了 {len(paths)} {words}"
        if visit.repair:
            remove(paths)
            found.append(Finding(kind, f"{sentence}，已清理。", len(paths), repaired=True))
        else:
            found.append(Finding(kind, f"{sentence}；加 --repair 清理。", len(paths)))
    return found


def _damage(visit: _Visit) -> list[Finding]:
    return [
        Finding(
            "damage",
            f"{_whose(file)}文件 {file.path} {'不见了' if file.missing else '已被改动'}；请从备份恢复它。",
            1,
        )
        for file in damaged_files(visit.home, contents=visit.contents)
    ]


def _whose(file: DamagedFile) -> str:
    return f"第 {file.batch_no} 批的" if file.batch_no else "归集多个批次的"


def _log(visit: _Visit) -> list[Finding]:
    report = verify(SERVER, home=visit.home, now=visit.now)
    return [Finding("audit", f"操作日志：{finding.message}", 1) for finding in report.findings]


def _shown(visit: _Visit) -> list[Finding]:
    today = clock.today(visit.now)
    served, counted = still_shown(PUBLIC, as_at=today), counts(PUBLIC, as_at=today).total
    found = []
    if served.expired:
        found.append(
            Finding("expired", f"有 {served.expired} 条已到期的信息仍会被公示；请停止对外服务。", served.expired)
        )
    if served.live != counted:
        found.append(
            Finding(
                "tally", f"公示计数为 {counted} 条，实际公示 {served.live} 条，两者不一致。", abs(served.live - counted)
            )
        )
    return found


def _folder(visit: _Visit) -> list[Finding]:
    found = refused_files(visit.home)
    if not found:
        return []
    message = f"监视目录中有 {len(found)} 个未能接收的文件，仍是明文；请通知部门取回或删除。"
    return [Finding("refused_files", message, len(found))]


LOOKS: tuple[Callable[[_Visit], list[Finding]], ...] = (
    _tables,
    _deliveries,
    _leftovers,
    _damage,
    _log,
    _shown,
    _folder,
)

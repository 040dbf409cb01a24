"""The program `xinheng`: which commands there are, and what each needs before it runs."""

import os
import sys
from collections.abc import Sequence

import django
from typer import Abort, Exit, TyperException

from xinheng.base.errors import Refused, XinhengError
from xinheng.base.home import Home
from xinheng.cli.deferred import Entry, Group, Needs, Prepare, program
from xinheng.cli.output import print_json, report_error
from xinheng.site.boot import boot, pack_file
from xinheng.site.database import let_go

COMMANDS: tuple[Entry | Group, ...] = (
    Entry("init", "xinheng.site.setting_up:init", "建立数据库并选定规则包", Needs.HOME),
    Entry("serve", "xinheng.site.serve:serve", "启动网站和后台处理，直到按 Ctrl+C"),
    Entry("worker", "xinheng.site.worker:worker", "只运行后台处理（通常由 serve 启动）"),
    Entry("doctor", "xinheng.cli.doctor:doctor", "检查数据是否完好，--repair 清理遗留"),
    Entry("backup", "xinheng.site.backing_up:backup", "备份数据库和文件（不含密钥），不用停止运行"),
    Entry("restore", "xinheng.site.backing_up:restore", "把备份恢复到空的数据目录，并检查", Needs.TABLES),
    Group(
        "catalogue",
        "信息目录：有哪些信息、每个字段的依据",
        (
            Entry("list", "xinheng.cli.catalogue:list_types", "列出所有信息类型", Needs.NOTHING),
            Entry("show", "xinheng.cli.catalogue:show", "列出一类信息的全部字段", Needs.NOTHING),
            Entry("export", "xinheng.cli.catalogue:export", "导出目录或报送模板（XLSX）", Needs.NOTHING),
        ),
    ),
    Group(
        "demo",
        "虚构的演示县",
        (
            Entry("files", "xinheng.site.demo.files:files", "生成演示县各部门的报送文件", Needs.NOTHING),
            Entry("summary", "xinheng.site.demo.summary:summary", "再次打印演示县的汇总", Needs.NOTHING),
            Entry("load", "xinheng.site.demo.loading:load", "建立演示县并收下它的全部文件", Needs.HOME),
        ),
    ),
    Entry("intake", "xinheng.cli.intake:intake", "报送一个文件并打印回执"),
    Entry("receipt", "xinheng.cli.intake:receipt", "打印一个批次的回执，或导出需改正的行"),
    Entry("show", "xinheng.cli.records:show", "一个单位的信息：某日的情况、某日所知（须说明用途）"),
    Entry("trace", "xinheng.cli.records:trace", "一条记录来自哪个文件的哪一行"),
    Entry("why", "xinheng.cli.records:why", "一条记录为什么公示、公示到哪天"),
    Entry("check", "xinheng.cli.check:check", "信用核查：一个代码或一个文件；check verify 文件：核验回执"),
    Entry("match", "xinheng.cli.match:match", "两个名称是不是同一单位；一个名称是登记的哪个单位"),
    Entry("report", "xinheng.cli.reports:report", "出具一个单位的公共信用报告；report verify 文件：核验"),
    Group(
        "client",
        "部门的接口程序",
        (
            Entry("create", "xinheng.cli.clients:create", "登记一个接口程序，打印它的密钥（只此一次）"),
            Entry("list", "xinheng.cli.clients:list_clients", "列出所有接口程序"),
            Entry("limit", "xinheng.cli.clients:limit", "限定从哪里、到哪天可以调用"),
            Entry("rotate", "xinheng.cli.clients:rotate", "更换密钥，打印新密钥（只此一次）"),
            Entry("revoke", "xinheng.cli.clients:revoke", "停用一个接口程序"),
        ),
    ),
    Group(
        "officer",
        "工作人员账号",
        (
            Entry("list", "xinheng.cli.officers:list_officers", "列出账号和角色"),
            Entry("unlock", "xinheng.cli.officers:unlock", "解除连续输错密码后的登录锁定"),
            Entry(
                "reset-second-factor",
                "xinheng.cli.officers:reset_second_factor",
                "手机丢失后重置第二因素（先核对本人）",
            ),
        ),
    ),
    Group(
        "audit",
        "操作日志",
        (
            Entry("verify", "xinheng.cli.audit:verify", "核对日志有没有被改动"),
            Entry("checkpoint", "xinheng.cli.audit:checkpoint", "在数据库之外写下日志的现状"),
        ),
    ),
    Group(
        "ledger",
        "账本文件",
        (
            Entry("status", "xinheng.cli.ledger:status", "账本里有多少行、多少文件"),
            Entry("optimize", "xinheng.cli.ledger:optimize", "归集零散文件，让一个单位的信息立即可查"),
            Entry("statistics", "xinheng.cli.ledger_statistics:statistics", "各类信息涉及多少主体、现有多少条"),
        ),
    ),
    Group(
        "identifiers",
        "统一社会信用代码的核对",
        (Entry("check", "xinheng.cli.identifiers:check", "核对全部代码：错码、重码、缺码和各部门的比率"),),
    ),
    Group(
        "vault",
        "加密保存的自然人信息和密钥",
        (
            Entry("status", "xinheng.cli.vault:status", "有多少密钥、多久没有轮换、封存期怎样执行"),
            Entry("rotate", "xinheng.cli.vault:rotate", "轮换主密钥和第二因素的密钥文件"),
            Entry("settle", "xinheng.cli.vault:settle", "收拾被中断的轮换"),
            Entry("erase", "xinheng.cli.vault:erase", "销毁一个人的全部加密信息，不可恢复"),
        ),
    ),
    Group(
        "rulebook",
        "规则包",
        (Entry("check", "xinheng.cli.rulebook:check", "检查规则包的引用、依据和日期", Needs.TABLES),),
    ),
)
HELP = "信衡：县市公共信用信息平台。每个命令都可加 --help 查看用法，加 --json 供程序读取。"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with 0 done, 1 refused with reasons, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = run(given)
    finally:
        let_go()
    sys.exit(code)


def prepare(needs: Needs, help_only: bool) -> None:
    """Bring up what a command needs; for the help text the tables are enough."""
    if needs is Needs.NOTHING:
        return
    if help_only or needs is Needs.TABLES:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.site.settings")
        django.setup()
        return
    home = Home.from_environment()
    if needs is Needs.COUNTY and not pack_file(home).exists():
        raise Refused(
            f"{home.root} 里还没有建立数据。",
            "请先运行 xinheng init --pack demo（演示县）或 xinheng init --pack national（自己的县）。",
        )
    boot(home)


def run(given: list[str], prepare: Prepare = prepare) -> int:
    """Run one command; returns its exit code. `prepare` brings up what the command needs."""
    as_json = "--json" in given
    try:
        result = program(COMMANDS, prepare, help=HELP).main(
            given or ["--help"], prog_name="xinheng", standalone_mode=False
        )
    except XinhengError as error:
        report_error(error, as_json=as_json)
        return error.exit_code
    except Exit as leaving:
        return leaving.exit_code
    except (Abort, KeyboardInterrupt):
        return 130
    except TyperException as mistake:
        _report_usage(mistake, as_json=as_json)
        return 2
    return result if isinstance(result, int) else 0


def _report_usage(mistake: TyperException, *, as_json: bool) -> None:
    message = f"命令的写法不对：{mistake}"
    if as_json:
        print_json({"error": {"message": message, "advice": "加 --help 查看用法。"}})
    else:
        sys.stderr.write(f"{message}\n加 --help 查看用法。\n")

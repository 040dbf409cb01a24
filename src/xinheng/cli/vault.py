"""`xinheng vault`: the keys of what is sealed, replacing them, and forgetting a person."""

import sys
from typing import Annotated

from django.conf import settings
from typer import Option, confirm, prompt

from xinheng.base import clock
from xinheng.base.errors import Refused
from xinheng.base.secret_box import rotation_begun
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, print_table, say
from xinheng.cli.parsing import SERVER, operator
from xinheng.intake.actions.forgetting import forget_person
from xinheng.people.actions import rotate_second_factor_key, settle_second_factor_key
from xinheng.people.second_factor import BOX
from xinheng.vault import queries
from xinheng.vault.actions import rotate_master, settle_master

KEEP_APART = "请立即备份 keys 目录，与数据备份分开保存；旧的密钥备份在确认新备份可用后销毁。"


def status(as_json: AsJson = False) -> None:
    """Keys by kind and age, and what retention does; no secret is shown."""
    today = clock.today(clock.now())
    found = queries.status(SERVER, today=today)
    interrupted = found.rotation_interrupted or rotation_begun(settings.HOME, BOX)
    if as_json:
        print_json({"status": found, "rotation_interrupted": interrupted})
        return
    since = f"{clock.format_date(clock.today(found.master_since))}起使用" if found.master_since else "还没有用过"
    say(f"主密钥：{since}，换过 {found.master_changes} 次。")
    if interrupted:
        say("有一次轮换还没有结束；如果没有正在进行的轮换，请运行 xinheng vault settle。")
    print_table(
        ("数据密钥", "在用", "最早的一把", "已销毁"),
        (
            (one.label, one.alive, clock.format_date(clock.today(one.oldest)) if one.oldest else "—", one.destroyed)
            for one in found.kinds
        ),
    )
    print_table(
        ("封存期", "天数", "依据", "今天到期"),
        (
            (
                line.rule.description,
                line.rule.days,
                line.rule.citation if line.rule.verified else "未经核实，不执行",
                line.due,
            )
            for line in found.retentions
        ),
    )


def rotate(as_json: AsJson = False) -> None:
    """Replace the master key and the key file of second factors; everything stays readable, also during it."""
    now = clock.now()
    keys = rotate_master(by=operator(), now=now)
    secrets = rotate_second_factor_key(by=operator(), now=now)
    close_log()
    if as_json:
        print_json({"data_keys": keys, "second_factors": secrets})
    else:
        say(
            f"主密钥已轮换，{keys} 把数据密钥已改用新的主密钥。", f"第二因素的密钥文件已轮换，涉及 {secrets} 个验证器。"
        )
        say(KEEP_APART)


def settle(as_json: AsJson = False) -> None:
    """Finish or drop what a killed rotation left behind; nothing happens when there is nothing."""
    master = settle_master(home=settings.HOME)
    second = settle_second_factor_key(by=operator(), now=clock.now())
    close_log()
    if as_json:
        print_json({"settled": master or second})
    else:
        say("中断的轮换已收拾好。" if master or second else "没有中断的轮换。")


def erase(
    reason: Annotated[str, Option("--reason", help="理由，记入日志；不要写姓名和证件号码")],
    yes: Annotated[bool, Option("--yes", help="不再询问，直接销毁")] = False,
    as_json: AsJson = False,
) -> None:
    """Destroy everything sealed about a person. The number is asked for, never given as an argument."""
    number = _number()
    if not yes and not confirm("销毁后任何人都不能恢复。确实要销毁吗", err=True):
        raise Refused("没有销毁。")
    done = forget_person(number=number, by=operator(), now=clock.now(), reason=reason)
    close_log()
    if as_json:
        print_json({"keys": done.keys, "batches": done.batches, "waiting_files": done.waiting})
    else:
        say(f"已销毁 {done.keys} 把密钥，涉及 {len(done.batches)} 个批次、{done.waiting} 个未处理的文件。")
        say("需要做到旧备份也读不出来时，请再运行 xinheng vault rotate，并销毁旧的密钥备份。")


def _number() -> str:
    """Typed unseen on a terminal, else the first line of the input, so that it stands in no history or list."""
    if sys.stdin.isatty():
        return str(prompt("证件号码（不显示）", hide_input=True, err=True))
    return sys.stdin.readline().strip()

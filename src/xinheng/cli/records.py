"""`xinheng show`, `trace` and `why`: what is held, where it comes from, why it is public."""

from typing import Annotated

from rich.tree import Tree
from typer import Argument, Option

from xinheng.base import clock
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, console, print_json, print_table, say
from xinheng.cli.parsing import SERVER, day, operator, record_no
from xinheng.effects import queries as effects
from xinheng.effects.queries import WhyNode
from xinheng.register import queries as register

Record = Annotated[str, Argument(help="记录编号，或公示页面地址中的记录代号")]


def show(
    code: Annotated[str, Argument(help="统一社会信用代码，或单位页面地址中的代号")],
    purpose: Annotated[str, Option("--purpose", help="查询用途，记入操作日志")],
    as_at: Annotated[str | None, Option("--as-at", help="哪一天的情况，默认今天")] = None,
    known_at: Annotated[str | None, Option("--known-at", help="按哪一天已知的信息，默认今天")] = None,
    as_json: AsJson = False,
) -> None:
    """The archive of an organisation at two times: as it was, by what was known."""
    now = clock.now()
    found = register.history(
        SERVER,
        code,
        as_at=day(as_at, clock.today(now)),
        known_at=day(known_at, clock.today(now)),
        purpose=purpose,
        by=operator(),
        now=now,
    )
    close_log()
    if as_json:
        print_json(found)
        return
    names = "；".join(f"{one.name}（曾用名）" if one.former else one.name for one in found.names)
    say(
        f"{found.organisation.name}  {found.organisation.credit_code}  {found.organisation.status_label}",
        f"{clock.format_date(found.as_at)}的情况，按{clock.format_date(found.known_at)}所知",
        f"名称：{names}",
        "代码：" + "；".join(f"{one.kind_label} {one.value}" for one in found.numbers),
    )
    print_table(
        ("记录", "版本", "类型", "文书号", "决定日期", "作出机关", "状态", "公示前状态", "批次", "行"),
        [
            (str(one.record_no), one.version, one.title, one.decision_no, one.decided_on or "", one.authority_name,
             one.state_label, one.gate_label, str(one.batch_no), str(one.row_no))
            for one in found.records
        ],
    )  # fmt: skip


def trace(record: Record, as_json: AsJson = False) -> None:
    """From a record back to file, row, sender and time, with all its versions."""
    found = register.trace(SERVER, record_no(record))
    if as_json:
        print_json(found)
        return
    say(
        f"记录 {found.record_no}  {found.title}  {found.decision_no}",
        f"主体  {found.subject_name}（{found.linked or '还没有归到单位'}）",
        f"文件  {found.file_name}  第 {found.row_no} 行  第 {found.batch_no} 批",
        f"校验  SHA-256 {found.sha256}",
        f"报送  {found.department}  {found.submitted_by}  {found.channel}  {found.received_at:%Y-%m-%d %H:%M}",
    )
    print_table(
        ("版本", "批次", "行", "自", "至", "状态", "撤回原因"),
        [
            (one.version, str(one.batch_no), str(one.row_no), f"{one.known_from:%Y-%m-%d %H:%M}",
             f"{one.known_to:%Y-%m-%d %H:%M}" if one.known_to else "现行", one.gate_label, one.withdrawal_reason)
            for one in found.versions
        ],
    )  # fmt: skip


def why(
    record: Record,
    as_at: Annotated[str | None, Option("--as-at", help="哪一天，默认今天")] = None,
    as_json: AsJson = False,
) -> None:
    """From a publication up to provision, decision, record, batch, file and row."""
    found = effects.why(SERVER, record_no(record), as_at=day(as_at, clock.today()))
    if as_json:
        print_json(found)
        return
    console().print(_tree(found))


def _tree(node: WhyNode) -> Tree:
    tree = Tree(f"{node.label}  {node.text}")
    for child in node.children:
        tree.children.append(_tree(child))
    return tree

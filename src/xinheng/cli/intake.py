"""`xinheng intake` and `xinheng receipt`: a file in, and what became of it."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from django.conf import settings
from typer import Argument, Option

from xinheng.base import clock
from xinheng.base.errors import Refused, WrongUsage
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, print_table, progress, say
from xinheng.cli.parsing import SERVER, department, operator
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.correction import write_correction_file
from xinheng.intake.jobs import work_on
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.queries import GroupOfFindings, Receipt, findings
from xinheng.intake.queries import receipt as receipt_of
from xinheng.ledger.models import Channel

REFUSED = 1
_LEVELS = {"error": "错误", "warning": "提示", "notice": "说明"}


def intake(
    file: Annotated[Path, Argument(help="CSV、XLSX、JSON Lines、Parquet，或装有它们的 ZIP")],
    type: Annotated[str, Option("--type", help="信息类型，见 xinheng catalogue list；auto 表示按列名判断")],
    department_code: Annotated[str, Option("--department", help="报送部门的统一社会信用代码")],
    mapping: Annotated[Path | None, Option("--mapping", help="JSON 文件：列名对应的字段名")] = None,
    as_json: AsJson = False,
) -> int:
    """Receive one file, process it now, and print the receipt; exit code 1 when it could not be read."""
    if not file.is_file():
        raise WrongUsage(f"没有 {file} 这个文件。", "请核对路径。")
    by = operator()
    sender = Sender(department(department_code), Channel.COMMAND, by)
    with progress(quiet=as_json) as bar:
        bar.add_task("核对", total=None)
        deliveries = receive(
            path=file, file_name=file.name, type=type, sender=sender, now=clock.now(), mapping=_mapping(mapping)
        )
        done = [_processed(delivery) for delivery in deliveries]
    close_log()
    if as_json:
        answers = [_as_json(delivery) for delivery in done]
        print_json(answers[0] if len(answers) == 1 else answers)
    else:
        for delivery in done:
            _print(delivery)
    return REFUSED if any(delivery.state != DeliveryState.DONE for delivery in done) else 0


def receipt(
    batch: Annotated[int, Argument(help="批次号")],
    xlsx: Annotated[Path | None, Option("--xlsx", help="把需改正的行写到这个 XLSX 文件")] = None,
    as_json: AsJson = False,
) -> None:
    """The receipt of a batch; with --xlsx also the rows to correct, errors marked in place."""
    found = receipt_of(SERVER, batch)
    if xlsx is not None:
        folder = settings.HOME.tmp / f"correction-{uuid4().hex}"
        folder.mkdir(mode=0o700)
        try:
            count = write_correction_file(SERVER, batch, target=xlsx, tmp=folder)
        finally:
            folder.rmdir()
        if not as_json:
            say(f"已把 {count:,} 行需改正的记录写到 {xlsx}，改好后可以直接报送这个文件。")
            return
    if as_json:
        print_json(found.as_json(findings(SERVER, batch)))
    else:
        print_receipt(found)


def print_receipt(receipt: Receipt) -> None:
    """The three numbers, the problems by kind with their advice, and where to get the rows to correct."""
    batch = receipt.batch
    taken = batch.accepted + batch.amended
    say(
        f"回执  第 {batch.number} 批  {receipt.title}  {batch.department_name}",
        f"文件  {batch.file_name}（{batch.rows:,} 行）",
        "",
        f"收下    {taken:>10,}    其中更正 {batch.amended - batch.withdrawn:,}，撤回 {batch.withdrawn:,}",
        f"重复    {batch.unchanged:>10,}    与已有信息相同，没有重复收入",
        f"需改正  {batch.rejected:>10,}",
    )
    if batch.sealed_persons:
        say(f"其中 {batch.sealed_persons:,} 行涉及自然人，已加密封存，不公示、不可检索。")
    if batch.held:
        say("该部门设定了公示前审核，收下的记录待审核后公示。")
    if receipt.groups:
        print_table(
            ("类别", "代码", "列", "数量", "首见行", "问题", "怎么改"), [_group(group) for group in receipt.groups]
        )
    if batch.rejected:
        say(f"取回需改正的行：xinheng receipt {batch.number} --xlsx 改正.xlsx")


def _processed(delivery: Delivery) -> Delivery:
    if delivery.state in {DeliveryState.MAPPING, DeliveryState.DONE}:
        return delivery
    return work_on(delivery_id=delivery.pk, by=operator(), clock=clock.now)


def _mapping(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise WrongUsage(f"列名对应文件 {path} 读不出来。", '它应是 JSON，例如 {"企业名称": "name"}。') from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise WrongUsage(f"列名对应文件 {path} 应是列名到字段名的对照。", '例如 {"企业名称": "name"}。')
    return found


def _as_json(delivery: Delivery) -> dict[str, Any]:
    if delivery.batch is None:
        refusal = _refusal(delivery)
        return {"error": {"message": refusal.message, "advice": refusal.advice}, "delivery": str(delivery.pk)}
    number = delivery.batch.number
    return receipt_of(SERVER, number).as_json(findings(SERVER, number))


def _print(delivery: Delivery) -> None:
    if delivery.batch is None:
        refusal = _refusal(delivery)
        say(f"{delivery.file_name}：{refusal.message}", refusal.advice)
        return
    print_receipt(receipt_of(SERVER, delivery.batch.number))


def _refusal(delivery: Delivery) -> Refused:
    if delivery.state == DeliveryState.MAPPING:
        return Refused(
            "有的列看不出是哪个字段，文件已收到，等待确认列名。",
            "请在工作台逐列确认，或用 --mapping 给出列名对应的字段后重新报送。",
        )
    return Refused(delivery.message, delivery.advice)


def _group(group: GroupOfFindings) -> tuple[object, ...]:
    level = _LEVELS[group.level]
    return (level, group.code, group.label, group.count, group.first_row, group.message, group.advice)

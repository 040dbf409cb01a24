"""Rows as the market authority of the county sends them, and files made of them."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

import xlsxwriter
from tests.world import MARKET, World

from xinheng.base.identifiers import credit_code
from xinheng.intake.models import Delivery
from xinheng.intake.queries import Finding, findings

SHOP, SHOP_NAME = credit_code.make("91", "990001", "MA000001"), "云屿县浮光食品有限公司"
MILL, MILL_NAME = credit_code.make("91", "990001", "MA000002"), "云屿县浮石磨坊有限公司"


def organisation(code: str = SHOP, name: str = SHOP_NAME, **more: str) -> dict[str, str]:
    """A registration with which nothing is wrong."""
    return {
        "主体名称": name,
        "统一社会信用代码": code,
        "主体类别": "企业",
        "登记状态": "存续",
        "成立日期": "2019/03/12",
        "工商注册号": "",
        "组织机构代码": "",
        "登记机关": MARKET.name,
        "数据来源单位": MARKET.name,
        "数据来源单位统一社会信用代码": MARKET.code,
    } | more


def penalty(number: int | str = 1, code: str = SHOP, name: str = SHOP_NAME, **more: str) -> dict[str, str]:
    """A penalty with which nothing is wrong; `number` goes into its document number."""
    return {
        "行政相对人名称": name,
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": code,
        "法定代表人": "示例姓名",
        "证件类型": "",
        "证件号码": "",
        "行政处罚决定书文号": f"云市监罚〔2026〕{number}号",
        "违法行为类型": "未执行进货查验记录制度",
        "违法事实": "现场检查时没有进货查验记录",
        "处罚依据": "《食品安全法》第一百二十六条",
        "处罚类别": "罚款",
        "处罚内容": "罚款人民币贰万元",
        "罚款金额(万元)": "2",
        "没收违法所得、没收非法财物的金额(万元)": "",
        "处罚决定日期": "2026/11/18",
        "处罚有效期": "2099/12/31",
        "处罚机关": MARKET.name,
        "处罚机关统一社会信用代码": MARKET.code,
        "数据来源单位": MARKET.name,
        "数据来源单位统一社会信用代码": MARKET.code,
        "备注": "",
        "数据操作": "",
        "撤回原因": "",
    } | more


def withdrawal(number: int | str = 1, **more: str) -> dict[str, str]:
    """The row that takes a penalty back."""
    return penalty(number) | {"数据操作": "撤回", "撤回原因": "决定已撤销"} | more


def workbook(rows: Sequence[Mapping[str, object]]) -> bytes:
    """An XLSX file; numbers are written as numbers, the rest as text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row.values()):
                if isinstance(cell, int | float):
                    sheet.write_number(line, column, cell)
                elif cell:
                    sheet.write_string(line, column, str(cell))
    return buffer.getvalue()


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def errors(world: World, delivery: Delivery) -> Iterator[Finding]:
    """The errors of a processed delivery, by row."""
    assert delivery.batch is not None, delivery.message
    return findings(world.scope, delivery.batch.number)


def faults(world: World, delivery: Delivery) -> list[tuple[int, str, str]]:
    """Row, check and column of each error."""
    return [(one.row, one.code, one.column) for one in errors(world, delivery)]

"""V15: no control, invisible, private-use or replacement characters."""

from collections.abc import Iterable

import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts, fields_of_type
from xinheng.catalogue.contract import Contract, Field

CONTROL = r"\x00-\x08\x0e-\x1f\x7f-\x{9f}"
LAYOUT = r"\t\n\x0b\x0c\r"
INVISIBLE = r"\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}"
LOST = r"\x{e000}-\x{f8ff}\x{fffd}\x{f0000}-\x{10ffff}"


class Characters(Check):
    id = "V15"
    title = "特殊字符"
    level = "error"
    citation = "湖北省许可数据接口的校验提示（特殊字符不予接收）"
    verified = False
    description = (
        "不接收控制字符、看不见的排版字符、自造字和乱码替代字符；"
        "较长的文字说明里可以换行和使用制表符。首尾的空白自动去掉，不算错误。"
    )
    texts = {
        "control": Explanation("“{label}”里有看不见的控制字符。", "请删除后重新输入，常见于从其他系统直接复制。"),
        "line_break": Explanation("“{label}”里有换行或制表符。", "请把这一项写在同一行。"),
        "invisible": Explanation(
            "“{label}”里有看不见的排版字符。", "请把这一项重新输入一遍，不要从网页或文档直接复制。"
        ),
        "lost_character": Explanation(
            "“{label}”里有自造字或乱码。", "原来的字在转换中丢失了，请用规范汉字重新输入；生僻字请用国家标准编码的字。"
        ),
    }
    covers_withdrawals = True

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for field in _scanned(contract):
            text = values.trimmed(facts.text(field.name))
            for variant, characters in _kinds(field):
                failing = text.re_search(f"[{characters}]")
                yield Condition(self.id, field.name, variant, "error", failing)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        for field in _scanned(contract):
            yield Scan(field.name, f"[{''.join(characters for _, characters in _kinds(field))}]")


def _scanned(contract: Contract) -> list[Field]:
    """Free values; dates, numbers, codes and listed values have stricter checks of their own."""
    return fields_of_type(contract, "text")


def _kinds(field: Field) -> Iterable[tuple[str, str]]:
    yield "control", CONTROL
    if not field.free_text:
        yield "line_break", LAYOUT
    yield "invisible", INVISIBLE
    yield "lost_character", LOST


CHECK = Characters()

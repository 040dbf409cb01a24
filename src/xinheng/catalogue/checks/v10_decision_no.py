"""V10: the number of a document is a number of a document."""

from collections.abc import Iterable

import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts
from xinheng.catalogue.contract import Contract

STAND_INS = (
    "无",
    "/",
    "-",
    "—",
    "——",
    "\\",
    "0",
    "00",
    "000",
    "暂无",
    "没有",
    "空",
    "无文号",
    "无编号",
    "不详",
    "NA",
    "N/A",
    "NULL",
    "NONE",
    "*",
    ".",
    "、",
    "?",
    "？",
    "1",
    "123",
    "111",
    "XXX",
    "××",
)
PHONE = r"^(1[3-9][0-9]{9}|0[0-9]{2,3}[- ]?[0-9]{7,8})\z"
SHORT_OR_DIGITS = f"^[{values.BLANKS}]*([^{values.BLANKS}]{{0,6}}|[-0-9 ]+)[{values.BLANKS}]*\\z"


class DecisionNumber(Check):
    id = "V10"
    title = "文书号"
    level = "warning"
    citation = "发改办财金〔2018〕424号附件数据标准的文书号说明"
    verified = False
    description = (
        "文书号不应是“无”“/”一类的代替写法，也不应是电话号码。年份外的括号统一成〔〕，空格去掉，全角字母数字换成半角。"
    )
    texts = {
        "stand_in": Explanation(
            "“{label}”像是没有文书号时的代替写法，已收下。", "请填写决定书上的文书号；没有文书号的，请填写证书编号。"
        ),
        "phone_number": Explanation("“{label}”像是电话号码，已收下。", "请核对是否串列，并填写决定书上的文书号。"),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        column = contract.roles.decision_no
        if not column:
            return
        text = Facts(contract, row).text(column)
        number = values.cleaned(text).fill_null("").upper()
        yield Condition(self.id, column, "stand_in", "warning", number.isin(STAND_INS))
        phone = number.re_search(PHONE)
        yield Condition(self.id, column, "phone_number", "warning", phone)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        """Only what is very short, or nothing but digits, can be either."""
        column = contract.roles.decision_no
        if column:
            yield Facts(contract, row).text(column).re_search(SHORT_OR_DIGITS)


CHECK = DecisionNumber()

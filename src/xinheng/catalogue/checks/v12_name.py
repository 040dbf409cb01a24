"""V12: the name in the row is the registered name of the code."""

from collections.abc import Iterable

import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation
from xinheng.catalogue.contract import Contract


class RegisteredName(Check):
    id = "V12"
    title = "名称与登记一致"
    level = "warning"
    citation = "发改办财金〔2018〕424号附件数据标准（填写营业执照上的全称）"
    verified = False
    description = "代码对应的登记名称与报送的名称不同（全角半角、括号、空格不计）时提示。"
    texts = {
        "": Explanation(
            "“{label}”与这个代码的登记名称不同，已收下。",
            "请核对代码和名称；如果企业已经更名，请以营业执照上的现名报送。",
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        """None: the registered name comes from a join with the register, see `name_differs`."""
        return ()


def name_differs(row_name: ir.StringValue, registered_name: ir.StringValue) -> ir.BooleanValue:
    """True where both names are filled and differ by more than width, case, brackets, dashes and blanks."""
    differs = values.name_key(row_name) != values.name_key(registered_name)
    return ((row_name != registered_name) & differs).fill_null(False)


CHECK = RegisteredName()

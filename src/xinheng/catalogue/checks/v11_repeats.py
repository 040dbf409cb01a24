"""V11: no business key twice in one file. Across files the same key is an amendment, not a repeat."""

from collections.abc import Iterable

import ibis.expr.types as ir

from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation
from xinheng.catalogue.contract import Contract


class Repeats(Check):
    id = "V11"
    title = "文件内重复"
    level = "error"
    citation = "发改办财金〔2018〕424号附件数据标准（文书号、相对人、机关共同确定一条数据）"
    verified = False
    description = (
        "同一文件内，业务主键（如文书号、相对人、机关代码）相同的数据只收第一条；"
        "不同批次之间主键相同、内容不同的，按更正处理。"
    )
    texts = {
        "": Explanation(
            "这一行与本文件前面的一行是同一条数据（业务主键相同）。",
            "只收下前面一行。请删除重复的行；如果是更正，请在下一批报送更正后的一行。",
        ),
        "other_department": Explanation(
            "同一条数据（业务主键相同）已由另一个部门报送。", "请与该部门核实由谁报送；更正和撤回也由原报送部门办理。"
        ),
        "nothing_to_withdraw": Explanation(
            "要撤回的数据没有报送过，没有什么可以撤回。", "请核对文书号、主体和机关代码是否与原来报送的一致。"
        ),
        "erased": Explanation("这条个人信息已依法删除，不再接收。", "如确有新的决定，请按新的文书号报送。"),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        """None: repeats are found by a join over the whole file (`engines.business_keys`)."""
        return ()


CHECK = Repeats()

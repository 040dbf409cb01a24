"""V11: no business key twice in one file. Across files the same key is an amendment, not a repeat."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation
from xinheng.catalogue.contract import Contract

ROW_NO = "row_no"


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
        """None: repeats are found by `repeats`, a join over the whole file."""
        return ()


def repeats(keys: ir.Table) -> ir.Table:
    """Row number of every repeated row and of the row it repeats (`row_no`, `first_row_no`).

    `keys` has `row_no` and the columns of the business key. A NULL and '' are the same; a key with no
    filled column repeats nothing.
    """
    columns = [name for name in keys.columns if name != ROW_NO]
    filled = keys.mutate(**{name: keys[name].fill_null("") for name in columns})
    some = ibis.literal(False)
    for name in columns:
        some = some | (filled[name] != "")
    filled = filled.filter(some)
    groups = filled.group_by(columns).agg(first_row_no=filled[ROW_NO].min(), size=filled.count())
    groups = groups.filter(groups["size"] > 1)
    joined = filled.inner_join(groups, columns)
    later = joined.filter(joined[ROW_NO] > joined["first_row_no"])
    return later.select(ROW_NO, "first_row_no")


CHECK = Repeats()

"""V03: values of code lists; an open value carries its suffix."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts, fields_of_type
from xinheng.catalogue.contract import Contract, Field


class CodeLists(Check):
    id = "V03"
    title = "代码表取值"
    level = "error"
    citation = "发改办财金〔2018〕424号附件数据标准的取值说明"
    verified = False
    description = (
        "取值必须在代码表内，认得的旧写法自动换成规范写法；多个值用分号隔开；“其他”须写明具体内容，如“其他-补办”。"
    )
    texts = {
        "": Explanation("“{label}”的取值不在代码表内。", "可以填写：{values}。"),
        "one_of_several": Explanation(
            "“{label}”中至少有一个值不在代码表内。", "多个值之间用分号“;”隔开，可以填写：{values}。"
        ),
        "needs_suffix": Explanation(
            "“{label}”填了“其他”，但没有写明具体内容。", "请在后面用短横线补充，例如“其他-补办”。"
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for field in fields_of_type(contract, "enum", "enum_set"):
            text = facts.text(field.name)
            unknown = _unknown(facts, field)
            main = "one_of_several" if field.type == "enum_set" else ""
            bare = _bare_open_value(text, field)
            yield Condition(self.id, field.name, main, "error", ibis.ifelse(unknown, ~bare, False))
            if field.open_value:
                yield Condition(self.id, field.name, "needs_suffix", "error", ibis.ifelse(unknown, bare, False))

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        facts = Facts(contract, row)
        for field in fields_of_type(contract, "enum", "enum_set"):
            yield _unknown(facts, field)


def _unknown(facts: Facts, field: Field) -> ir.BooleanValue:
    return ibis.ifelse(facts.listed(field.name) == "", facts.filled(field.name), False)


def _bare_open_value(text: ir.StringValue, field: Field) -> ir.BooleanValue:
    if not field.open_value:
        return ibis.literal(False)
    if field.type == "enum_set":
        # The open value alone is looked for among the tidied values, each wrapped in its separators.
        return (";" + values.tidy_set(text, field) + ";").re_search(f";{field.open_value}-?;")
    return values.tidy_enum(text, field).isin((field.open_value, f"{field.open_value}-"))


CHECK = CodeLists()

"""V02: length and type of each value; dates that exist."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts, fields_of_type
from xinheng.catalogue.contract import Contract, Field
from xinheng.engines.functions import bit_length

EXCEL_SERIAL = r"^[1-7][0-9]{4}(\.0+)?\z"
"""Day numbers as Excel keeps them: 10000 is a day of 1927, 79999 one of 2119."""
LONG_TERM = r"^(长期|永久|长期有效|永久有效|无固定期限|无限期|9999[-/.年]?12[-/.月]?31日?)\z"
FORM_OF_DATE = r"^([0-9]{8}|[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?([T ]+[0-9:.]+)?)\z"
UNIT = "[元圆]"
NUMBER = r"^[-+]?[0-9,]+(\.[0-9]+)?\z"


class Form(Check):
    id = "V02"
    title = "长度、类型和日期"
    level = "error"
    citation = "发改办财金〔2018〕424号附件数据标准的类型和长度列"
    verified = False
    description = (
        "文字不超过规定长度；数字能读出；日期真实存在。"
        "日期可写 2024/03/15、2024-03-15（可带 00:00:00）、2024.3.15、2024年3月15日、20240315，"
        "2099/12/31 表示长期。"
    )
    texts = {
        "too_long": Explanation("“{label}”超过 {length} 个字。", "请压缩到 {length} 个字以内。"),
        "not_a_date": Explanation(
            "“{label}”无法识别为日期。", "请写成 2024/03/15 这样的形式，年份在 1900 到 2099 之间。"
        ),
        "no_such_day": Explanation("“{label}”写的这一天不存在。", "请核对月份和日，例如二月没有 30 日。"),
        "excel_serial": Explanation(
            "“{label}”是一个五位数字，像是 Excel 内部的日期序号。",
            "请在 Excel 里把这一列设为日期格式（如 2024/03/15），保存后重新报送。",
        ),
        "long_term": Explanation("“{label}”用文字表示长期。", "长期有效请写 2099/12/31。"),
        "not_a_number": Explanation(
            "“{label}”无法识别为数字。", "请只写数字，小数点后不超过六位，整数部分不超过十二位。"
        ),
        "unit_in_number": Explanation(
            "“{label}”里带有单位。", "请去掉单位只写数字，并核对表头要求的单位（万元还是元）。"
        ),
        "not_an_integer": Explanation("“{label}”不是整数。", "请只写整数。"),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for field in fields_of_type(contract, "text", "citizen_number"):
            if field.length:
                yield self._condition(field, "too_long", _too_long(facts, field))
        for field in fields_of_type(contract, "date"):
            yield from self._date(facts, field)
        for field in fields_of_type(contract, "decimal"):
            text = facts.text(field.name)
            unit = values.trimmed(text).re_search(UNIT)
            unread = facts.number(field.name).isnull() & ~values.is_blank(text)
            yield self._condition(field, "unit_in_number", ibis.ifelse(unread, unit, False))
            yield self._condition(field, "not_a_number", ibis.ifelse(unread, ~unit, False))
        for field in fields_of_type(contract, "integer"):
            text = facts.text(field.name)
            unread = facts.number(field.name).isnull() & ~values.is_blank(text)
            yield self._condition(field, "not_an_integer", unread)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        facts = Facts(contract, row)
        for field in fields_of_type(contract, "text", "citizen_number"):
            if field.length:
                text = facts.text(field.name)
                # No text has more characters than bytes, and the bytes need not be counted.
                yield ibis.ifelse(bit_length(text) > 8 * field.length, text.length() > field.length, False)
        for kind, sure in (
            ("date", values.SURE_DATE),
            ("decimal", values.plain_decimal()),
            ("integer", values.plain_decimal(0)),
        ):
            for field in fields_of_type(contract, kind):
                text = facts.text(field.name)
                read = facts.day(field.name) if kind == "date" else facts.number(field.name)
                yield ibis.ifelse(text.re_search(sure), False, read.isnull() & ~values.is_blank(text))

    def _date(self, facts: Facts, field: Field) -> Iterable[Condition]:
        text = facts.text(field.name)
        unread = facts.day(field.name).isnull() & ~values.is_blank(text)
        trimmed = values.trimmed(text)
        serial = trimmed.re_search(EXCEL_SERIAL)
        long_term = trimmed.re_search(LONG_TERM)
        form = trimmed.re_search(FORM_OF_DATE) & trimmed.re_search("^(19|20)") & ~long_term
        yield self._condition(field, "excel_serial", ibis.ifelse(unread, serial, False))
        yield self._condition(field, "long_term", ibis.ifelse(unread, long_term, False))
        yield self._condition(field, "no_such_day", ibis.ifelse(unread, form, False))
        rest = ~serial & ~long_term & ~form
        yield self._condition(field, "not_a_date", ibis.ifelse(unread, rest, False))

    def _condition(self, field: Field, variant: str, failing: ir.BooleanValue) -> Condition:
        return Condition(self.id, field.name, variant, "error", failing)


def _too_long(facts: Facts, field: Field) -> ir.BooleanValue:
    text = facts.text(field.name)
    return ibis.ifelse(text.length() > field.length, values.trimmed(text).length() > field.length, False)


CHECK = Form()

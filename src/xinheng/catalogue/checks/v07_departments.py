"""V07: deciding authority and source unit stand in the register of departments."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.base.identifiers import credit_code
from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts
from xinheng.catalogue.contract import Contract


class KnownDepartment(Check):
    id = "V07"
    title = "机关代码"
    level = "error"
    citation = "本平台规则（来源可追溯到登记在册的部门）"
    verified = False
    description = "决定机关和数据来源单位的代码要在本平台的部门名录中；代码本身写错的由 V04 指出。"
    texts = {
        "": Explanation(
            "“{label}”不在部门名录中。",
            "请核对代码；如果代码无误，请联系信用工作机构把这个部门加入名录后重新报送。",
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for column in _columns(contract):
            text = facts.text(column)
            code = facts.code(column)
            formed = code.re_search(values.PLAIN_CODE) & (code != credit_code.PLACEHOLDER)
            right = ibis.ifelse(formed, values.check_digit_holds(code), False)
            legacy = code.length().isin((9, 15))
            unknown = ibis.ifelse(_known(code, context), False, right | legacy)
            failing = ibis.ifelse(_known(text, context), False, unknown)
            yield Condition(self.id, column, "", "error", failing)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        facts = Facts(contract, row)
        for column in _columns(contract):
            yield ~_known(facts.text(column), context) & facts.filled(column)


def _columns(contract: Contract) -> list[str]:
    columns = (contract.roles.authority_code, contract.roles.source_code)
    return [column for column in dict.fromkeys(columns) if column]


def _known(code: ir.StringValue, context: CheckContext) -> ir.BooleanValue:
    codes = sorted(context.department_codes)
    return code.isin(codes) if codes else ibis.literal(False)


CHECK = KnownDepartment()

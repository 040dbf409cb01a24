"""V05: kind of subject and first characters of its code agree."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.base.identifiers import credit_code
from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import ORGANISATION, Facts
from xinheng.catalogue.contract import Contract

INDIVIDUAL_PREFIX = "92"
PLAIN_START = "^[0-9A-Z]{2}"


class CategoryMatchesCode(Check):
    id = "V05"
    title = "相对人类别与代码"
    level = "warning"
    citation = "GB 32100-2015 机构类别代码；湖北省许可数据接口的校验提示"
    verified = False
    description = "92 开头的代码属于个体工商户，其他开头的属于法人及非法人组织；类别与代码不一致时提示。"
    texts = {
        "individual_business_expected": Explanation(
            "代码以 92 开头，属于个体工商户，但“{label}”写的是法人及非法人组织。",
            "请核对代码和相对人类别，改正其中写错的一项。",
        ),
        "organisation_expected": Explanation(
            "“{label}”写的是个体工商户，但代码不是 92 开头。", "请核对代码和相对人类别，改正其中写错的一项。"
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        roles = contract.roles
        if not (roles.subject_category and roles.subject_code):
            return
        facts = Facts(contract, row)
        code = facts.code(roles.subject_code)
        formed = code.re_search(values.PLAIN_CODE) & (code != credit_code.PLACEHOLDER)
        individual = code.startswith(INDIVIDUAL_PREFIX)
        for variant, failing in (
            ("individual_business_expected", individual & (facts.category() == ORGANISATION)),
            ("organisation_expected", ~individual & facts.is_individual_business()),
        ):
            yield Condition(self.id, roles.subject_category, variant, "warning", ibis.ifelse(failing, formed, False))

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        """A code that does not begin plainly, or begins as the category does not let expect."""
        roles = contract.roles
        if roles.subject_category and roles.subject_code:
            facts = Facts(contract, row)
            text = facts.text(roles.subject_code)
            plain = ibis.ifelse(text.startswith(INDIVIDUAL_PREFIX), True, text.re_search(PLAIN_START))
            other = text.startswith(INDIVIDUAL_PREFIX) != facts.is_individual_business()
            yield ibis.ifelse(facts.is_organisation(), other | ~plain, False)


CHECK = CategoryMatchesCode()

"""V09: amounts: not negative, there where the kind of penalty wants one, and in the right unit."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts, fields_of_type, scale
from xinheng.catalogue.contract import Contract, Field

FINE, CONFISCATION = "罚款", "没收"
PENALTY_CONTENT = "penalty_content"
"""Name of the field with the wording of the penalty, in every contract that has one."""
LARGE_FEN = 1_000_000_000
"""1 000 万元. Above it the amount is more likely to be in yuan than in 万元."""
SURE_AMOUNT = r"^([1-9][0-9]{0,2}(\.[0-9]{1,6})?|0\.[0-9]{0,5}[1-9][0-9]{0,5})\z"
"""Plainly written, above zero and far below the large amount: nothing to look at."""
SURE_NUMBER = r"^[0-9]{1,15}(\.[0-9]{1,6})?\z"
"""Plainly written and not negative: nothing to look at where zero and large numbers are usual."""


class Money(Check):
    id = "V09"
    title = "金额"
    level = "error"
    citation = "发改办财金〔2018〕424号附件数据标准（金额以万元为单位）"
    verified = False
    description = (
        "数字不小于规定的最小值；处罚类别有罚款、没收时要填相应金额；"
        "处罚内容提到罚款却没有金额、金额为零或一千万元以上的，提示核对。"
    )
    texts = {
        "too_small": Explanation("“{label}”小于允许的最小值。", "请核对，金额和数量不能是负数。"),
        "fine_missing": Explanation(
            "处罚类别有罚款，“{label}”没有填写。", "请填写罚款金额，单位为万元，2000 元写 0.2。"
        ),
        "confiscation_missing": Explanation(
            "处罚类别有没收，“{label}”没有填写。", "请填写没收的金额，单位为万元，2000 元写 0.2。"
        ),
        "fine_in_content": Explanation(
            "处罚内容提到罚款，“{label}”没有填写，已收下。",
            "如果这次处罚有罚款，请在处罚类别中写上罚款并填写金额（万元）。",
        ),
        "zero": Explanation("处罚类别要求有金额，“{label}”是零，已收下。", "请核对金额，单位为万元。"),
        "very_large": Explanation("“{label}”在一千万元以上，已收下。", "请核对单位：这一列以万元计，2000 元写 0.2。"),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for field in fields_of_type(contract, "decimal", "integer"):
            if field.minimum is not None:
                yield Condition(self.id, field.name, "too_small", "error", _too_small(facts, field))
        for column, word, variant in _amounts(contract):
            amount = facts.number(column)
            large = (amount > LARGE_FEN).fill_null(False)
            yield Condition(self.id, column, "very_large", "warning", large)
            named = _category_names(facts, word)
            missing = ibis.ifelse(facts.blank(column), named, False)
            yield Condition(self.id, column, variant, "error", missing)
            zero = ibis.ifelse((amount == 0).fill_null(False), named, False)
            yield Condition(self.id, column, "zero", "warning", zero)
        yield from self._fine_in_content(facts)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        """An amount that is plainly in order needs no second look."""
        facts = Facts(contract, row)
        for condition in self.conditions(contract, row, context):
            text, field = facts.text(condition.column), contract.field(condition.column)
            if condition.variant == "too_small" and not _is_penalty_amount(contract, field):
                positive = (field.minimum or 0) > 0
                yield condition.failing if positive else (text != "") & ~text.re_search(SURE_NUMBER)
            elif condition.variant in ("too_small", "zero", "very_large"):
                if condition.variant == "too_small" or field.minimum is None:
                    yield (text != "") & ~text.re_search(SURE_AMOUNT)
            else:
                yield condition.failing

    def _fine_in_content(self, facts: Facts) -> Iterable[Condition]:
        contract = facts.contract
        if contract.roles.amount_wan and PENALTY_CONTENT in contract.names:
            mentioned = facts.text(PENALTY_CONTENT).contains(FINE) & ~_category_names(facts, FINE)
            failing = ibis.ifelse(facts.blank(contract.roles.amount_wan), mentioned, False)
            yield Condition(self.id, contract.roles.amount_wan, "fine_in_content", "warning", failing)


def _amounts(contract: Contract) -> Iterable[tuple[str, str, str]]:
    roles = contract.roles
    if roles.amount_wan:
        yield roles.amount_wan, FINE, "fine_missing"
    if roles.confiscated_wan:
        yield roles.confiscated_wan, CONFISCATION, "confiscation_missing"


def _is_penalty_amount(contract: Contract, field: Field) -> bool:
    return field.name in (contract.roles.amount_wan, contract.roles.confiscated_wan)


def _too_small(facts: Facts, field: Field) -> ir.BooleanValue:
    least = (field.minimum or 0) * 10 ** scale(field)
    return (facts.number(field.name) < least).fill_null(False)


def _category_names(facts: Facts, word: str) -> ir.BooleanValue:
    """Whether the kinds of penalty of a row include one with this word."""
    name = facts.contract.roles.penalty_categories
    if not name:
        return ibis.literal(False)
    return facts.listed(name).contains(word)


CHECK = Money()

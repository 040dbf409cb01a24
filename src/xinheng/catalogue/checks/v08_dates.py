"""V08: the order of the dates in a decision."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Level, Scan
from xinheng.catalogue.checks.facts import Facts
from xinheng.catalogue.contract import Contract


class DateOrder(Check):
    id = "V08"
    title = "日期先后"
    level = "error"
    citation = "湖北省许可数据接口的校验提示；发改办财金〔2018〕424号附件数据标准"
    verified = False
    description = (
        "决定日期不晚于报送当日，有效期止不早于有效期起，也不早于决定日期；名单的移出日期不早于列入；"
        "有效期起早于决定日期只作提示。"
    )
    texts = {
        "in_the_future": Explanation("“{label}”晚于报送当日。", "请核对年份和月份，决定作出后再报送。"),
        "ends_before_start": Explanation("“{label}”早于有效期的开始。", "请核对有效期的起止日期。"),
        "ends_before_decision": Explanation(
            "“{label}”早于作出决定的日期。", "请核对决定日期和有效期，改正其中写错的一项。"
        ),
        "removed_before_decision": Explanation(
            "“{label}”早于作出列入决定的日期。", "移出不能早于列入。请核对移出日期；列入有错误的，请撤回这条信息。"
        ),
        "removed_before_start": Explanation(
            "“{label}”早于列入的起始日期。", "移出不能早于列入。请核对移出日期；列入有错误的，请撤回这条信息。"
        ),
        "starts_before_decision": Explanation(
            "“{label}”早于作出决定的日期，已收下。", "请核对一次；如果确实从决定之前起算，不必处理。"
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        roles, facts = contract.roles, Facts(contract, row)
        if roles.decided_on:
            late = facts.day(roles.decided_on) > ibis.literal(context.as_at)
            yield self._condition(roles.decided_on, "in_the_future", "error", late)
        for earlier, later, column, variant, level in _orders(contract):
            reversed_ = facts.day(earlier) > facts.day(later)
            yield self._condition(column, variant, level, reversed_)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        """Compares plain dates as text; anything not written plainly is parsed."""
        precise = ibis.literal(False)
        for condition in self.conditions(contract, row, context):
            precise = precise | condition.failing
        roles, facts = contract.roles, Facts(contract, row)
        columns = [name for name in (roles.decided_on, roles.valid_from, roles.valid_to, roles.removed_on) if name]
        if not columns:
            return
        plain, iso = ibis.literal(True), {}
        for name in columns:
            text = facts.text(name)
            plain = plain & text.re_search(values.PLAIN_DATE)
            iso[name] = text.replace("/", "-")
        disorder = ibis.literal(False)
        if roles.decided_on:
            disorder = disorder | (iso[roles.decided_on] > context.as_at.isoformat())
        for earlier, later, *_ in _orders(contract):
            disorder = disorder | (iso[earlier] > iso[later])
        yield ibis.ifelse(plain, disorder, precise)

    def _condition(self, column: str, variant: str, level: Level, failing: ir.BooleanValue) -> Condition:
        return Condition(self.id, column, variant, level, failing.fill_null(False))


def _orders(contract: Contract) -> Iterable[tuple[str, str, str, str, Level]]:
    """Earlier column, later column, the column that is reported, variant, level."""
    roles = contract.roles
    if roles.valid_from and roles.valid_to:
        yield roles.valid_from, roles.valid_to, roles.valid_to, "ends_before_start", "error"
    if roles.decided_on and roles.valid_to:
        yield roles.decided_on, roles.valid_to, roles.valid_to, "ends_before_decision", "error"
    if roles.decided_on and roles.valid_from:
        yield roles.decided_on, roles.valid_from, roles.valid_from, "starts_before_decision", "warning"
    if roles.removed_on and roles.removed_on != roles.valid_to:
        for earlier, variant in (
            (roles.decided_on, "removed_before_decision"),
            (roles.valid_from, "removed_before_start"),
        ):
            if earlier:
                yield earlier, roles.removed_on, roles.removed_on, variant, "error"


CHECK = DateOrder()

"""V14: penalties that are collected and not published: simple procedure, or nothing but a warning."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts
from xinheng.catalogue.contract import Contract

SIMPLE_PROCEDURE = "简易程序"
MILD = ("警告", "通报批评")
_ONLY_MILD = f"^({'|'.join(MILD)})(;({'|'.join(MILD)}))*\\z"


class MinorPenalty(Check):
    id = "V14"
    title = "轻微处罚不公示"
    level = "notice"
    citation = "国家发展改革委令第58号；《信用修复管理办法》（国家发展改革委令第36号，2026年4月1日起施行）"
    verified = False
    description = "按简易程序作出的处罚，以及只有警告、通报批评的处罚，收下但不公示。"
    texts = {
        "simple_procedure": Explanation("这条处罚按简易程序作出，已收下，不公示。", "不需要处理。"),
        "mild_only": Explanation("这条处罚只有警告或通报批评，已收下，不公示。", "不需要处理。"),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        roles, facts = contract.roles, Facts(contract, row)
        if roles.procedure:
            simple = by_simple_procedure(facts)
            yield Condition(self.id, roles.procedure, "simple_procedure", "notice", simple)
        if roles.penalty_categories:
            mild = only_mild(facts)
            yield Condition(self.id, roles.penalty_categories, "mild_only", "notice", mild)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        """None: a notice says nothing against a row; ask `not_for_publication` of the accepted ones."""
        return ()


def not_for_publication(contract: Contract, row: ir.Table) -> ir.BooleanValue:
    """True for penalties that are collected and never published; false for every other record type."""
    facts = Facts(contract, row)
    quiet = ibis.literal(False)
    if contract.roles.procedure:
        quiet = quiet | by_simple_procedure(facts)
    if contract.roles.penalty_categories:
        quiet = quiet | only_mild(facts)
    return quiet


def by_simple_procedure(facts: Facts) -> ir.BooleanValue:
    return _value(facts, facts.contract.roles.procedure) == SIMPLE_PROCEDURE


def only_mild(facts: Facts) -> ir.BooleanValue:
    return _value(facts, facts.contract.roles.penalty_categories).re_search(_ONLY_MILD)


def _value(facts: Facts, name: str) -> ir.StringValue:
    return facts.listed(name) if facts.contract.field(name).values else values.trimmed(facts.text(name))


CHECK = MinorPenalty()

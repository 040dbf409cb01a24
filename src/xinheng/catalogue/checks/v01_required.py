"""V01: what must be filled in, by the kind of counterparty."""

from collections.abc import Iterable
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation
from xinheng.catalogue.checks.facts import SUBJECT, Facts, subject_columns
from xinheng.catalogue.contract import WITHDRAWAL_REASON, Contract, Field, FilledWhen

REPRESENTATIVE_ID, REPRESENTATIVE_ID_TYPE = "legal_rep_id_no", "legal_rep_id_type"
TAKEN_LICENCE = "suspended_or_revoked_license"
"""Names of fields that depend on another, in every contract that has them."""


class Required(Check):
    id = "V01"
    title = "必填项"
    level = "error"
    citation = "发改办财金〔2018〕424号附件数据标准的必填列"
    verified = False
    description = (
        "按行政相对人类别检查必填字段：自然人须有证件信息，法人、非法人组织和个体工商户须有代码和法定代表人。"
        "有的字段只在另一个字段为规定的值时填写，也只在那时填写。"
        "撤回的数据只需填业务主键各字段和撤回原因。"
    )
    texts = {
        "": Explanation("“{label}”没有填写。", "这一项必须填写{example}。请补充后重新报送这一行。"),
        "organisation": Explanation(
            "行政相对人不是自然人，“{label}”没有填写。",
            "法人、非法人组织和个体工商户必须填写这一项{example}。请补充；如果相对人是自然人，请改正相对人类别。",
        ),
        "person": Explanation(
            "行政相对人是自然人，“{label}”没有填写。",
            "自然人必须填写这一项。请补充；如果相对人不是自然人，请改正相对人类别。",
        ),
        "legal_representative_id": Explanation(
            "填写了法定代表人证件类型，“{label}”没有填写，已收下。", "请补填证件号码，或者把证件类型也留空。"
        ),
        "licence_not_named": Explanation(
            "处罚类别有暂扣或吊销，“{label}”没有填写，已收下。", "请补填暂扣或吊销的证照名称和编号。"
        ),
        "wanted": Explanation(
            "“{label}”没有填写，而“{when}”是{when_values}之一。",
            "“{when}”为{when_values}的，必须填写这一项{example}。请补充，或者改正“{when}”。",
        ),
        "not_wanted": Explanation(
            "填写了“{label}”，而“{when}”不是{when_values}。",
            "只有“{when}”为{when_values}时才填这一项。请把它留空，或者改正“{when}”。",
        ),
        "withdrawal_key": Explanation(
            "这一行要撤回数据，但“{label}”没有填写，无法确定撤回哪一条。",
            "请按原来报送的内容填写这一项，其他内容可以不填。",
        ),
        "withdrawal_reason": Explanation(
            "这一行要撤回数据，但没有填写“{label}”。", "请写明撤回的原因，例如“决定书已依法撤销”。"
        ),
    }
    covers_withdrawals = True

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for field in contract.fields:
            if field.required != "optional":
                yield self._required(facts, field)
            if field.filled_when:
                yield from self._filled_when(facts, field.name, field.filled_when)
        yield from self._dependent(facts)
        yield from self._withdrawal(facts)

    def _required(self, facts: Facts, field: Field) -> Condition:
        missing = facts.blank(field.name)
        if field.required == "person":
            missing, variant = ibis.ifelse(missing, facts.is_person(), False), "person"
        elif field.required == "organisation":
            missing, variant = ibis.ifelse(missing, facts.is_organisation(), False), "organisation"
        else:
            variant = ""
        return Condition(self.id, field.name, variant, "error", ibis.ifelse(missing, ~facts.withdrawn(), False))

    def _filled_when(self, facts: Facts, name: str, when: FilledWhen) -> Iterable[Condition]:
        """Filled exactly when the other field says so; where that one says nothing lawful, it is reported itself."""
        other, asserts = facts.listed(when.field), ~facts.withdrawn()
        wanted = other.isin(when.values)
        missing = ibis.ifelse(facts.blank(name), wanted & asserts, False)
        yield Condition(self.id, name, "wanted", "error", missing)
        too_much = ibis.ifelse(facts.filled(name), (other != "") & ~wanted & asserts, False)
        yield Condition(self.id, name, "not_wanted", "error", too_much)

    def _dependent(self, facts: Facts) -> Iterable[Condition]:
        """What is wanted because of another column. The standard's wording was not seen, so these only warn."""
        contract, asserts = facts.contract, ~facts.withdrawn()
        if {REPRESENTATIVE_ID, REPRESENTATIVE_ID_TYPE} <= set(contract.names):
            missing = ibis.ifelse(facts.blank(REPRESENTATIVE_ID), facts.filled(REPRESENTATIVE_ID_TYPE) & asserts, False)
            yield Condition(self.id, REPRESENTATIVE_ID, "legal_representative_id", "warning", missing)
        kinds = contract.roles.penalty_categories
        if kinds and TAKEN_LICENCE in contract.names:
            # The two words are looked for as they were typed: no synonym of either lacks them.
            taken = facts.text(kinds).contains("暂扣") | facts.text(kinds).contains("吊销")
            missing = ibis.ifelse(facts.blank(TAKEN_LICENCE), taken & asserts, False)
            yield Condition(self.id, TAKEN_LICENCE, "licence_not_named", "warning", missing)

    def _withdrawal(self, facts: Facts) -> Iterable[Condition]:
        contract = facts.contract
        if WITHDRAWAL_REASON not in contract.names:
            return
        withdrawn = facts.withdrawn()
        for name in contract.key_fields:
            columns = subject_columns(contract) if name == SUBJECT else (name,)
            missing = reduce(and_, (facts.blank(column) for column in columns))
            failing = ibis.ifelse(withdrawn, missing, False)
            yield Condition(self.id, columns[0], "withdrawal_key", "error", failing)
        missing = facts.blank(WITHDRAWAL_REASON)
        yield Condition(
            self.id, WITHDRAWAL_REASON, "withdrawal_reason", "error", ibis.ifelse(withdrawn, missing, False)
        )


CHECK = Required()

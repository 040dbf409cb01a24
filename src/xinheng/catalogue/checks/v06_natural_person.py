"""V06: natural persons: a genuine identity number, and no codes of organisations."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts
from xinheng.catalogue.contract import Contract
from xinheng.engines.functions import substring

IDENTITY_CARD = "身份证"
PERSON_ID_TYPE = "person_id_type"
"""Name of the field that says which document the number is of, in every contract that has one."""
FORM_18 = r"^[0-9]{17}[0-9X]\z"
FORM_15 = r"^[0-9]{15}\z"
SURE_NUMBER = r"^[0-9]{6}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]\z"
"""With a day of birth that exists in every month."""
BIRTH_DATE = r"^(19|20)[0-9]{6}\z"


class NaturalPerson(Check):
    id = "V06"
    title = "自然人证件"
    level = "error"
    citation = "GB 11643-1999；发改办财金〔2018〕424号附件数据标准"
    verified = False
    description = "相对人是自然人时，身份证号码的位数、出生日期和校验位要正确，各种机构代码要留空。"
    texts = {
        "person_refused": Explanation(
            "这类信息不归集自然人，这一行没有收下，也没有保存内容。",
            "请只报送单位和个体工商户；相对人类别填错的请改正。",
        ),
        "malformed": Explanation(
            "“{label}”不是完整的身份证号码。", "身份证号码为十八位，请按证件核对；其他证件请改正证件类型。"
        ),
        "impossible_birth_date": Explanation("“{label}”中的出生日期不存在。", "请按证件核对第七到第十四位。"),
        "wrong_check_digit": Explanation("“{label}”的校验位不符，至少有一位写错了。", "请按证件逐位核对。"),
        "old_number": Explanation("“{label}”是十五位的旧号码，已收下。", "请尽量换成十八位号码。"),
        "organisation_code_filled": Explanation(
            "相对人是自然人，“{label}”应当留空。", "请清空这一项；如果相对人是单位，请改正相对人类别。"
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        roles = contract.roles
        if not roles.subject_category:
            return
        facts = Facts(contract, row)
        person = facts.is_person()
        if contract.persons == "refused":
            yield Condition(self.id, roles.subject_category, "person_refused", "error", person)
        for column in (roles.subject_code, *roles.other_codes):
            if column:
                yield Condition(
                    self.id,
                    column,
                    "organisation_code_filled",
                    "error",
                    ibis.ifelse(person, facts.filled(column), False),
                )
        if not roles.person_id:
            return
        number = facts.code(roles.person_id)
        card = ibis.ifelse(person, (number != "") & _shows_identity_card(facts), False)
        long, short = number.re_search(FORM_18), number.re_search(FORM_15)
        day = ibis.ifelse(long, substring(number, 7, 8), "19" + substring(number, 7, 6))
        written = day.re_search(BIRTH_DATE)
        born = ibis.ifelse(written, values.hyphenated(day).try_cast("date").notnull(), False)
        formed = long | short
        for variant, failing in (
            ("malformed", ~formed),
            ("impossible_birth_date", formed & ~born),
            ("wrong_check_digit", ibis.ifelse(long & born, ~values.citizen_check_holds(number), False)),
        ):
            yield Condition(self.id, roles.person_id, variant, "error", ibis.ifelse(card, failing, False))
        old = ibis.ifelse(card, short & born, False)
        yield Condition(self.id, roles.person_id, "old_number", "warning", old)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        """A person's row whose number is plainly right and whose codes are empty needs no second look."""
        roles = contract.roles
        if not roles.subject_category:
            return
        facts = Facts(contract, row)
        doubtful = ibis.literal(contract.persons == "refused")
        for column in (roles.subject_code, *roles.other_codes):
            if column:
                doubtful = doubtful | facts.filled(column)
        if roles.person_id:
            number = facts.text(roles.person_id)
            right = ibis.ifelse(number.re_search(SURE_NUMBER), values.citizen_check_holds(number), False)
            doubtful = doubtful | ~right
        yield ibis.ifelse(facts.is_person(), doubtful, False)


def _shows_identity_card(facts: Facts) -> ir.BooleanValue:
    if PERSON_ID_TYPE not in facts.contract.names:
        return ibis.literal(True)
    if facts.contract.field(PERSON_ID_TYPE).values:
        return facts.listed(PERSON_ID_TYPE) == IDENTITY_CARD
    return values.trimmed(facts.text(PERSON_ID_TYPE)) == IDENTITY_CARD


CHECK = NaturalPerson()

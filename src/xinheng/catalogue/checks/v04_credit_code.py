"""V04: unified social credit codes: form, check digit, organisation part, and the older numbers met in their place."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.base.identifiers import credit_code
from xinheng.catalogue import values
from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Level, Scan
from xinheng.catalogue.checks.facts import Facts, fields_of_type
from xinheng.catalogue.contract import Contract
from xinheng.engines.functions import substring

LOOK_ALIKES, MEANT = "OIZSV", "0125U"
"""Letters that the standard leaves out because they read like another character."""
REGISTRATION_NUMBER = r"^([0-9]{15}|[0-9]{6}N[AB][0-9]{6}[0-9X]|[0-9]{13})\z"
"""15 digits, with letters for co-operatives (320681NA000145X), 13 digits before 2007."""
ORGANISATION_CODE = r"^[0-9A-Z]{8}[0-9X]\z"
ZEROS = "0" * 18
"""A placeholder in some exports. Its check digits hold, all sums being zero."""
EARLY_PILOT = "^9135[0-9]{4}M000"
"""Codes given in the Fujian pilot before the standard was final: genuine, in use, and failing the check digit."""
LEGAL_CHARACTERS = f"^[{credit_code.ALPHABET}]{{18}}\\z"
WORDS_FOR_NONE = r"^(无|暂无|没有|不详|未知|空|/|\\|N/A|NA|NULL|NONE|0|_+)?\z"
_PROVINCE = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91"
_BIRTH = r"(18[5-9][0-9]|19[0-9]{2}|20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
CITIZEN_18 = f"^[0-9]{{6}}{_BIRTH}[0-9]{{3}}[0-9X]\\z"
WITH_PROVINCE = f"^9?({_PROVINCE})"
CITIZEN_15 = f"^9?({_PROVINCE})[0-9]*(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{{3}}\\z"


class CreditCode(Check):
    id = "V04"
    title = "统一社会信用代码"
    level = "error"
    citation = "GB 32100-2015；GB 11714-1997；占位码见发改办财金〔2018〕424号附件数据标准"
    verified = False
    description = (
        "检查十八位代码的格式和校验位；全角、小写、空格和连字符自动整理。旧工商注册号（十五位、十三位）和九位组织机构代码认得出，"
        "只作提示。17 个 0 加 X 的占位码只用于没有代码的个体工商户。"
        "组织机构代码部分不符和福建早期试点代码确有真实存在的，只作提示。个人身份证号码填在代码列的不收。"
    )
    texts = {
        "person_number": Explanation(
            "“{label}”填的是个人身份证号码，没有收下，内容已加密。",
            "这一列填写单位的统一社会信用代码；个人请填在证件号码一列，并把相对人类别写成自然人。",
        ),
        "word_for_none": Explanation("“{label}”填的是“无”一类的文字。", "没有代码时请留空，有代码时请填写十八位代码。"),
        "wrong_length": Explanation(
            "“{label}”不是十八位。", "请核对营业执照上的统一社会信用代码，检查是否少写、多写或串列。"
        ),
        "look_alike": Explanation(
            "“{label}”里有容易看混的字母。",
            "代码中不用字母 O、I、Z、S、V。把它们改成数字 0、1、2、5 或字母 U 后这个代码是正确的，请核对后改正。",
        ),
        "letters_in_region": Explanation(
            "“{label}”的第三到第八位应是六位数字。", "请核对营业执照上的统一社会信用代码。"
        ),
        "illegal_character": Explanation(
            "“{label}”里有代码中不使用的字符。",
            "代码只用数字和大写字母（不含 O、I、Z、S、V），请核对营业执照后改正。",
        ),
        "wrong_check_digit": Explanation(
            "“{label}”的校验位不符，至少有一位写错了。", "请逐位核对营业执照上的统一社会信用代码。"
        ),
        "placeholder_not_allowed": Explanation(
            "“{label}”用了占位代码。", "占位代码只用于没有统一社会信用代码的个体工商户，请填写真实代码。"
        ),
        "placeholder": Explanation("“{label}”是占位代码，已收下。", "这户个体工商户如果已有统一社会信用代码，请补报。"),
        "legacy_registration_number": Explanation(
            "“{label}”填的是旧的工商注册号，已收下。", "请尽量换成十八位统一社会信用代码。"
        ),
        "legacy_organisation_code": Explanation(
            "“{label}”填的是九位组织机构代码，已按旧代码收下。", "请尽量换成十八位统一社会信用代码。"
        ),
        "organisation_part": Explanation(
            "“{label}”的校验位正确，但其中的组织机构代码部分校验不符，已收下。",
            "少数真实代码确是这样，请核对一次营业执照；无误则不必处理。",
        ),
        "early_pilot": Explanation(
            "“{label}”是福建早期试点代码的样式，校验位不符，已收下。", "请核对一次营业执照；无误则不必处理。"
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for field in fields_of_type(contract, "credit_code"):
            tests = _tests(facts, field.name, _placeholder_allowed(facts, field.name))
            vouched = self._vouched(facts, field.name, context)
            for variant, level, wrong in tests:
                failing = ibis.ifelse(vouched, False, wrong)
                yield Condition(self.id, field.name, variant, level, failing)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        facts = Facts(contract, row)
        for field in fields_of_type(contract, "credit_code"):
            text = facts.text(field.name)
            sound = values.both_checks_hold(text) & (text != ZEROS)
            doubtful = ibis.ifelse(text.re_search(values.SURE_CODE), ~sound, facts.filled(field.name))
            yield ibis.ifelse(self._vouched(facts, field.name, context), False, doubtful)

    def _vouched(self, facts: Facts, column: str, context: CheckContext) -> ir.BooleanValue:
        """Whether the code of an office stands in the department register, whatever its digits say."""
        roles = facts.contract.roles
        if column not in (roles.authority_code, roles.source_code) or not context.department_codes:
            return ibis.literal(False)
        return facts.text(column).isin(sorted(context.department_codes))


def _placeholder_allowed(facts: Facts, column: str) -> ir.BooleanValue:
    if column != facts.contract.roles.subject_code:
        return ibis.literal(False)
    return facts.is_individual_business()


def _tests(
    facts: Facts, column: str, placeholder_allowed: ir.BooleanValue
) -> Iterable[tuple[str, Level, ir.BooleanValue]]:
    """Every variant with its test; at most one is true of a value."""
    code = facts.code(column)
    length = code.length()
    placeholder = code.isin((credit_code.PLACEHOLDER, ZEROS))
    yield "placeholder", "warning", placeholder & placeholder_allowed
    yield "placeholder_not_allowed", "error", placeholder & ~placeholder_allowed
    none = code.re_search(WORDS_FOR_NONE)
    yield "word_for_none", "error", none & facts.filled(column)
    person = _is_person(code)
    yield "person_number", "error", person
    registration = code.re_search(REGISTRATION_NUMBER)
    organisation = code.re_search(ORGANISATION_CODE)
    yield "legacy_registration_number", "warning", registration & ~person
    yield "legacy_organisation_code", "warning", organisation
    yield "wrong_length", "error", (length != 18) & ~none & ~registration & ~organisation
    formed = code.re_search(values.PLAIN_CODE) & ~placeholder
    yield from _by_check_digits(code, formed, person)
    yield from _malformed(code, (length == 18) & ~formed & ~placeholder, person)


def _is_person(code: ir.StringValue) -> ir.BooleanValue:
    """Whether it must be taken for an identity number; a mistyped one is no less personal."""
    birth_18, birth_15 = substring(code, 7, 8), "19" + substring(code, 7, 6)
    new = ibis.ifelse(code.re_search(CITIZEN_18), _exists(birth_18) & ~_genuine(code), False) & (
        code.re_search(WITH_PROVINCE) | values.citizen_check_holds(code)
    )
    old = ibis.ifelse(
        (code.length() == 15) & code.re_search(CITIZEN_15),
        _exists(birth_15) & ~values.registration_check_holds(code),
        False,
    )
    return new | old


def _exists(day: ir.StringValue) -> ir.BooleanValue:
    return values.hyphenated(day).try_cast("date").notnull()


def _genuine(code: ir.StringValue) -> ir.BooleanValue:
    sound = values.check_digit_holds(code) | code.re_search(EARLY_PILOT)
    return code.re_search(values.PLAIN_CODE) & sound & values.organisation_part_holds(code)


def _by_check_digits(
    code: ir.StringValue, formed: ir.BooleanValue, person: ir.BooleanValue
) -> Iterable[tuple[str, Level, ir.BooleanValue]]:
    digit, part = values.check_digit_holds(code), values.organisation_part_holds(code)
    pilot = code.re_search(EARLY_PILOT) & part
    wrong = ibis.ifelse(formed, ~digit & ~pilot, False)
    yield "wrong_check_digit", "error", ibis.ifelse(wrong, ~person, False)
    yield "early_pilot", "warning", ibis.ifelse(formed & pilot, ~digit, False)
    odd = ibis.ifelse(formed, digit & ~part, False)
    yield "organisation_part", "warning", ibis.ifelse(odd, ~person, False)


def _malformed(
    code: ir.StringValue, malformed: ir.BooleanValue, person: ir.BooleanValue
) -> Iterable[tuple[str, Level, ir.BooleanValue]]:
    legal = code.re_search(LEGAL_CHARACTERS)
    yield "letters_in_region", "error", ibis.ifelse(malformed & legal, ~person, False)
    meant = code.translate(LOOK_ALIKES, MEANT)
    right = values.check_digit_holds(meant) & values.organisation_part_holds(meant)
    alike = ibis.ifelse(malformed & ~legal & meant.re_search(values.PLAIN_CODE), right, False)
    yield "look_alike", "error", alike
    yield "illegal_character", "error", ibis.ifelse(malformed & ~legal, ~alike, False)


CHECK = CreditCode()

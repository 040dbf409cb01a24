"""V13: numbers of natural persons in text. They are masked and the row goes in.

The engines recognise shapes and may name a row too many; what is really masked is decided by `base.masking`,
which also reads the words around a number. A test proves that no text it would mask passes by here.
"""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation, Scan
from xinheng.catalogue.checks.facts import Facts, fields_of_type
from xinheng.catalogue.contract import Contract, Field

FULL_DIGITS, DIGITS = "０１２３４５６７８９", "0123456789"
_GAP = r"[ \-\x{3000}\x{ff0d}]?"
LONG_NUMBER = f"[0-9０-９]({_GAP}[0-9０-９]){{10}}"
"""Eleven digits with at most one separator between them: no personal number is shorter."""

_DAY = "(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_BOUND, _END = "(^|[^0-9])", r"([^0-9]|\z)"
_CITIZEN_18 = f"[0-9]{{6}}{_GAP}(18|19|20)[0-9]{{2}}{_DAY}{_GAP}[0-9]{{3}}[0-9XxＸｘ]"
_CITIZEN_15 = f"[0-9]{{6}}{_GAP}[0-9]{{2}}{_DAY}{_GAP}[0-9]{{3}}"
_NAMED_PERSON = (
    f"(身份证|证件号|身份号|公民身份)[^，。；,;0-9]{{0,12}}[0-9]{{6}}{_GAP}"
    f"([0-9]{{8}}{_GAP}[0-9]{{3}}[0-9XxＸｘ]|[0-9]{{6}}{_GAP}[0-9]{{3}}){_END}"
)
_CARD = f"[0-9]{{4}}({_GAP}[0-9]{{4}}){{3}}({_GAP}[0-9]{{1,3}})?"
_CARD_START = r"(62|60|68|69|9558|4|5[1-5]|35)"

CITIZEN_NUMBER = f"{_BOUND}{_CITIZEN_18}{_END}|{_NAMED_PERSON}"
OLD_CITIZEN_NUMBER = f"{_BOUND}{_CITIZEN_15}{_END}"
MOBILE = f"{_BOUND}((00)?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}([^0-9号]|\\z)"
NAMED_CARD = f"(卡号|账号|帐号|账户|银行卡)[^，。；,;0-9]{{0,12}}{_CARD}{_END}"
CARD = f"{_BOUND}{_CARD_START}([0-9]{_GAP}){{12,18}}([^0-9]|\\z)"


class PersonData(Check):
    id = "V13"
    title = "文字中的个人信息"
    level = "warning"
    citation = "行政处罚结果信息网上公示暂行办法（节选）；个人信息保护法"
    verified = False
    description = (
        "在文字中查找身份证号码、手机号码和银行卡号样式的数字，属于个人信息的先遮盖再收下；"
        "统一社会信用代码和文书编号不受影响。"
    )
    texts = {
        "citizen_number": Explanation(
            "“{label}”中有像身份证号码的数字，属于个人信息的部分已遮盖后收下。",
            "报送前请删去个人证件号码；需要区分个人时可只写姓氏。",
        ),
        "mobile": Explanation(
            "“{label}”中有像手机号码的数字，属于个人信息的部分已遮盖后收下。", "报送前请删去个人电话号码。"
        ),
        "bank_card": Explanation(
            "“{label}”中有像银行卡号的数字，属于个人信息的部分已遮盖后收下。", "报送前请删去银行账号和卡号。"
        ),
    }
    covers_withdrawals = True

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        facts = Facts(contract, row)
        for field in scanned(contract):
            text = facts.text(field.name)
            folded = text.translate(FULL_DIGITS, DIGITS)
            for variant, pattern in patterns(contract, field):
                found = ibis.ifelse(text.re_search(LONG_NUMBER), folded.re_search(pattern), False)
                yield Condition(self.id, field.name, variant, "warning", found)

    def suspicions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[ir.BooleanValue | Scan]:
        for field in scanned(contract):
            yield Scan(field.name, LONG_NUMBER)


def scanned(contract: Contract) -> list[Field]:
    """Every text that is kept in clear, open values of lists (其他-…) too; personal columns are sealed as a whole."""
    open_lists = [field for field in fields_of_type(contract, "enum", "enum_set") if field.open_value]
    return [field for field in [*fields_of_type(contract, "text"), *open_lists] if not field.personal]


def patterns(contract: Contract, field: Field) -> Iterable[tuple[str, str]]:
    if field.name in contract.roles.other_codes:
        # A registration number may look like an old identity number or a card; only the new form is certain.
        yield "citizen_number", CITIZEN_NUMBER
        return
    yield "citizen_number", f"{CITIZEN_NUMBER}|{OLD_CITIZEN_NUMBER}"
    yield "mobile", MOBILE
    yield "bank_card", f"{CARD}|{NAMED_CARD}"


CHECK = PersonData()

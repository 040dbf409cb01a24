"""Rows as dirty as they come, for a check to judge."""

from hypothesis import strategies as st
from tests.catalogue.checks.check_worlds import COMPANY, CONTEXT, MARKET, SHOP, Row, only

from xinheng.catalogue.checks import conditions_for
from xinheng.catalogue.contract import OPERATION, Field
from xinheng.engines.compiling import text_table

BLANKS = ["", " ", "\u3000", "\t", "\ufeff", "\u00a0 "]
DATES = [
    "2026/10/15", "2026-10-15", "2026-10-15 00:00:00", "2026年1月5日", "20261015", "2026.3.1", "2026/02/30", "20260230",
    "43372", "43372.0", "长期", "9999-12-31", "2099/12/31", "2027/01/01", "1899/12/31", "去年", "2026/13/01",
    "2026/10/15 12:30", "２０２６/10/15", "2024/1/31", "1026/10/15",
]  # fmt: skip
NUMBERS = [
    "0.2", "0", "-1", "1,000.50", "10,00", "2000元", "0.2万元", "１２.５", "+3", "12.1234567", "0.100000000", "99999",
    "1234567890123", ".5", "5.", "abc", "1000.000000", "1000.000001", "0.0", "-0", "007", "1,234,567",
]  # fmt: skip
CODES = [
    COMPANY, SHOP, MARKET, COMPANY.lower(), f" {COMPANY[:8]}-{COMPANY[8:]}", "00000000000000000X", "0" * 18,
    "370181228012345", "990001000000010", "320681NA000145X", "1234567890123", "12345678-X", "91350211M0000XUF46",
    "99000119900307001X", "11010119900307001X", "110101900307001", "无", "/", "—", "12345", COMPANY[:-1] + "Y",
    COMPANY.replace("0", "O", 1), COMPANY[:17] + "S", "9A99A001MA000001XX", "911522010783762860", "N/A",
]  # fmt: skip
ODD_TEXTS = [
    "含\u0001控制符", "两\n行", "零\u200b宽", "私\ue000用", "乱\ufffd码", "1" * 130, "字" * 210, "13800138000",
    "联系电话138 0013 8000。", "身份证号99000119900307001X。", "卡号6222021234567890123", "第13800138000号", "一、二",
    "账号：1234 5678 9012 3456", "\u202e反向", "处罚款项", "０１０-12345678", "010-12345678", "无", "N/A", "null",
    "尾部换行\n", "\u2028", "(2026)云罚1号", "３７０１８１１９９００１０１００１Ｘ",
]  # fmt: skip
OPEN = ["", "-", "-补办", "－补办、换证", "：补办,罚款", "—— 补办", "补办", "-补办；"]


def listed(field: Field) -> st.SearchStrategy[str]:
    """Values of a code list, spelt in many ways, alone and together."""
    known = [*field.values, *(synonym for synonym, _ in field.synonyms), "不认识的值", "", "１"]
    if field.open_value:
        known += [field.open_value + suffix for suffix in OPEN]
    one = st.sampled_from(known)
    separators = st.sampled_from([";", "；", "、", ",", "，", " ; ", ";;"])
    several = st.lists(st.tuples(one, separators), min_size=1, max_size=4)
    joined = several.map(lambda pairs: "".join(value + separator for value, separator in pairs)[:-1])
    return st.one_of(one, joined, one.map(lambda value: f" {value}\u3000"))


def value(field: Field) -> st.SearchStrategy[str | None]:
    """Something that might stand in a cell of this field."""
    blank = st.one_of(st.none(), st.sampled_from(BLANKS))
    if field.type == "date":
        return st.one_of(st.sampled_from(DATES), blank, st.sampled_from(DATES).map(lambda text: f"\u3000{text} "))
    if field.type in ("decimal", "integer"):
        return st.one_of(st.sampled_from(NUMBERS), blank)
    if field.type in ("enum", "enum_set"):
        return st.one_of(listed(field), blank)
    if field.type == "credit_code":
        return st.one_of(st.sampled_from(CODES), blank, st.text("0123456789ABMNXO", min_size=18, max_size=18))
    pool = [*ODD_TEXTS, *CODES, *(field.blanks or ())]
    return st.one_of(st.sampled_from(pool), blank, st.sampled_from(pool).map(lambda text: f" {text}\u00a0"))


def looked_at(key: str, check: str) -> list[Field]:
    """The fields on which a check's answer depends."""
    judged = only(key, check)
    conditions = conditions_for(judged, text_table("landed", judged.names), CONTEXT)
    names, roles = {condition.column for condition in conditions}, judged.roles
    names |= {roles.subject_category, roles.subject_code, roles.penalty_categories, roles.procedure, OPERATION}
    return [field for field in judged.fields if field.name in names]


def rows(key: str, check: str, *clean: Row) -> st.SearchStrategy[Row]:
    """Rows that start from a clean one and have a few of the cells that matter replaced."""
    dirt = st.one_of([st.tuples(st.just(field.name), value(field)) for field in looked_at(key, check)])
    changes = st.lists(dirt, min_size=1, max_size=6).map(dict)
    return st.tuples(st.sampled_from(clean), changes).map(lambda pair: {**pair[0], **pair[1]})

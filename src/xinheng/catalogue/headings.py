"""Comparing column headings: width, case, spaces, line breaks, brackets and “必填” marks do not count."""

import re
import unicodedata

from xinheng.catalogue.contract import Field

_MARKS = re.compile(r"[(\[【]?[*※★]*(?:必填|必录|选填|可空|非必填|可选)(?:项)?[*※★]*[)\]】]?")
_BRACKETED = re.compile(r"[(\[【〔<《]([^)\]】〕>》]*)[)\]】〕>》]")
_NOISE = re.compile(r"[\W_]+")
MONEY_UNITS = frozenset({"元", "百元", "千元", "万元", "百万元", "亿元", "美元", "万美元"})

_SAYS_NOTHING_NEW = re.compile(
    r"(单位)?(人民币)?(元|百元|千元|万元|百万元|亿元|美元|万美元)"
    r"|\d+(位|字|个字|字符|个字符)?(以内|以下)?|不超过\d+(位|字|个字|字符|个字符)"
    r"|(日期)?(格式)?(为)?(yyyy|YYYY)[ymd年月日]*"
    r"|字符型|日期型|数值型|整数型|浮点型|枚举型|集合型|文本|日期|数字|下拉选择|单选|多选|(例|例如|如|示例).*"
)
"""Remarks in brackets after a heading that do not change which field is meant; (起) or (元) may well do."""


def heading_key(heading: str) -> str:
    """The form in which two headings are compared; bracketed text stays part of it."""
    return _NOISE.sub("", _MARKS.sub("", _flat(heading)))


def loose_heading_key(heading: str) -> str:
    """As `heading_key`, without the bracketed parts (units, notes)."""
    return _NOISE.sub("", _BRACKETED.sub("", _MARKS.sub("", _flat(heading))))


def remarks_are_harmless(heading: str) -> bool:
    """True when every bracketed part is a unit, length, format or example."""
    remarks = (_NOISE.sub("", content) for content in _BRACKETED.findall(_MARKS.sub("", _flat(heading))))
    return all(_SAYS_NOTHING_NEW.fullmatch(remark) for remark in remarks)


def money_unit(heading: str) -> str:
    """The unit of money a heading states in brackets; empty when it states none."""
    for content in _BRACKETED.findall(_flat(heading)):
        unit = _NOISE.sub("", content).removeprefix("单位").removeprefix("人民币")
        if unit in MONEY_UNITS:
            return unit
    return ""


def headings_of(field: Field) -> tuple[str, ...]:
    """Every heading under which the field may stand in a file."""
    return tuple(heading for heading in (field.label, field.code, field.name, *field.aliases) if heading)


def heading_keys(field: Field) -> frozenset[str]:
    """The compared forms of all headings of a field."""
    return frozenset(heading_key(heading) for heading in headings_of(field))


def _flat(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).lower()
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")

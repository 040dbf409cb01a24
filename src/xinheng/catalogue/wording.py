"""How the catalogue speaks of types, requirements and publicity to people."""

from xinheng.catalogue.contract import Contract, Field, FieldType, Publicity, Required

TYPES: dict[FieldType, str] = {
    "text": "字符型",
    "date": "日期型",
    "decimal": "数值型（可有小数）",
    "integer": "整数型",
    "enum": "枚举型",
    "enum_set": "集合型",
    "credit_code": "统一社会信用代码",
    "citizen_number": "公民身份号码",
}
REQUIREMENTS: dict[Required, str] = {
    "always": "必填",
    "optional": "选填",
    "organisation": "法人、非法人组织和个体工商户必填",
    "person": "自然人必填",
}
PUBLICITIES: dict[Publicity, str] = {
    "public": "社会公开",
    "shared": "政务共享",
    "authorised": "授权查询",
    "internal": "内部使用",
}


def requirement_of(field: Field, contract: Contract) -> str:
    """When the field is filled in, in words."""
    when = field.filled_when
    if when is None:
        return REQUIREMENTS[field.required]
    return f"“{contract.field(when.field).label}”为{'、'.join(when.values)}时必填，其他时候不填"


def display_of(field: Field) -> str:
    """Whether and how the field's content is shown."""
    if field.personal:
        return "个人信息，加密保存，不公示"
    return "公示" if field.published else "不公示"


def length_of(field: Field) -> str:
    """The longest lawful content, in words; empty when there is no limit."""
    return f"{field.length}个字符以内" if field.length else ""


def values_of(field: Field, meanings: dict[str, str]) -> str:
    """The lawful values, with the meaning of bare codes."""
    shown = [f"{value}（{meanings[value]}）" if value in meanings else value for value in field.values]
    note = f"；“{field.open_value}”要写明内容，如“{field.open_value}-……”" if field.open_value else ""
    return "、".join(shown) + note


def key_of(contract: Contract) -> str:
    """The business key in labels."""
    labels = {field.name: field.label for field in contract.fields}
    return "＋".join("主体" if name == "subject" else labels[name] for name in contract.key_fields)

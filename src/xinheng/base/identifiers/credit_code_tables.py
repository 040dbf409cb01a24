"""The tables of GB 32100 with its amendment, and the words for what a typed code can be.

The pairs are as in several public implementations, not checked against the printed standard; a pair that is
missing here therefore only warns.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a text in a code column is."""

    VALID = "valid"
    EARLY_PILOT = "early_pilot"
    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    REGISTRATION_NUMBER = "registration_number_15"
    REGISTRATION_NUMBER_13 = "registration_number_13"
    ORGANISATION_CODE = "organisation_code_9"
    CITIZEN_NUMBER = "citizen_number"
    WRONG_LENGTH = "wrong_length"
    ILLEGAL_CHARACTER = "illegal_character"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    WRONG_ORGANISATION_PART = "wrong_organisation_part"


class Oddity(StrEnum):
    """What is unusual about a code without making it wrong."""

    UNKNOWN_DEPARTMENT = "unknown_department"
    UNKNOWN_CATEGORY = "unknown_category"
    UNKNOWN_PROVINCE = "unknown_province"
    UNKNOWN_REGION = "unknown_region"
    OTHER_REGION = "other_region"
    OTHER_CHECK_DIGIT = "other_check_digit"
    """A registration number of 15 digits whose check digit differs."""


MESSAGES: dict[Kind, tuple[str, str]] = {
    Kind.VALID: ("", ""),
    Kind.EARLY_PILOT: ("这是福建早期试点发放的代码，校验位与国家标准不同。", "请向登记机关核实后继续使用。"),
    Kind.EMPTY: ("没有填写统一社会信用代码。", "请填写 18 位代码；确实没有的，填 17 个 0 加 X。"),
    Kind.PLACEHOLDER: ("填写的是表示“无代码”的占位符。", "如该主体已有代码，请补填。"),
    Kind.REGISTRATION_NUMBER: ("这是 15 位的旧工商注册号。", "请改填营业执照上的 18 位统一社会信用代码。"),
    Kind.REGISTRATION_NUMBER_13: ("这是 13 位的旧工商注册号。", "请改填营业执照上的 18 位统一社会信用代码。"),
    Kind.ORGANISATION_CODE: ("这是 9 位的组织机构代码。", "请改填 18 位统一社会信用代码。"),
    Kind.CITIZEN_NUMBER: (
        "这里填的像是个人身份号码。",
        "代码栏不得填个人身份号码，请改填组织的代码或撤下这一行。",
    ),
    Kind.WRONG_LENGTH: ("统一社会信用代码应为 18 位。", "请对照登记证照核对位数。"),
    Kind.ILLEGAL_CHARACTER: (
        "代码中有不允许的字符。",
        "代码只含数字和大写字母，不含 I、O、S、V、Z；第 3 至 8 位只能是数字。",
    ),
    Kind.WRONG_CHECK_DIGIT: ("代码的校验位不符，至少有一位写错。", "请对照登记证照逐位核对。"),
    Kind.WRONG_ORGANISATION_PART: (
        "代码第 9 至 17 位（主体标识码）自身的校验不符。",
        "请对照登记证照核对；确与证照一致的，请联系登记机关。",
    ),
}

DEPARTMENTS: dict[str, str] = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监管",
    "A": "中央军委改革和编制办公室",
    "N": "农业农村",
    "Y": "其他",
}

CATEGORIES: dict[str, str] = {
    "11": "机关",
    "12": "事业单位",
    "13": "编办直接管理机构编制的群众团体",
    "19": "其他",
    "21": "外国常驻新闻机构",
    "29": "其他",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "其他",
    "41": "外国在华文化中心",
    "49": "其他",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "其他",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台地区旅游部门常驻内地（大陆）代表机构",
    "69": "其他",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "其他",
    "81": "基层工会",
    "89": "其他",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "99": "其他",
    "A1": "军队事业单位",
    "A9": "其他",
    "N1": "组级集体经济组织",
    "N2": "村级集体经济组织",
    "N3": "乡镇级集体经济组织",
    "N9": "其他",
    "Y1": "其他",
}

SUBJECT_KINDS: dict[str, str] = {
    "11": "机关",
    "12": "事业单位",
    "13": "群众团体",
    "31": "律师事务所",
    "51": "社会组织",
    "52": "社会组织",
    "53": "社会组织",
    "81": "工会",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "N": "集体经济组织",
}

"""Hiding numbers of natural persons."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.identifiers import citizen_number
from xinheng.base.identifiers.credit_code import ALPHABET, make
from xinheng.base.masking import HIDDEN, find_personal_numbers, mask_text, mask_value

NUMBER = "110101199003070134"
surroundings = st.text(alphabet="当事人姓名，。：身份证号电话 第号ABCx（）\n", max_size=8)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"当事人某，身份证号{NUMBER}。", "当事人某，身份证号110***********0134。"),
        ("当事人370102195903142953", "当事人370***********2953"),  # also a valid code
        ("身份证：11010119900307013X", "身份证：110***********013X"),
        ("身份证１１０１０１１９９００３０７０１３４", "身份证110***********0134"),
        ("公民身份号码110101 19900307 0134", "公民身份号码110***********0134"),
        ("SFZ990001198512318883", "SFZ990***********8883"),
        ("旧证 110105491231002 号码", "旧证 110********1002 号码"),
        ("电话13812345678", "电话138****5678"),
        ("手机 138-1234-5678，另 +86 13912345678", "手机 138****5678，另 +86 139****5678"),
        ("卡号6222 0212 3456 7890 128", "卡号622************0128"),
        ("工行4111111111111111", "工行411*********1111"),
    ],
)
def test_personal_numbers_are_masked_in_running_text(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91990001MA0000TE6B",
        "统一社会信用代码129900011234567880，罚款20000元",
        "早期代码91359901M0000TET67",
        "鲁环罚字〔2018〕第13812345678号",
        "行政处罚决定书（2018）370102001234567号",
        "许可证编号：JY19900010012345",
        "注册号379999600101126",
        "固定电话0531-86012345",
        "金额1380000000000.00元，自2018年3月1日至2019年3月1日",
        "",
        "没有号码",
    ],
)
def test_codes_document_numbers_and_amounts_stay(text: str) -> None:
    assert mask_text(text) == text


@given(surroundings, st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.integers(0, 999), surroundings)
def test_no_citizen_number_survives_whatever_surrounds_it(before: str, born: date, sequence: int, after: str) -> None:
    first_17 = f"370102{born:%Y%m%d}{sequence:03d}"
    number = first_17 + citizen_number.check_character(first_17)

    assert number not in mask_text(before + number + after)


@given(
    surroundings,
    st.builds(
        make,
        st.sampled_from(["91", "92", "12", "51", "N2"]),
        st.sampled_from(["370102", "990001"]),
        st.text(alphabet=ALPHABET, min_size=8, max_size=8),
    ),
)
def test_no_credit_code_is_ever_touched(before: str, code: str) -> None:
    text = f"{before}：{code}，"

    assert mask_text(text) == text


@given(surroundings, surroundings)
def test_masking_twice_changes_nothing_more(before: str, after: str) -> None:
    once = mask_text(f"{before}{NUMBER}{after}13812345678")

    assert mask_text(once) == once


def test_findings_are_told_by_position() -> None:
    text = f"甲{NUMBER}乙13812345678"

    assert [text[found.start : found.end] for found in find_personal_numbers(text)] == [NUMBER, "13812345678"]


def test_a_receipt_quotes_at_most_the_ends_of_an_identity_number() -> None:
    assert mask_value(NUMBER) == "110***********0134"
    assert mask_value("110101199003070135") == "110***********0135"
    assert mask_value("91990001MA0000TE6C") == "91990001MA0000TE6C"
    assert mask_value("990001000000010") == "990001000000010"
    assert mask_value("379999600101126") == "379********1126"
    assert mask_value("110105491231002") == "110********1002"
    assert mask_value("2018/13/45") == "2018/13/45"


def test_a_receipt_quotes_no_name_from_a_column_about_persons() -> None:
    assert mask_value("张三", personal=True) == HIDDEN
    assert mask_value("张三 13812345678", personal=True) == HIDDEN
    assert mask_value(NUMBER, personal=True) == "110***********0134"
    assert mask_value("", personal=True) == ""

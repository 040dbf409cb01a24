"""V13: numbers of persons in texts."""

import pytest
from check_worlds import PENALTY, found
from hypothesis import given, settings
from hypothesis import strategies as st

from xinheng.base.masking import find_personal_numbers
from xinheng.catalogue.checks import v13_person_data
from xinheng.catalogue.checks.plain import contains


def of_facts(text: str) -> set[tuple[str, str]]:
    return found("penalty", "V13", PENALTY | {"violation_facts": text})


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("当事人，身份证号码：11010119900307001X，住某处", "citizen_number"),
        ("电话13800138000。", "mobile"),
        ("电话 138-0013-8000", "mobile"),
        ("收款卡号6222021234567890123", "bank_card"),
    ],
)
def test_numbers_of_persons_are_told_by_kind(text: str, variant: str) -> None:
    assert ("violation_facts", variant) in of_facts(text)


@pytest.mark.parametrize("text", ["罚款2000元", "案号〔2026〕12号", "91990001MA0000TE6B", "第13800138000号"])
def test_amounts_documents_and_credit_codes_are_left_alone(text: str) -> None:
    assert of_facts(text) == set()


def test_an_old_registration_number_in_its_own_column_is_left_alone() -> None:
    assert found("penalty", "V13", PENALTY | {"business_reg_no": "370181120101234"}) == set()


PIECES = [
    "11010119900307001X", "110101 19900307 001x", "110101900307001", "13800138000", "+86 138 0013 8000",
    "6222021234567890123", "6222 0212 3456 7890", "身份证号", "卡号：", "账户", "第", "号", "，", "在", " ", "-",
    "1", "０", "91990001MA0000TE6B", "〔2026〕", "３７０１８１１９９００１０１００１Ｘ", "4000123412341234",
    "9558801234567890123",
]  # fmt: skip


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join))
def test_no_text_that_would_be_masked_passes_by(text: str) -> None:
    if find_personal_numbers(text):
        folded = text.translate(str.maketrans(v13_person_data.FULL_DIGITS, v13_person_data.DIGITS))
        patterns = (
            v13_person_data.CITIZEN_NUMBER,
            v13_person_data.OLD_CITIZEN_NUMBER,
            v13_person_data.MOBILE,
            v13_person_data.CARD,
            v13_person_data.NAMED_CARD,
        )
        assert contains(v13_person_data.LONG_NUMBER, text)
        assert any(contains(pattern, folded) for pattern in patterns), text

"""Credit codes: what is accepted, what is recognised as something else, what is only unusual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.errors import Refused
from xinheng.base.identifiers import organisation_code
from xinheng.base.identifiers.credit_code import ALPHABET, FORMAT, CreditCode, inspect, lies_within, make
from xinheng.base.identifiers.credit_code_tables import CATEGORIES, DEPARTMENTS, MESSAGES, Kind, Oddity

VALID = [
    "91990001MA0000TE6B",
    "92990001MA0000TF43",
    "11990001000000000U",
    "129900011234567880",
    "51990001500000TA3P",
    "93990001MA9999XY33",
]

codes = st.builds(
    make,
    st.sampled_from(sorted(CATEGORIES)),
    st.from_regex(r"[1-6][0-9]{5}", fullmatch=True),
    st.text(alphabet=ALPHABET, min_size=8, max_size=8),
)


@pytest.mark.parametrize("code", VALID)
def test_the_reference_codes_are_valid(code: str) -> None:
    assert inspect(code).kind is Kind.VALID
    assert CreditCode.parse(code).text == code


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_no_single_changed_character_of_a_valid_code_goes_unnoticed(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]

    assert inspect(changed).valid == (changed == code)


@given(codes)
def test_a_made_code_is_valid_and_reads_back(code: str) -> None:
    assert FORMAT.fullmatch(code)
    parsed = CreditCode.parse(code)
    assert str(parsed) == code
    assert organisation_code.is_valid(parsed.organisation_code)
    assert parsed.region == code[2:8]


@given(codes, st.lists(st.tuples(st.integers(0, 18), st.sampled_from(" -　—－\u200b\ufeff\t")), max_size=4))
def test_blanks_hyphens_width_and_case_do_not_matter(code: str, marks: list[tuple[int, str]]) -> None:
    typed = code.lower()
    for place, mark in marks:
        typed = typed[:place] + mark + typed[place:]
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in typed)

    assert inspect(typed).normalised == code
    assert inspect(wide).normalised == code
    assert inspect(wide).valid


@pytest.mark.parametrize("text", ["", "  ", "无", "-", "——", "N/A", "不详", "　", "null"])
def test_words_for_nothing_count_as_empty(text: str) -> None:
    assert inspect(text).kind is Kind.EMPTY


def test_the_placeholder_is_a_kind_of_its_own() -> None:
    assert inspect("00000000000000000X").kind is Kind.PLACEHOLDER
    assert inspect("0" * 18).kind is Kind.PLACEHOLDER
    assert not inspect("00000000000000000X").genuine


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("990001000000010", Kind.REGISTRATION_NUMBER),
        ("990001NA000145X", Kind.REGISTRATION_NUMBER),
        ("990001nb000001x", Kind.REGISTRATION_NUMBER),
        ("9900011102990", Kind.REGISTRATION_NUMBER_13),
        ("MA0000TE6", Kind.ORGANISATION_CODE),
        ("12345678-8", Kind.ORGANISATION_CODE),
        ("9199000", Kind.WRONG_LENGTH),
        ("91990001MA0000TE6B1", Kind.WRONG_LENGTH),
        ("91990001MA0000TE6C", Kind.WRONG_CHECK_DIGIT),
        ("91990A01MA0000TE6B", Kind.ILLEGAL_CHARACTER),
        ("9199000１MA0000TE6*", Kind.ILLEGAL_CHARACTER),
    ],
)
def test_other_numbers_are_recognised_for_what_they_are(text: str, kind: Kind) -> None:
    assert inspect(text).kind is kind


def test_a_wrong_organisation_part_is_told_apart_from_a_wrong_check_digit() -> None:
    first_17 = "91990001MA0000TE7"
    code = next(first_17 + last for last in ALPHABET if inspect(first_17 + last).kind is not Kind.WRONG_CHECK_DIGIT)

    assert inspect(code).kind is Kind.WRONG_ORGANISATION_PART


@pytest.mark.parametrize("code", ["91359901M0000TET67", "91359900M0001TEUXQ", "91359902M0009A1B35"])
def test_codes_of_the_fujian_pilot_are_genuine_although_their_check_digit_is_another(code: str) -> None:
    inspection = inspect(code)

    assert inspection.kind is Kind.EARLY_PILOT
    assert inspection.genuine
    assert not inspection.valid
    assert CreditCode.parse(code).subject_kind == "企业"


@pytest.mark.parametrize(
    "number", ["99000119900307001X", "990001200002291238", "110101199003070134", "110101199003070135"]
)
def test_a_citizen_number_is_called_one_even_when_its_check_digit_is_mistyped(number: str) -> None:
    assert inspect(number).kind is Kind.CITIZEN_NUMBER


def test_letters_that_are_not_in_the_alphabet_lead_to_a_suggestion_only_when_it_is_valid() -> None:
    assert inspect("9199OOO1MAOOOOTE6B").suggestion == "91990001MA0000TE6B"
    assert "91990001MA0000TE6B" in inspect("9I990001MA0000TE6B").advice
    assert inspect("9199OOO1MA0000TE6C").suggestion is None


@pytest.mark.parametrize("first", ["N1", "N2", "A1", "Y1"])
def test_letters_at_the_start_and_in_the_organisation_part_are_valid(first: str) -> None:
    code = make(first, "370102", "NA12B34C")

    assert inspect(code).kind is Kind.VALID
    assert inspect(code).warnings == ()


def test_a_pair_missing_from_the_table_only_warns() -> None:
    assert inspect(make("97", "370102", "MA0000TE")).warnings == (Oddity.UNKNOWN_CATEGORY,)
    assert inspect(make("Q1", "370102", "MA0000TE")).warnings == (Oddity.UNKNOWN_DEPARTMENT,)
    assert CreditCode.parse(make("97", "370102", "MA0000TE")).subject_kind == "其他组织"


def test_regions_only_warn() -> None:
    known = {"370102"}
    old_region, county = make("91", "371202", "MA0000TE"), make("91", "370102", "MA0000TE")

    assert inspect(old_region, known_regions=known).warnings == (Oddity.UNKNOWN_REGION,)
    assert inspect(county, known_regions=known, expected_region="370100").warnings == ()
    assert inspect(county, expected_region="371700").warnings == (Oddity.OTHER_REGION,)
    assert inspect(make("91", "100000", "MA0000TE")).warnings == ()
    assert all(inspect(code).valid for code in (old_region, county))


def test_a_region_lies_within_its_city_and_province_and_itself() -> None:
    assert lies_within("370102", "370100")
    assert lies_within("370102", "370000")
    assert lies_within("370102", "370102")
    assert not lies_within("370102", "370103")


def test_every_category_belongs_to_one_of_the_twelve_departments() -> None:
    assert len(DEPARTMENTS) == 12
    assert {pair[0] for pair in CATEGORIES} == set(DEPARTMENTS)


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.VALID}))
def test_every_kind_says_what_is_wrong_and_what_to_do(kind: Kind) -> None:
    message, advice = MESSAGES[kind]

    assert message.endswith("。")
    assert advice.endswith("。")


def test_a_refused_code_says_why_and_what_next() -> None:
    with pytest.raises(Refused, match=r"15 位的旧工商注册号。请改填") as refusal:
        CreditCode.parse("990001000000010")

    assert refusal.value.advice


def test_a_code_tells_department_category_and_kind_of_subject() -> None:
    code = CreditCode.parse(make("N2", "990001", "MF000000"))

    assert (code.department, code.category, code.subject_kind) == (
        "农业农村",
        "村级集体经济组织",
        "集体经济组织",
    )

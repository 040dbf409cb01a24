"""How a typed text is read, before anything is looked up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_world import code

from xinheng.base.identifiers import citizen_number
from xinheng.register.understanding import Meaning, decision_number, spellings, understand


@pytest.mark.parametrize(
    ("typed", "meaning", "text"),
    [
        ("鑫源", Meaning.NAME, "鑫源"),
        (" 云屿县（幻海）商贸 ", Meaning.NAME, "云屿县幻海商贸"),
        ("xysm", Meaning.INITIALS, "xysm"),
        ("ＸＹＳＭ", Meaning.INITIALS, "xysm"),
        ("xy", Meaning.NAME, "XY"),
        ("鑫", Meaning.TOO_SHORT, "鑫"),
        ("（）", Meaning.TOO_SHORT, ""),
        ("", Meaning.TOO_SHORT, ""),
        (code(1).lower(), Meaning.CODE, code(1)),
        ("云市监罚[2026]12号", Meaning.DECISION_NO, "云市监罚〔2026〕12号"),
        ("（2026）演0101执12号", Meaning.DECISION_NO, "〔2026〕演0101执12号"),
        ("云食许第0012号", Meaning.DECISION_NO, "云食许第0012号"),
    ],
)
def test_each_way_to_search_is_recognised(typed, meaning, text):
    understood = understand(typed)
    assert (understood.meaning, understood.text) == (meaning, text)


@given(
    born=st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 1, 1)),
    serial=st.integers(0, 999),
    around=st.sampled_from(["{}", " {} ", "张某{}", "身份证号：{}", "{}有限公司"]),
)
def test_no_citizen_number_ever_passes(born, serial, around):
    first = f"370102{born:%Y%m%d}{serial:03d}"
    number = first + citizen_number.check_character(first)
    understood = understand(around.format(number))
    assert understood.meaning in (Meaning.PERSON, Meaning.CODE_OR_PERSON)
    assert understood.meaning is Meaning.CODE_OR_PERSON or understood.text == ""


@given(st.text(max_size=200))
def test_any_text_is_understood_somehow(typed):
    understood = understand(typed)
    assert len(understood.text) <= 400


def test_every_spelling_leads_back_to_the_same_number():
    number = "云市监罚〔2026〕12号"
    assert {decision_number(spelling) for spelling in spellings(number)} == {number}

"""Comparing names and finding them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.names import initials, name_key, pinyin_key, query_tokens, search_tokens, searched_form

texts = st.text(alphabet="云屿县建材银行长沙有限公司ABab12（）() ·-㈱é", max_size=12)


@pytest.mark.parametrize(
    "written",
    [
        "云屿（集团）ABC-有限公司",
        "云屿(集团)abc—有限公司",
        "云屿【集团】ＡＢＣ－有限公司",
        " 云屿〔集团〕 Ab c－有限公司　",
        "云\u200b屿[集团]ABC–有限公司\ufeff",
    ],
)
def test_width_case_blanks_brackets_and_dashes_do_not_make_another_name(written: str) -> None:
    assert name_key(written) == "云屿(集团)ABC-有限公司"


def test_one_other_character_makes_another_name() -> None:
    assert name_key("云屿第九分公司") != name_key("云屿第十分公司")


@given(texts)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(texts)
def test_there_is_one_initial_for_each_searched_character(name: str) -> None:
    assert len(initials(name)) == len(searched_form(name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("云屿县建材有限公司", "yyxjcyxgs"),
        ("中国银行（重庆）支行", "zgyhcqzh"),
        ("长沙ABC音乐厂", "csabcyyc"),
        ("长治市行政服务中心", "czsxzfwzx"),
    ],
)
def test_initials_are_what_one_would_type(name: str, expected: str) -> None:
    assert initials(name) == expected


@given(texts, st.data())
def test_every_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    text = searched_form(name)
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]

    assert set(query_tokens(part)) <= set(search_tokens(name))


@given(texts, st.data())
def test_every_run_of_three_initials_finds_the_name(name: str, data: st.DataObject) -> None:
    letters = initials(name)
    if len(letters) >= 3 and letters.isascii():
        start = data.draw(st.integers(0, len(letters) - 3))
        assert set(query_tokens(letters[start : start + 4])) <= set(search_tokens(name))


def test_the_two_kinds_of_tokens_cannot_be_mistaken() -> None:
    assert search_tokens("AB") == ["nAB"]
    assert "iabc" in search_tokens("ABC")
    assert search_tokens("") == []
    assert search_tokens("云") == ["n云"]
    assert query_tokens("云") == []


def test_names_sort_by_reading() -> None:
    names = ["云屿县", "安平县", "长沙市", "北京市"]

    assert sorted(names, key=pinyin_key) == ["安平县", "北京市", "长沙市", "云屿县"]

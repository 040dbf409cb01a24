"""Finding a text with one character wrong, missing or too many inside a name."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from xinheng.base.names import BIGRAM
from xinheng.register.one_typo import place_of, ways

CHARACTERS = st.text(alphabet="鑫源商贸云屿", min_size=3, max_size=8)
NAMES = st.text(alphabet="鑫源商贸云屿", min_size=0, max_size=12)


def pairs(text: str) -> list[str]:
    return [BIGRAM + text[place : place + 2] for place in range(len(text) - 1)]


def stands_in(text: str, name: str) -> bool:
    """The plain definition: some part of the name is at most one edit away."""
    parts = (name[start:end] for start in range(len(name) + 1) for end in range(start, len(name) + 1))
    return any(Levenshtein.distance(text, part) <= 1 for part in parts)


@given(CHARACTERS, NAMES)
def test_it_agrees_with_the_plain_definition(text, name):
    assert (place_of(text, name) is not None) == stands_in(text, name)


@given(CHARACTERS, st.data())
def test_whatever_single_character_was_mistyped_some_way_leads_to_the_name(text, data):
    place = data.draw(st.integers(0, len(text) - 1))
    right = text[:place] + data.draw(st.sampled_from("甲乙丙")) + text[place + 1 :]
    counts = dict.fromkeys(pairs(text), 1)
    carried = set(pairs(right))
    if not carried & set(pairs(text)):
        return  # three characters with the middle one wrong leave nothing to search by
    assert any(set(way) <= carried for way in ways(pairs(text), counts))


def test_pairs_that_no_name_has_tell_where_the_typo_is():
    counts = dict.fromkeys(pairs("云屿县鑫圆商贸"), 10) | {BIGRAM + "鑫圆": 0, BIGRAM + "圆商": 0}
    assert ways(pairs("云屿县鑫圆商贸"), counts) == [[BIGRAM + "云屿", BIGRAM + "县鑫"]]


def test_typos_in_two_places_are_not_looked_for():
    counts = dict.fromkeys(pairs("云屿县鑫圆商贸"), 10) | {BIGRAM + "云屿": 0, BIGRAM + "圆商": 0}
    assert ways(pairs("云屿县鑫圆商贸"), counts) == []


def test_a_text_of_common_pairs_only_is_not_searched_with_a_typo():
    assert ways(pairs("有限公司"), dict.fromkeys(pairs("有限公司"), 800_000)) == []

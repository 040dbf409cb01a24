"""V15: characters that are not accepted."""

import pytest
from check_worlds import PENALTY, found


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("云屿\u0001县", "control"),
        ("云屿\n县", "line_break"),
        ("云屿\u200b县", "invisible"),
        ("云屿\ue001县", "lost_character"),
        ("云屿\ufffd县", "lost_character"),
    ],
)
def test_a_name_is_one_line_of_visible_characters(text: str, variant: str) -> None:
    assert found("penalty", "V15", PENALTY | {"counterparty_name": text}) == {("counterparty_name", variant)}


def test_longer_texts_may_have_lines_and_tabs() -> None:
    assert found("penalty", "V15", PENALTY | {"violation_facts": "一、\n\t二、"}) == set()


def test_blanks_at_the_ends_are_no_fault() -> None:
    assert found("penalty", "V15", PENALTY | {"counterparty_name": "\t云屿县某单位\n\u200b"}) == set()

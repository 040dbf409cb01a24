"""The page of engines says what the specification says."""

from tests.spec.engines_page import ADVICE, PAGE, page
from tests.spec.specs import specs


def test_the_page_is_the_one_written_from_the_specification() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), ADVICE


def test_every_situation_is_on_the_page() -> None:
    text = page()

    for spec in specs():
        for case in spec.cases:
            assert f"### {case.title}\n" in text

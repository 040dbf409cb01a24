"""The page of lists and measures is what the packs say."""

from tests.docs.measures_page import PACKS, PAGE, page

from xinheng.measures.reading import load_editions, load_lists, load_memoranda


def test_the_page_is_the_one_written_from_the_packs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_list_measure_and_memorandum_is_on_the_page() -> None:
    text = page()

    for pack in PACKS:
        for rule in load_lists(pack).values():
            assert f"| `{rule.key}` | {rule.title} |" in text
        for edition in load_editions(pack).values():
            assert all(f"| `{one.key}` |" in text for one in edition.measures)
        for one in load_memoranda(pack).values():
            assert f"| {one.title} |" in text

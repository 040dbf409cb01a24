"""The page of procedures is what the packs say."""

from tests.docs.procedures_page import PAGE, page

from xinheng.proceedings.procedures import load_procedures


def test_the_page_is_the_one_written_from_the_packs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_step_of_every_table_is_on_the_page() -> None:
    text = page()

    for versions in load_procedures("national").values():
        for table in versions:
            assert [step.event for step in table.steps if f"{step.title} `{step.event}`" not in text] == []

"""The page of publicity rules is what the packs say."""

from tests.docs.publicity_page import PACKS, PAGE, page

from xinheng.effects.rules import load_rules


def test_the_page_is_the_one_written_from_the_packs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_rule_of_every_pack_is_on_the_page() -> None:
    text = page()

    for pack in PACKS:
        for regime in load_rules(pack).regimes:
            assert f"### {regime.description}\n" in text

"""Real pairs of names: not one false link, and no fewer right ones than once reached. Counts only, no names."""

import pytest
from bench.matching import PAGE, Figures, measure, page

from xinheng.matching.matcher import Verdict

pytestmark = pytest.mark.realdata

FLOORS = {
    "region_suffix": 95,
    "substring": 50,
    "one_char_inserted_or_deleted": 80,
    "chars_transposed": 75,
}
"""Percent of each kind that must be linked without asking."""
SEEN = {"region_suffix": 100, "substring": 80, "one_char_inserted_or_deleted": 95, "one_char_substituted": 95}
"""Percent of each kind that must be linked or at least shown to a person."""


@pytest.fixture(scope="module")
def figures(real_data) -> Figures:
    return measure(real_data, registry=False)


def test_no_two_different_organisations_are_taken_for_one(figures):
    assert sum(tally.pairs for tally in figures.different.values()) > 1000
    assert sum(tally.verdicts[Verdict.SAME] for tally in figures.different.values()) == 0


def test_ordinals_tell_organisations_apart_without_asking(figures):
    numerals = figures.different["numeral"]
    assert numerals.verdicts[Verdict.DIFFERENT] == numerals.pairs


@pytest.mark.parametrize("kind", FLOORS)
def test_typed_variants_are_linked(figures, kind):
    tally = figures.same[kind]
    assert 100 * tally.verdicts[Verdict.SAME] >= FLOORS[kind] * tally.pairs


@pytest.mark.parametrize("kind", SEEN)
def test_typed_variants_are_at_least_shown_to_a_person(figures, kind):
    tally = figures.same[kind]
    seen = tally.verdicts[Verdict.SAME] + tally.verdicts[Verdict.UNSURE]
    assert 100 * seen >= SEEN[kind] * tally.pairs


def test_rapidfuzz_alone_links_falsely_long_before_it_links_as_many(figures):
    ours = sum(figures.same[kind].verdicts[Verdict.SAME] for kind in FLOORS)
    clean = [cut for cut, wrong in figures.fuzz_different.items() if wrong == 0]
    assert max(sum(figures.fuzz_same[cut][kind] for kind in FLOORS) for cut in clean) < ours


@pytest.mark.slow
def test_the_page_says_what_is_measured_and_near_registered_names_are_kept_apart(real_data):
    found = measure(real_data)
    assert found.near.verdicts[Verdict.SAME] == 0
    assert PAGE.read_text(encoding="utf-8") == page(found)

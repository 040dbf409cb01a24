"""V03: values of code lists."""

import pytest
from check_worlds import PENALTY, found


def of_kinds(text: str) -> set[tuple[str, str]]:
    return found("penalty", "V03", PENALTY | {"penalty_category": text})


@pytest.mark.parametrize(
    "text",
    [
        "罚款",
        "罚款；警告",
        "罚款、没收非法所得",
        "其他-没收保证金",
        "其他：补办、换证",
        "罚款;其他-限期改正",
        "吊销营业执照,罚款",
    ],
)
def test_lists_synonyms_and_suffixes_are_understood(text: str) -> None:
    assert of_kinds(text) == set()


def test_one_unknown_value_among_several_is_enough() -> None:
    assert of_kinds("罚款;打手心") == {("penalty_category", "one_of_several")}


@pytest.mark.parametrize("text", ["其他", "其他-", "罚款;其他"])
def test_the_open_value_needs_its_suffix(text: str) -> None:
    assert of_kinds(text) == {("penalty_category", "needs_suffix")}


def test_a_single_value_must_be_in_its_list() -> None:
    assert found("penalty", "V03", PENALTY | {"procedure": "快速程序"}) == {("procedure", "")}

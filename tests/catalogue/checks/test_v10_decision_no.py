"""V10: numbers of documents."""

import pytest
from check_worlds import PENALTY, found

from xinheng.catalogue.checks.v10_decision_no import STAND_INS


@pytest.mark.parametrize("text", ["无", " / ", "n/a", "不详\u3000\u3000\u3000\u3000\u3000\u3000\u3000"])
def test_a_stand_in_for_a_number_is_told(text: str) -> None:
    assert found("penalty", "V10", PENALTY | {"decision_no": text}) == {("decision_no", "stand_in")}


@pytest.mark.parametrize("text", ["13800138000", "0530-1234567", "010 12345678"])
def test_a_telephone_number_is_told(text: str) -> None:
    assert found("penalty", "V10", PENALTY | {"decision_no": text}) == {("decision_no", "phone_number")}


def test_the_quick_test_knows_every_stand_in() -> None:
    assert all(len(text) <= 6 for text in STAND_INS)

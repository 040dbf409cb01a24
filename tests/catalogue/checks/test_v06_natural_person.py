"""V06: documents of natural persons."""

import pytest
from check_worlds import COMPANY, PERSON, found


@pytest.mark.parametrize(
    ("number", "variant"),
    [
        ("9900011990030700", "malformed"),
        ("990001199002300019", "impossible_birth_date"),
        ("990001199003070018", "wrong_check_digit"),
        ("990001900307001", "old_number"),
    ],
)
def test_what_is_wrong_with_an_identity_number_is_told(number: str, variant: str) -> None:
    assert found("penalty", "V06", PERSON | {"person_id_no": number}) == {("person_id_no", variant)}


def test_other_documents_have_numbers_of_their_own() -> None:
    assert found("penalty", "V06", PERSON | {"person_id_type": "护照", "person_id_no": "E12345678"}) == set()


def test_a_person_has_no_code_of_an_organisation() -> None:
    row = PERSON | {"uscc": COMPANY, "org_code": "123456789"}
    expected = {("uscc", "organisation_code_filled"), ("org_code", "organisation_code_filled")}
    assert found("penalty", "V06", row) == expected

"""V01: what must be filled in."""

from check_worlds import BREACH, FULFILMENT, LICENCE, PENALTY, PERSON, contract, found

from xinheng.catalogue.checks import explain


def test_a_missing_decision_number_is_an_error() -> None:
    assert found("penalty", "V01", PENALTY | {"decision_no": "\u3000 "}) == {("decision_no", "")}


def test_an_organisation_needs_a_code_and_a_legal_representative() -> None:
    row = PENALTY | {"uscc": None, "legal_rep_name": ""}
    assert found("penalty", "V01", row) == {("uscc", "organisation"), ("legal_rep_name", "organisation")}


def test_a_person_needs_a_document_and_no_code() -> None:
    row = PERSON | {"person_id_type": None, "person_id_no": None}
    assert found("penalty", "V01", row) == {("person_id_type", "person"), ("person_id_no", "person")}


def test_an_unknown_category_asks_for_neither_code_nor_document() -> None:
    row = PENALTY | {"counterparty_category": "外星人", "uscc": None, "legal_rep_name": None}
    assert found("penalty", "V01", row) == set()


def test_a_withdrawal_needs_only_its_key_and_a_reason() -> None:
    keys = ("decision_no", "uscc", "penalty_authority_uscc")
    row = {name: PENALTY[name] for name in keys} | {"operation": " 撤回 "}
    assert found("penalty", "V01", row) == {("withdrawal_reason", "withdrawal_reason")}
    assert found("penalty", "V01", row | {"withdrawal_reason": "决定已撤销"}) == set()


def test_a_withdrawal_without_subject_cannot_be_matched() -> None:
    row = {"operation": "撤回", "withdrawal_reason": "决定已撤销", "decision_no": "一号"}
    missing = {("uscc", "withdrawal_key"), ("penalty_authority_uscc", "withdrawal_key")}
    assert found("penalty", "V01", row) == missing
    assert found("penalty", "V01", row | {"counterparty_name": "某单位"}) == missing - {("uscc", "withdrawal_key")}


def test_a_revocation_that_names_no_licence_is_told() -> None:
    row = PENALTY | {"penalty_category": "罚款;吊销许可证件"}
    assert found("penalty", "V01", row) == {("suspended_or_revoked_license", "licence_not_named")}


def test_a_kind_of_document_without_its_number_is_told() -> None:
    row = LICENCE | {"legal_rep_id_type": "身份证"}
    assert found("licence", "V01", row) == {("legal_rep_id_no", "legal_representative_id")}


def test_what_was_not_kept_and_what_followed_are_filled_exactly_when_something_was_not_kept() -> None:
    told = {"unperformed_content": "没有补交", "liability_enforced": "撤销许可"}
    nothing = dict.fromkeys(told, "")
    assert found("fulfilment", "V01", FULFILMENT) == found("fulfilment", "V01", BREACH) == set()
    assert found("fulfilment", "V01", BREACH | nothing) == {(name, "wanted") for name in told}
    assert found("fulfilment", "V01", FULFILMENT | told) == {(name, "not_wanted") for name in told}


def test_an_unknown_status_asks_for_neither() -> None:
    assert found("fulfilment", "V01", BREACH | {"fulfilment_status": "看情况"}) == set()


def test_the_sentence_names_both_fields() -> None:
    said = explain(contract("fulfilment"), "V01", "liability_enforced", "wanted")
    assert said.message == "“违诺责任追究内容”没有填写，而“承诺履行状态”是部分履行、全部未履行之一。"

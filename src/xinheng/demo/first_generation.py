"""Decisions in the first-generation tables, as an old case system still exports them."""

from collections.abc import Iterator

from xinheng.demo.decisions import Made, Row, Stream
from xinheng.demo.licences import licences
from xinheng.demo.organisations import AREA
from xinheng.demo.penalties import penalties
from xinheng.demo.texts import Penalties, Permissions

SUBJECT = {
    "counterparty_name": "counterparty_name",
    "uscc": "uscc",
    "business_reg_no": "business_reg_no",
    "person_id_no": "person_id_no",
    "legal_rep_name": "legal_rep_name",
    "decision_no": "decision_no",
    "decision_date": "decision_date",
}
LICENCE = {
    **SUBJECT,
    "decision_title": "project_name",
    "license_category": "approval_category",
    "license_content": "license_content",
    "valid_to": "valid_to",
    "license_authority": "license_authority",
}
PENALTY = {
    **SUBJECT,
    "violation_type": "penalty_name",
    "penalty_category": "penalty_category",
    "violation_facts": "violation_facts",
    "legal_basis": "legal_basis",
    "penalty_content": "penalty_result",
    "penalty_valid_to": "penalty_valid_to",
    "penalty_authority": "penalty_authority",
}


def first_licences(stream: Stream, texts: Permissions) -> Iterator[Made]:
    """Licences in the columns of the first generation."""
    yield from (_older(made, LICENCE) for made in licences(stream, texts))


def first_penalties(stream: Stream, texts: Penalties) -> Iterator[Made]:
    """Penalties in the columns of the first generation."""
    for made in penalties(stream, texts):
        row, party = _older(made, PENALTY)
        row["publicity_term"] = "1年"
        yield row, party


def _older(made: Made, names: dict[str, str]) -> Made:
    new, party = made
    row: Row = {old: new[name] for name, old in names.items() if name in new}
    row["current_status"] = "0"
    row["division_code"] = AREA
    row["data_timestamp"] = f"{new['decision_date']} 09:30:00"
    return row, party

"""The example row of every template passes all checks, without an error or a warning."""

from datetime import date

import pytest

from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.checks.reference import findings
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.rulebook.loader import load_pack

CONTRACTS = load_contracts("demo")


def departments() -> frozenset[str]:
    section = next(load_pack("demo").files("contacts", "departments.yaml")).section
    return frozenset(entry.text("code") for entry in section.sections("departments"))


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS.keys())
def test_the_example_of_a_template_passes_all_checks(contract: Contract) -> None:
    row = {field.name: field.example or None for field in contract.fields}
    context = CheckContext(as_at=date(2026, 11, 21), department_codes=departments())
    assert findings(contract, row, context) == set()

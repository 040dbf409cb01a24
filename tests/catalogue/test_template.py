"""Templates can be filled in and read back, and their example is a row that passes."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.headers import match_headers
from xinheng.catalogue.template import DATA_SHEET, EXAMPLE_SHEET, NOTES_SHEET, VALUES_SHEET, template_bytes

CONTRACTS = load_contracts("demo")
every_contract = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS.keys())


def workbook(contract: Contract) -> Any:
    return openpyxl.load_workbook(BytesIO(template_bytes(contract, "demo")))


def texts(row: Any) -> list[str]:
    return [cell.value or "" for cell in row]


@every_contract
def test_a_template_is_read_back_by_its_headings(contract: Contract) -> None:
    book = workbook(contract)
    for sheet in (DATA_SHEET, EXAMPLE_SHEET):
        match = match_headers(texts(book[sheet][1]), contract)
        assert match.clear
        assert tuple(match.mapping.values()) == contract.names


@every_contract
def test_the_first_sheet_is_the_one_to_fill_in_and_it_is_empty(contract: Contract) -> None:
    book = workbook(contract)
    assert book.active.title == DATA_SHEET
    assert book.sheetnames[0] == DATA_SHEET
    assert book[DATA_SHEET].max_row == 1


@every_contract
def test_every_closed_list_is_a_drop_down_with_exactly_its_values(contract: Contract) -> None:
    book = workbook(contract)
    rules = {str(rule.sqref): rule for rule in book[DATA_SHEET].data_validations.dataValidation}
    closed = [(number, field) for number, field in enumerate(contract.fields, start=1) if field.values]
    assert len(rules) == len(closed)
    for place, (number, field) in enumerate(closed, start=1):
        letter = openpyxl.utils.get_column_letter(number)
        rule = next(rule for area, rule in rules.items() if area.startswith(f"{letter}2:"))
        offered = [cell.value for cell in book[VALUES_SHEET][openpyxl.utils.get_column_letter(place)][1:]]
        shown = tuple(value for value in offered if value)
        assert shown == field.values
        assert f"${len(field.values) + 1}" in rule.formula1


@every_contract
def test_cells_are_text_so_that_codes_keep_their_zeros(contract: Contract) -> None:
    dimensions = workbook(contract)[DATA_SHEET].column_dimensions.values()
    assert {dimension.number_format for dimension in dimensions} == {"@"}
    assert max(dimension.max for dimension in dimensions) == len(contract.fields)


@every_contract
def test_the_notes_explain_every_field_with_its_basis(contract: Contract) -> None:
    rows = [texts(row) for row in workbook(contract)[NOTES_SHEET].iter_rows()]
    explained = {row[1]: row for row in rows if row[0].isdigit()}
    assert list(explained) == [field.label for field in contract.fields]
    assert all(row[9].startswith("《") for row in explained.values())
    assert all(("不公示" in explained[field.label][8]) != field.published for field in contract.fields)


@every_contract
def test_the_example_fills_every_required_field_with_a_lawful_value(contract: Contract) -> None:
    cells = texts(workbook(contract)[EXAMPLE_SHEET][2])
    row = dict(zip(contract.names, cells, strict=True))
    for field in contract.fields:
        value = row[field.name]
        assert value or field.required in ("optional", "person")
        if field.values and value:
            assert set(value.split(";")) <= set(field.values)
        if field.type == "date" and value:
            assert date(*map(int, value.split("/")))
        if field.length:
            assert len(value) <= field.length

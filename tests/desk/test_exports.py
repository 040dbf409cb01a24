"""Lists as Excel files: the same rows, every cell a text, no formula."""

import io

import openpyxl
from tests.portal.senders import penalty
from tests.world import table

from xinheng.audit.models import AuditEvent
from xinheng.desk import tables
from xinheng.desk.tables import Cell, safe, workbook
from xinheng.desk.tables import table as listed

EXPORTS = (
    "/desk/batches?export=1",
    "/desk/deliveries?export=1",
    "/desk/reviews?export=1",
    "/desk/takedowns?export=1",
    "/desk/quality?export=1",
    "/desk/departments?export=1",
)


def test_every_list_can_be_taken_along_and_that_is_logged(county, at_desk):
    client = at_desk("lin.xinyu")
    for address in EXPORTS:
        response = client.get(address)
        assert response.content[:2] == b"PK", address
    assert AuditEvent.objects.filter(act="list.export").count() == len(EXPORTS)


def test_the_errors_of_a_receipt_can_be_taken_along(office, at_desk):
    batch = office.batch(table([penalty(1, "9199")]), "penalty")
    content = at_desk("lin.xinyu").get(f"/desk/batches/{batch.number}/receipt?export=1").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.cell(2, 4).value == "9199"


def test_a_collector_takes_no_lists_along(office, at_desk):
    office.batch(table([penalty(1)]), "penalty")
    user = office.officer("he.shuo")
    user.grants.filter(role="reviewer").delete()
    assert at_desk("he.shuo").get("/desk/batches?export=1").status_code == 400


def test_no_cell_is_read_as_a_formula():
    shown = listed("表", ("列",), [(Cell("=1+1"),), (Cell("@SUM(A1)"),), (Cell("12"),)])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(shown))).active
    cells = [sheet.cell(row, 1) for row in range(2, 5)]
    assert [cell.value for cell in cells] == ["'=1+1", "'@SUM(A1)", "12"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert safe("云市监罚〔2026〕1号") == "云市监罚〔2026〕1号"


def test_a_list_that_was_cut_says_so_in_its_last_row(monkeypatch):
    monkeypatch.setattr(tables, "EXPORTED", 2)
    shown = listed("表", ("列",), [(Cell("一"),), (Cell("二"),)])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(shown))).active
    assert [sheet.cell(row, 1).value for row in range(2, 5)] == ["一", "二", tables.CUT_SHORT]

"""Cells of a correction file that came back sealed: the department left them as they were."""

import pyarrow as pa

from xinheng.base.errors import Refused
from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.vault.tokens import PREFIX, CellOpener


def put_back_sealed_cells(engine: Duck, contract: Contract, *, department_id: int) -> None:
    """Replace sealed cells by what they stand for; a cell that does not open stays and fails its checks."""
    tests = " OR ".join(f"starts_with(\"{name}\", '{PREFIX}')" for name in contract.names)
    found = engine.rows(f"SELECT row_no, {_listed(contract)} FROM rows WHERE {tests}")
    if not found:
        return
    opener = CellOpener(department_id)
    opened = [
        (row_no, *(_opened(opener, name, cell) for name, cell in zip(contract.names, cells, strict=True)))
        for row_no, *cells in found
    ]
    columns = {"row_no": pa.array([row[0] for row in opened], pa.int64())}
    for position, name in enumerate(contract.names, start=1):
        columns[name] = pa.array([row[position] for row in opened], pa.string())
    engine.raw.register("opened_cells", pa.table(columns))
    engine.raw.execute(f"CREATE OR REPLACE VIEW rows_as_sent AS {_definition(engine)}")
    engine.raw.execute("CREATE TEMP TABLE opened AS SELECT * FROM opened_cells")
    engine.raw.unregister("opened_cells")
    replaced = ", ".join(
        f'CASE WHEN o.row_no IS NULL THEN r."{name}" ELSE o."{name}" END AS "{name}"' for name in contract.names
    )
    engine.raw.execute(
        f"CREATE OR REPLACE VIEW rows AS SELECT r.row_no, r.broken, {replaced} "
        f"FROM rows_as_sent r LEFT JOIN opened o ON o.row_no = r.row_no"
    )


def _listed(contract: Contract) -> str:
    return ", ".join(f'"{name}"' for name in contract.names)


def _definition(engine: Duck) -> str:
    (statement,) = engine.one("SELECT sql FROM duckdb_views() WHERE view_name = 'rows'")
    return str(statement).split(" AS ", 1)[1].rstrip(";")


def _opened(opener: CellOpener, column: str, cell: str | None) -> str | None:
    if cell is None or not cell.startswith(PREFIX):
        return cell
    try:
        return opener.open(cell, column)
    except Refused:
        return cell  # the checks report it in its place; a wrong or foreign token must not stop the file

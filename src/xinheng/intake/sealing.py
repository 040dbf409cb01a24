"""The part of a batch nobody reads without the key: refused rows as they came, and all personal columns."""

from pathlib import Path

from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.intake.reading.landed import REST, Landed
from xinheng.ledger.models import FileKind
from xinheng.ledger.writing import DataFolder
from xinheng.vault.sealing import seal_file

REJECTED_ROWS, PERSONAL_COLUMNS = "rejected.sealed", "personal.sealed"
AS_SENT = "as_sent"
"""Column with all cells of a refused row as they came, in the order of the file."""


def seal_rejected(engine: Duck, contract: Contract, landed: Landed, folder: DataFolder, key_id: int, tmp: Path) -> int:
    """Seal every refused row with all its cells; rows about persons in a contract that refuses them go unkept.

    Cells of columns nobody mapped are kept together, by their headings. Returns how many rows were refused.
    """
    refused = int(engine.one("SELECT count(*) FROM bad")[0])
    if refused:
        cells = ", ".join(f"l.c{index}" for index in range(len(landed.headers)))
        # Each side is cut down first: joined as they are, DuckDB takes a million rows for the smaller side.
        of_bad = "WHERE row_no IN (SELECT row_no FROM bad)"
        kept = (
            f"SELECT r.*, l.{REST}, to_json([{cells}]) AS {AS_SENT} "
            f"FROM (SELECT * FROM rows {of_bad}) r JOIN (SELECT * FROM landed {of_bad}) l USING (row_no)"
        )
        if contract.persons == "refused":
            kept += " WHERE r.row_no NOT IN (SELECT row_no FROM findings WHERE variant = 'person_refused')"
        _seal(engine, f"{kept} ORDER BY r.row_no", folder, REJECTED_ROWS, key_id, tmp)
    return refused


def seal_personal(engine: Duck, contract: Contract, folder: DataFolder, key_id: int, tmp: Path) -> None:
    """Seal the personal columns of the rows that went in."""
    names = contract.personal_names
    if not names:
        return
    listed = ", ".join(f'r."{name}"' for name in names)
    filled = f"coalesce({listed}) IS NOT NULL"
    _seal(
        engine,
        f"SELECT r.row_no, {listed} FROM rows r JOIN placed p USING (row_no) "
        f"WHERE p.id IS NOT NULL AND {filled} ORDER BY r.row_no",
        folder,
        PERSONAL_COLUMNS,
        key_id,
        tmp,
    )


def _seal(engine: Duck, select: str, folder: DataFolder, name: str, key_id: int, tmp: Path) -> None:
    clear = tmp / f"{name}.parquet"
    rows = engine.write(select, clear)
    if rows:
        target = folder.place(name)
        seal_file(clear, target, key_id)
        folder.add(FileKind.SEALED, target, rows)
    clear.unlink()

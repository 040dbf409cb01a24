"""Only rows that may be wrong are looked at twice; what is plainly in order is none of them."""

from datetime import date
from pathlib import Path

import pytest
from tests.world import MARKET

from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.duck import duck
from xinheng.intake.suspecting import find_suspects

CONTEXT = CheckContext(date(2026, 11, 22), frozenset({MARKET.code}))
PAID = {
    "name": "云屿县瓴筏物流有限公司",
    "uscc": "91990001MA2843286J",
    "account_no": "YY000000001",
    "period": "2026/10/01",
    "period_end": "2026/10/31",
    "volume": "18500.5",
    "due_amount": "12500.00",
    "paid_amount": "12500.00",
    "arrears_amount": "0",
    "overdue_days": "0",
    "data_source_unit": MARKET.name,
    "data_source_unit_uscc": MARKET.code,
}


def suspects(folder: Path, *rows: dict[str, str]) -> list[int]:
    """The numbers of the rows that are looked at again."""
    contract = load_contracts("demo")["electricity_use"]
    with duck(folder) as engine:
        columns = ", ".join(f'"{name}" VARCHAR' for name in contract.names)
        engine.raw.execute(f"CREATE TABLE sound (row_no BIGINT, {columns})")
        marks = ", ".join("?" * (len(contract.names) + 1))
        for number, row in enumerate(rows, start=2):
            engine.raw.execute(
                f"INSERT INTO sound VALUES ({marks})", [number, *(row.get(name) for name in contract.names)]
            )
        find_suspects(engine, contract, CONTEXT)
        return [number for (number,) in engine.rows("SELECT row_no FROM suspects ORDER BY 1")]


def test_amounts_in_yuan_that_are_plainly_written_are_not_looked_at_twice(tmp_path: Path) -> None:
    assert (
        suspects(tmp_path, PAID, PAID | {"due_amount": "4800000", "arrears_amount": "0.0", "overdue_days": "365"}) == []
    )


@pytest.mark.parametrize("amount", ["-1", "1,200", "１２００", "12e3", "十二", "."])
def test_an_amount_that_may_be_negative_or_no_number_is(tmp_path: Path, amount: str) -> None:
    assert suspects(tmp_path, PAID, PAID | {"due_amount": amount}) == [3]

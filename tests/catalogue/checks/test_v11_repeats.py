"""V11: repeats within a file."""

import duckdb
import ibis
import pyarrow as pa

from xinheng.engines.business_keys import repeats
from xinheng.engines.compiling import duckdb_sql


def found(rows: list[tuple[int, str | None, str | None]]) -> list[tuple[int, int]]:
    keys = ibis.table({"row_no": "int64", "decision_no": "string", "uscc": "string"}, name="keys")
    numbers, decisions, codes = zip(*rows, strict=True)
    table = pa.table({
        "row_no": pa.array(numbers, pa.int64()),
        "decision_no": pa.array(decisions, pa.string()),
        "uscc": pa.array(codes, pa.string()),
    })  # fmt: skip
    with duckdb.connect() as connection:
        connection.register("keys", table)
        return connection.execute(f"{duckdb_sql(repeats(keys))} ORDER BY row_no").fetchall()


def test_each_later_row_points_to_the_first() -> None:
    rows = [(2, "一号", "A"), (3, "二号", "A"), (4, "一号", "A"), (5, "一号", "A")]
    assert found(rows) == [(4, 2), (5, 2)]


def test_an_empty_part_of_a_key_is_equal_to_a_missing_one() -> None:
    assert found([(2, "一号", None), (3, "一号", "")]) == [(3, 2)]


def test_rows_without_any_key_repeat_nothing() -> None:
    assert found([(2, None, ""), (3, "", None)]) == []

"""V14: penalties that are not published."""

import duckdb
import ibis
import pyarrow as pa
from check_worlds import PENALTY, contract, found

from xinheng.catalogue.checks.v14_minor_penalties import not_for_publication
from xinheng.engines.compiling import duckdb_sql, text_table


def test_a_penalty_by_simple_procedure_is_noticed() -> None:
    assert found("penalty", "V14", PENALTY | {"procedure": "简易程序"}) == {("procedure", "simple_procedure")}


def test_a_mere_warning_is_noticed() -> None:
    row = PENALTY | {"penalty_category": "警告、通报批评"}
    assert found("penalty", "V14", row) == {("penalty_category", "mild_only")}
    assert found("penalty", "V14", PENALTY | {"penalty_category": "警告;罚款"}) == set()


def test_what_is_not_for_publication_is_one_expression() -> None:
    names = contract("penalty").names
    table = text_table("accepted", names)
    query = duckdb_sql(table.select("row_no", quiet=not_for_publication(contract("penalty"), table)))
    rows = [PENALTY, PENALTY | {"penalty_category": "警告"}, PENALTY | {"procedure": "简易程序"}]
    accepted = pa.table(
        {"row_no": [0, 1, 2]} | {name: pa.array([r.get(name) for r in rows], pa.string()) for name in names}
    )
    with duckdb.connect() as connection:
        connection.register("accepted", accepted)
        assert connection.execute(f"{query} ORDER BY row_no").fetchall() == [(0, False), (1, True), (2, True)]


def test_record_types_without_penalties_are_never_held_back_by_it() -> None:
    table = text_table("rows", contract("organisation").names)
    assert not_for_publication(contract("organisation"), table).equals(ibis.literal(False))

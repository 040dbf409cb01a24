"""DuckDB and plain Python agree on tables nobody would have thought of."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.generated import GENERATED
from tests.spec.operations import OPERATIONS
from tests.spec.specs import in_order

from xinheng.engines.duck import Duck, duck
from xinheng.engines.reference import Reference

BY_DIRTY_ROWS = {"validation"}
"""The checks are tried on dirty rows: tests/catalogue/checks/test_engines_agree.py."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duck]:
    with duck(tmp_path_factory.mktemp("engine"), threads=1) as engine:
        yield engine


@pytest.mark.parametrize("operation", GENERATED)
def test_duckdb_and_plain_python_agree(engine: Duck, operation: str) -> None:
    @settings(max_examples=25, derandomize=True)
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        asked = data.draw(GENERATED[operation])
        assert in_order(asked.of(engine)) == in_order(asked.of(Reference()))

    agree()


def test_every_operation_is_tried_on_generated_tables() -> None:
    assert set(GENERATED) | BY_DIRTY_ROWS == set(OPERATIONS)

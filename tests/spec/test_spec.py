"""The specification on the engines that are always there. Spark has a file of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.spec.specs import Case, Spec, specs

from xinheng.engines.opening import DUCKDB, REFERENCE, opened
from xinheng.engines.questions import Engine

SPECS = specs()
CASES = [pytest.param(case, id=f"{spec.operation}: {case.title}") for spec in SPECS for case in spec.cases]


@pytest.fixture(scope="module", params=[DUCKDB, REFERENCE])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with opened(request.param, tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.mark.parametrize("case", CASES)
def test_the_engine_answers_as_specified(engine: Engine, case: Case) -> None:
    assert case.answered(engine) == case.wanted()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.operation)
def test_an_operation_is_described_by_several_situations(spec: Spec) -> None:
    assert spec.description
    assert len(spec.cases) > 3


def test_every_file_of_the_specification_is_run() -> None:
    assert {path.stem for path in Path(__file__).parent.glob("*.yaml")} == {spec.operation for spec in SPECS}

"""A county with one penalty of a shop that is public, decided by a market authority whose periods allow repair."""

from collections.abc import Iterator

import pytest
import time_machine
from tests.proceedings.cases import CaseWorld, build
from tests.world import NOW, World


@pytest.fixture
def county(world: World) -> Iterator[CaseWorld]:
    with time_machine.travel(NOW, tick=False):
        yield build(world)

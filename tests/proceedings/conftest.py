"""A county with one penalty of a shop that is public, decided by a market authority whose periods allow repair."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from tests.kept import building, lent
from tests.proceedings.cases import CaseWorld, build
from tests.world import NOW, World

from xinheng.base.home import Home


@pytest.fixture(scope="module")
def kept(module_world: World) -> CaseWorld:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: CaseWorld, home: Home, db: None) -> Iterator[CaseWorld]:
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))

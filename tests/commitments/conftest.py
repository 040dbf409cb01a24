"""A county with one registered shop that has a user of its own; built once for a file of tests."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from tests.commitments.promising import Promising, build
from tests.kept import building, lent
from tests.world import NOW, World

from xinheng.base.home import Home


@pytest.fixture(scope="module")
def kept(module_world: World) -> Promising:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: Promising, home: Home, db: None) -> Iterator[Promising]:
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))

"""A county whose court sent a list, and a program of a hall that checks."""

from dataclasses import replace

import pytest
from tests.checks.counter import Counter, open_counter
from tests.kept import building, lent
from tests.world import World

from xinheng.base.home import Home


@pytest.fixture(scope="module")
def kept_counter(module_world: World) -> Counter:
    with building(module_world) as world:
        return open_counter(world)


@pytest.fixture
def counter(kept_counter: Counter, home: Home, db: None) -> Counter:
    return replace(kept_counter, world=lent(kept_counter.world, home))

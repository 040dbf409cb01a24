"""A county whose court sent a list, and a program of a hall that checks."""

import pytest
from tests.checks.counter import Counter, open_counter
from tests.world import World


@pytest.fixture
def counter(world: World) -> Counter:
    return open_counter(world)

"""A county with the shop and the mill in its register."""

from collections.abc import Iterator

import pytest
import time_machine
from tests.kept import building, lent
from tests.portal.senders import send_files
from tests.world import NOW, World

from xinheng.base.home import Home


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        send_files(module_world)
    return module_world


@pytest.fixture
def county(kept: World, home: Home, db: None) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        yield lent(kept, home)

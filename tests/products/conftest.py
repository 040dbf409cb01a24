"""A county with a shop that was fined and licensed, and a mill with a licence only."""

from collections.abc import Iterator

import pytest
import time_machine
from tests.kept import building, lent
from tests.portal.senders import MILL, licence, send_files
from tests.world import NOW, World, table

from xinheng.base.home import Home


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world) as world:
        send_files(world)
        world.batch(table([licence(7, MILL, "云屿县浮石磨坊有限公司")]), "licence")
    return module_world


@pytest.fixture
def county(kept: World, home: Home, db: None) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        yield lent(kept, home)

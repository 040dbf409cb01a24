"""A county with a shop that was fined and licensed, and a mill with a licence only."""

from collections.abc import Iterator

import pytest
import time_machine
from tests.portal.senders import MILL, licence, send_files
from tests.world import NOW, World, table


@pytest.fixture
def county(world: World) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        send_files(world)
        world.batch(table([licence(7, MILL, "云屿县浮石磨坊有限公司")]), "licence")
        yield world

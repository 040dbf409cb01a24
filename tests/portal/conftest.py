"""A county whose market authority sent files; its pages are asked like a reader asks them, on a fixed day."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from tests.portal.senders import send_files
from tests.world import NOW, World


@pytest.fixture
def county(world: World) -> Iterator[World]:
    """Two registered organisations; the shop has a penalty and a licence, and a person was fined too."""
    with time_machine.travel(NOW, tick=False):
        send_files(world)
        yield world


@pytest.fixture
def page(client) -> Callable[[str], str]:
    """The text of a page that must be there."""

    def get(address: str) -> str:
        response = client.get(address, follow=True)
        assert response.status_code == 200, (address, response.status_code)
        return response.content.decode()

    return get

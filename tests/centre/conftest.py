"""A county in which two organisations have users of their own; built once for a file of tests."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from tests.kept import building, lent
from tests.people.test_organisation_users import MILL, join, word_for
from tests.portal.senders import send_files
from tests.world import NOW, PASSWORD, World

from xinheng.base.home import Home


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    """Two organisations with a penalty and a licence; each has a holder."""
    with building(module_world):
        send_files(module_world)
        join(module_world, "shop.a", word_for(module_world))
        join(module_world, "mill.a", word_for(module_world, MILL), MILL)
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def county(world: World) -> Iterator[World]:
    """The county; the clock stands still."""
    with time_machine.travel(NOW, tick=False):
        yield world


@pytest.fixture
def shop(county: World) -> Client:
    """A browser in which the holder of the shop has logged in."""
    return log_in("shop.a")


def log_in(username: str) -> Client:
    client = Client()
    response = client.post("/centre/login", {"username": username, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()
    return client

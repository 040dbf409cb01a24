"""A county in which two organisations have users of their own."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from tests.people.test_organisation_users import MILL, join, word_for
from tests.portal.senders import send_files
from tests.world import NOW, PASSWORD, World


@pytest.fixture
def county(world: World) -> Iterator[World]:
    """Two organisations with a penalty and a licence; each has a holder. The clock stands still."""
    with time_machine.travel(NOW, tick=False):
        send_files(world)
        join(world, "shop.a", word_for(world))
        join(world, "mill.a", word_for(world, MILL), MILL)
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

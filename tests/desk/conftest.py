"""A county whose market authority sent files, and officers who log in and work at the desk."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from tests.kept import building
from tests.portal.senders import send_files
from tests.world import NOW, World

from xinheng.people.models import User


@pytest.fixture
def office(world: World) -> Iterator[World]:
    """The county without records; the clock stands still."""
    with time_machine.travel(NOW, tick=False):
        yield world


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    """The same county, built once for a file whose tests all want it; its `world` lends it out."""
    with building(module_world):
        send_files(module_world)
    return module_world


@pytest.fixture
def county(office: World) -> World:
    """The county with two organisations, a penalty and a licence."""
    send_files(office)
    return office


@pytest.fixture
def at_desk(office: World) -> Callable[[str], Client]:
    """A browser in which that officer has logged in, with a password of her own."""

    def log_in(username: str) -> Client:
        client = Client()
        User.objects.filter(username=username).update(must_change_password=False)
        client.force_login(office.officer(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in

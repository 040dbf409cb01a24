"""A county whose market authority has a program of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from tests.kept import building, lent
from tests.portal.senders import send_files
from tests.world import MARKET, NOW, SYSTEM, World

from xinheng.base.home import Home
from xinheng.people.actions import create_api_client

SECRET_HEADER = "Authorization"


@dataclass
class Program:
    """A caller of the API with its secret."""

    client: Client
    secret: str

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{address}", query, headers={SECRET_HEADER: f"Bearer {self.secret}"})

    def post(self, address: str, data: dict[str, Any], key: str = "") -> Any:
        headers = {SECRET_HEADER: f"Bearer {self.secret}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1{address}", data, headers=headers)


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    """Two registered organisations; the shop has a penalty and a licence, and a person was fined too."""
    with building(module_world):
        send_files(module_world)
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def county(world: World) -> Iterator[World]:
    """The county with its records; the clock stands still, and nobody has called yet."""
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield world


@pytest.fixture
def program(world: World, client: Client) -> Callable[..., Program]:
    """Register a program of a department; by default the market authority's, which may read and submit."""

    def register(department: str = MARKET.code, scopes: tuple[str, ...] = ("read", "submit")) -> Program:
        _, secret = create_api_client(
            name="业务系统", department=world.department(department), scopes=scopes, by=SYSTEM, now=NOW
        )
        return Program(client, secret)

    return register


@pytest.fixture
def ask(client: Client) -> Callable[..., Any]:
    """Call as anybody does."""

    def get(address: str, **query: Any) -> Any:
        return client.get(f"/api/v1{address}", query)

    return get

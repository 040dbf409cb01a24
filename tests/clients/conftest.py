"""A county at its counter, served on this machine, and the secret of a hall's program."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from tests.browser.site import serving
from tests.checks.counter import Counter, open_counter
from tests.served import committed_database
from tests.world import MARKET, NOW, SYSTEM, build_world

from xinheng.base.home import Home
from xinheng.base.postgres import DatabaseAccess, ServerAddress
from xinheng.checks.keys import ensure_check_key, key_set
from xinheng.people.actions import create_api_client
from xinheng_client import Keys, Patience, Platform

IMPATIENT = Patience(connect=2, answer=10, retries=2, longest_pause=2)


@dataclass(frozen=True)
class Served:
    """The county of `counter` at `url`; one company is listed and restrained."""

    counter: Counter
    url: str
    secret: str
    keys: Keys

    def platform(self, url: str = "", patience: Patience = IMPATIENT) -> Platform:
        """The platform as a hall's program calls it."""
        return Platform.at(url or self.url, secret=self.secret, keys=self.keys, patience=patience)


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One home for the served county, in place of a home for every test."""
    made = Home(tmp_path_factory.mktemp("clients") / "home")
    made.prepare()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", made)
        patch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(made.tmp))
        yield made


@pytest.fixture(scope="module")
def committed(
    database_server: ServerAddress, template_database: str, django_db_setup: None, django_db_blocker: object
) -> Iterator[DatabaseAccess]:
    """A database of its own: the server's threads see only what is committed."""
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        committed_database(database_server, f"clients_{os.getpid()}", template_database) as access,
    ):
        yield access


@pytest.fixture(scope="module")
def served(home: Home, committed: DatabaseAccess) -> Iterator[Served]:
    """The county, served; its clock begins on 2026-11-21 and runs."""
    with time_machine.travel(NOW, tick=True):
        cache.clear()
        counter = open_counter(build_world(home))
        counter.publish_measures()
        counter.restrain()
        _, secret = create_api_client(
            name="办事大厅", department=counter.world.department(MARKET.code), scopes=("check",), by=SYSTEM, now=NOW
        )
        ensure_check_key(home)
        with serving() as url:
            yield Served(counter, url, secret, Keys.of(key_set(home)))


@pytest.fixture
def platform(served: Served) -> Iterator[Platform]:
    with served.platform() as made:
        yield made

"""Two workers at the same moment, on connections of their own: what follows from an entry follows once."""

import os
import threading
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection, connections
from tests.measures.engine_world import NOW, SHOP, Engine, build, entry
from tests.world import build_world

from xinheng.base.home import Home
from xinheng.base.postgres import ServerAddress, drop_database, ensure_database
from xinheng.effects.actions import sequence_feed
from xinheng.effects.models import Effect
from xinheng.measures.engine import follow, work_through
from xinheng.measures.models import MeasureTask, Notice


@pytest.fixture
def county(
    database_server: ServerAddress, template_database: str, django_db_setup: None, django_db_blocker, home: Home
) -> Iterator[Engine]:
    """A county in a database of its own: threads see only what is committed."""
    name = f"engine_at_once_{os.getpid()}"
    access = ensure_database(database_server, name, template=template_database)
    before = {alias: dict(connections.settings[alias]) for alias in ("default", "owner")}
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        _point_at({"default": access.app.django(), "owner": access.owner.django()})
        yield build(build_world(home))
        _point_at(before)
    drop_database(database_server, name)


def _point_at(addresses: dict[str, dict[str, object]]) -> None:
    for alias, address in addresses.items():
        connections[alias].close()
        connections.settings[alias].update(address)
        connections[alias].settings_dict.update(address)


def at_once(acts: list) -> None:
    start, failed = threading.Barrier(len(acts)), list[BaseException]()

    def run(act) -> None:
        start.wait()
        try:
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_what_follows_follows_once(county: Engine) -> None:
    county.deliver(entry())
    sequence_feed(now=county.now)
    at_once([lambda: follow(now=NOW), lambda: follow(now=NOW), lambda: work_through(record_nos=None, now=NOW)])
    assert (Notice.objects.count(), Effect.objects.filter(kind="listing").count()) == (1, 1)
    county.serve()
    tasks = MeasureTask.objects.count()
    at_once([lambda: work_through(record_nos=None, now=NOW)] * 3)
    assert len(county.effects("restraint", SHOP)) == 3
    assert MeasureTask.objects.count() == tasks > 0

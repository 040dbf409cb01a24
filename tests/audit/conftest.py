"""A database of its own, where transactions really commit and the owner can be imitated."""

import itertools
import os
from collections.abc import Iterator

import pytest
from django.db import connections

from xinheng.audit.checkpoints import make_signing_key
from xinheng.base.home import Home
from xinheng.base.postgres import ServerAddress, drop_database, ensure_database

_numbers = itertools.count(1)


@pytest.fixture
def committed(
    database_server: ServerAddress, template_database: str, django_db_setup, django_db_blocker, home: Home
) -> Iterator[None]:
    name = f"audit_{os.getpid()}_{next(_numbers)}"
    access = ensure_database(database_server, name, template=template_database)
    addresses = {"default": access.app.django(), "owner": access.owner.django()}
    before = {alias: dict(connections[alias].settings_dict) for alias in addresses}
    make_signing_key(home)
    with django_db_blocker.unblock():
        for alias, address in addresses.items():
            connections[alias].close()
            connections[alias].settings_dict.update(address)
        yield
        for alias, settings in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update(settings)
    drop_database(database_server, name)

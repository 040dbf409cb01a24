"""A database where transactions commit, for tests whose county is served to other threads or processes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from xinheng.base.postgres import DatabaseAccess, ServerAddress, drop_database, ensure_database
from xinheng.checks import answers


@contextmanager
def committed_database(server: ServerAddress, name: str, template: str) -> Iterator[DatabaseAccess]:
    """A clone of the template under that name, which this process uses meanwhile; dropped at the end."""
    access = ensure_database(server, name, template=template)
    addresses = {"default": access.app.django(), "owner": access.owner.django()}
    before = {alias: dict(connections.settings[alias]) for alias in addresses}
    _point_at(addresses)
    yield access
    _point_at(before)
    drop_database(server, name)


def _point_at(addresses: dict[str, dict[str, object]]) -> None:
    """Threads yet to come take `connections.settings`; ours has its connection already.

    What checks keep of rows that never change is kept by number, and another database numbers anew.
    """
    for kept in vars(answers).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
    for alias, address in addresses.items():
        connections[alias].close()
        connections.settings[alias].update(address)
        connections[alias].settings_dict.update(address)

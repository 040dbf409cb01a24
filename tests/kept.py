"""A county that is built once for a file of tests, and that each of them finds as it was built."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import time_machine
from django.db import transaction
from django.test import override_settings
from tests.world import World, build_world

from xinheng.base.home import Home


@contextmanager
def kept_world(home: Home) -> Iterator[World]:
    """The county in a transaction that stays open; the tests' own transactions are nested in it and rolled back."""
    home.prepare()
    block = transaction.atomic()
    block._from_testcase = True  # as Django marks its own, so that durable blocks may stand inside
    with block:
        with override_settings(HOME=home):
            world = build_world(home)
        yield world
        transaction.set_rollback(True)


@contextmanager
def building(world: World) -> Iterator[World]:
    """Add to the county what all tests of the file shall find; the clock stands at the county's time."""
    with override_settings(HOME=world.home), time_machine.travel(world.now, tick=False):
        yield world


def lent(world: World, home: Home) -> World:
    """The county for one test, which may do to the files what it likes: they are copies in its own home."""
    shutil.copytree(world.home.root, home.root, dirs_exist_ok=True)
    return replace(world, home=home)

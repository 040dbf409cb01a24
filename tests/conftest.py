"""One real PostgreSQL for the whole run: a migrated template, cloned once per process.

The cluster is kept between runs under `XINHENG_TEST_HOME` (default `var/test`); the template's name carries a
digest of all migrations, so that it is rebuilt exactly when one of them changes.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections
from hypothesis import settings as hypothesis_settings

from xinheng.base.home import Home
from xinheng.base.postgres import DatabaseAccess, Lease, ServerAddress, drop_database, ensure_database

ROOT = Path(__file__).resolve().parent.parent
TEST_HOME = Home(Path(os.environ.get("XINHENG_TEST_HOME", ROOT / "var" / "test")).absolute())
REAL_DATA = Path(os.environ.get("XINHENG_REALDATA", ROOT.parent / "shared" / "data"))


def pytest_configure() -> None:
    # A busy machine is no failure: nothing is judged by the clock.
    hypothesis_settings.register_profile("xinheng", deadline=None)
    hypothesis_settings.load_profile("xinheng")
    django_settings.PASSWORD_HASHERS = ["tests.quick_argon2.QuickArgon2"]
    # What is written anew where it is missing is written once for all homes.
    Home.cache = property(lambda home: TEST_HOME.root / "cache")  # type: ignore[assignment, method-assign]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("realdata") and not REAL_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"no real data at {REAL_DATA}"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    return REAL_DATA


@pytest.fixture(scope="session")
def database_server() -> Iterator[ServerAddress]:
    """The run's server, shared by all worker processes; the last one to leave stops it."""
    TEST_HOME.prepare()
    with Lease(TEST_HOME, unsafe_fast=True) as address:
        yield address


def use_database(access: DatabaseAccess) -> None:
    """Point Django at a database, also where a connection object was made before."""
    for alias, address in (("default", access.app), ("owner", access.owner)):
        connections.settings[alias].update(address.django())
        connections[alias].settings_dict.update(address.django())


def _migrations_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "xinheng").glob("*/migrations/*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def template_database(database_server: ServerAddress, django_db_blocker) -> str:
    """A migrated, empty database that others are cloned from."""
    name = f"template_{_migrations_digest()}"
    marker = TEST_HOME.root / f"{name}.ready"
    with _one_at_a_time(TEST_HOME.root / "template.lock"):
        if not marker.exists():
            drop_database(database_server, name)
            use_database(ensure_database(database_server, name))
            with django_db_blocker.unblock():
                call_command("migrate", database="owner", interactive=False, verbosity=0)
                for alias in ("owner", "default"):
                    connections[alias].close()
            marker.touch()
    return name


@pytest.fixture(scope="session")
def django_db_setup(database_server: ServerAddress, template_database: str, django_db_blocker) -> Iterator[None]:
    name = f"test_{os.getpid()}"
    use_database(ensure_database(database_server, name, template=template_database))
    yield
    with django_db_blocker.unblock():
        for alias in ("owner", "default"):
            connections[alias].close()
    drop_database(database_server, name)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Home:
    """A home of its own for every test."""
    home = Home(tmp_path / "home")
    home.prepare()
    settings.HOME = home
    settings.FILE_UPLOAD_TEMP_DIR = str(home.tmp)
    return home


@pytest.fixture
def pack() -> str:
    return str(django_settings.PACK)


@pytest.fixture(scope="module")
def module_world(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory):
    """A county for a whole file of tests: add to it with `building`, and give it out with `lent` as `world`.

    Tests of the same file that need a database without a county cannot stand beside it.
    """
    from tests.kept import kept_world

    with django_db_blocker.unblock(), kept_world(Home(tmp_path_factory.mktemp("kept") / "home")) as world:
        yield world


@pytest.fixture
def world(home: Home, db):
    """A county with three departments and four officers, and no records yet."""
    from tests.world import build_world

    return build_world(home)

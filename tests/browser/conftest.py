"""A Chromium and a served county for all tests of this folder; without a Chromium they are skipped, and say so."""

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from tests.browser.fonts import fontconfig_for_tests
from tests.browser.site import Site, fill, serving
from tests.served import committed_database
from tests.world import NOW, PASSWORD, build_world
from tools.chromium import find

from xinheng.base.home import Home
from xinheng.base.postgres import ServerAddress

HERE = Path(__file__).resolve().parent
YEARS_LATER = "test_joint_discipline.py"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The served county has a database of its own until the run ends: nothing else may come after it. Its plays move
    # its clock, which cannot go back: the one that plays years later is the last.
    items.sort(key=lambda item: (HERE in item.path.parents, item.path.name == YEARS_LATER))
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            if find() is None:
                item.add_marker(pytest.mark.skip(reason="没有找到 Chromium：请运行 python tools/chromium.py --install"))


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One home for the served county, in place of a home for every test."""
    made = Home(tmp_path_factory.mktemp("browser") / "home")
    made.prepare()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", made)
        patch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(made.tmp))
        yield made


@pytest.fixture(scope="session")
def committed(
    database_server: ServerAddress, template_database: str, django_db_setup: None, django_db_blocker: object
) -> Iterator[None]:
    """A database of its own: the server's threads see only what is committed."""
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        committed_database(database_server, f"browser_{os.getpid()}", template_database),
    ):
        yield


@pytest.fixture(scope="session")
def site(home: Home, committed: None) -> Iterator[Site]:
    """The county, served; its clock begins on 2026-11-21 and runs."""
    with time_machine.travel(NOW, tick=True):
        made = fill(build_world(home))
        with serving() as url:
            yield dataclasses.replace(made, url=url)


@pytest.fixture(scope="session")
def browser(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium; begun after the county is built, for Django refuses its database beside Playwright's loop."""
    fonts = fontconfig_for_tests(tmp_path_factory.mktemp("fonts"))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS, env={**os.environ, **fonts})
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """A citizen at a desk-wide window."""
    context = browser.new_context(viewport={"width": 1360, "height": 900}, base_url=site.url)
    yield context
    context.close()


@pytest.fixture(scope="session")
def logged_in(site: Site, browser: Browser) -> dict[str, object]:
    """The state of a browser in which the credit office's officer has logged in and named a purpose."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/desk/login?next=/desk/purpose")
    page.fill("[name=username]", "lin.xinyu")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.check("[name=purpose][value=quality]")
    page.fill("[name=note]", "核对回执")
    page.click("main button[type=submit]")
    state = context.storage_state()
    context.close()
    return dict(state)

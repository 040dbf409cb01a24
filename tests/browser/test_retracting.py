"""Another process reads with its own key, is told to remove, and says so; the desk and a report's reader see it."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from django.db import connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext
from tests.browser.site import Site
from tests.portal.senders import MILL
from tests.world import MARKET, SYSTEM

from xinheng.base.clock import today
from xinheng.base.scope import PUBLIC
from xinheng.effects.actions import end_effects
from xinheng.effects.models import EndReason, Retraction
from xinheng.effects.queries import published_of
from xinheng.people.actions import create_api_client
from xinheng.people.models import Department, User
from xinheng.products.actions import Issued, issue_report
from xinheng.register.queries import organisation

T = TypeVar("T")
READER = Path(__file__).with_name("retraction_reader.py")


def run(site: Site, secret: str, *words: str) -> int:
    done = subprocess.run(
        [sys.executable, str(READER), site.url, secret, *words], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)


def aside(work: Callable[[], T]) -> T:
    """Done in a thread of its own: Django refuses its database beside Playwright's loop."""

    def whole() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(whole).result()


def make_secret() -> str:
    _, made = create_api_client(
        name="另一进程",
        department=Department.objects.get(code=MARKET.code),
        scopes=("read",),
        by=SYSTEM,
        now=timezone.now(),
    )
    return made


def issue() -> Issued:
    now = timezone.now()
    return issue_report(credit_code=MILL, kind="plain", by=SYSTEM, now=now, today=today(now), purpose="招标投标")


def uphold() -> int:
    """An objection to all penalties of the mill is upheld; how many there were."""
    now = timezone.now()
    records = published_of(PUBLIC, organisation(PUBLIC, MILL).id, as_at=today(now), type="penalty")
    numbers = [one.effect_id for one in records]
    return end_effects(
        effect_ids=numbers, reason=EndReason.OBJECTION_UPHELD, why="异议成立", by=SYSTEM, now=now, today=today(now)
    )


def session() -> str:
    """The session of the credit office's officer, begun without the page."""
    client = Client()
    client.force_login(User.objects.get(username="lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def still_open() -> int:
    return Retraction.objects.filter(recipient__name__contains="另一进程", confirmed_at=None).count()


def test_a_process_with_its_own_key_pulls_and_acknowledges(site: Site, visitor: BrowserContext) -> None:
    secret, issued = aside(make_secret), aside(issue)
    assert run(site, secret, "pull", f"/organisations/{MILL}/records") > 0

    ended = aside(uphold)

    assert aside(still_open) == ended > 0
    visitor.add_cookies([{"name": "sessionid", "value": aside(session), "url": site.url}])
    page = visitor.new_page()
    page.goto("/desk/retractions")
    assert page.get_by_role("link", name="另一进程").first.is_visible()
    assert run(site, secret, "acknowledge") == ended
    assert aside(still_open) == 0

    page.goto("/reports/verify")
    page.get_by_label("报告编号").fill(issued.number)
    page.get_by_role("button", name="核验编号").click()
    assert page.get_by_text("内容已更新，请重新获取").is_visible()
    assert page.get_by_text("异议成立").count() == 0

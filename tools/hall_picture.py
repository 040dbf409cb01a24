"""The picture of the pretend service hall, for `tools/screenshots.py`; imported once Django is set up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

from pretend_hall.business import read_offer
from pretend_hall.server import HERE, Hall
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.effects.models import Effect, Kind, MeasureTerms
from xinheng.people.actions import create_api_client
from xinheng.people.models import Department
from xinheng.register.models import Organisation
from xinheng_client import Platform

DEPARTMENT, MEASURE = "11990001000009515R", "D-3"
"""The approval bureau of the demo county, and the measure that belongs to what its hall takes in."""


def photograph_hall(url: str, folder: Path, browser: Browser, window: ViewportSize) -> Path:
    """The pretend service hall beside the county: a listed company asks for a licence."""
    with ThreadPoolExecutor(1) as aside:  # Playwright keeps this thread, and Django would refuse it
        code, secret = aside.submit(prepare).result()
    with Platform.at(url, secret="") as open_to_all:
        keys = open_to_all.published_keys()
    with Platform.at(url, secret=secret, keys=keys) as platform:
        hall = Hall(0, platform=platform, keys=keys, offer=read_offer(HERE / "business.toml"))
        threading.Thread(target=hall.serve_forever, daemon=True).start()
        context = browser.new_context(viewport=window, base_url=f"http://127.0.0.1:{hall.server_port}")
        page = context.new_page()
        page.goto("/")
        page.get_by_label("统一社会信用代码").fill(code)
        page.keyboard.press("Enter")
        page.get_by_text("签名核验通过").wait_for()
        file = folder / "hall-check.png"
        page.screenshot(path=file)
        context.close()
        hall.shutdown()
        hall.server_close()
    return file


def prepare() -> tuple[str, str]:
    """The company that asks, and the secret of the hall's program."""
    department = Department.objects.get(code=DEPARTMENT)
    by = Actor.system("截图")
    _, secret = create_api_client(
        name="政务服务大厅（截图）", department=department, scopes=("check",), by=by, now=clock.now()
    )
    return measured_company(), secret


def measured_company() -> str:
    """The code of a company that a measure for the hall's item is in force for."""
    terms = MeasureTerms.objects.filter(measure_key=MEASURE).values("pk")
    inside = Effect.objects.filter(kind=Kind.RESTRAINT, terms_id__in=terms, ended_at=None, starts__lte=clock.today())
    return str(Organisation.objects.filter(pk__in=inside.values("subject_no")).order_by("pk")[0].credit_code)

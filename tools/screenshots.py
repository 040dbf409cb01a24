"""Takes the pictures of `docs/screenshots/` over a loaded demo county: `python tools/screenshots.py [--home DIR]`.

Serves that home's website on a free port of this machine, photographs it with the Chromium of `tools/chromium.py`,
and stops it again. `xinheng demo load --scale 0.03` makes a county large enough.
"""

import argparse
import importlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), *(str(ROOT / "clients" / one) for one in ("python/src", "hall"))]

from bench.pages import served  # noqa: E402 - the repository's own folders are reached from its root
from tests.browser.fonts import fontconfig_for_tests  # noqa: E402 - the same
from tools.chromium import find  # noqa: E402 - the same

from xinheng.base.home import Home  # noqa: E402 - after the folders above
from xinheng.site.boot import boot  # noqa: E402 - after the folders above

OFFICER = "lin.xinyu"
CLERK = "he.shuo"
ORGANISATION_USER = "jingban.yi"
DESK: ViewportSize = {"width": 1360, "height": 960}
PHONE: ViewportSize = {"width": 390, "height": 844}
PHONE_DESK = {"desk-receipt": "desk-receipt-phone", "desk-review-link": "desk-review-phone"}
OPEN_FIRST_BASIS_AND_DECISION = """all => {
  const branches = [...all[0].querySelectorAll(':scope > .detail > ul > li > details')];
  const last = branches.at(-1);
  for (const one of [all[0], branches[0], last, ...last.querySelectorAll('details')]) one.open = true;
}"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]


def photograph(url: str, password: str, folder: Path, browser: Browser) -> list[Path]:
    """All pictures, into `folder`."""
    public = browser.new_context(viewport=DESK, base_url=url)
    shown = find_examples(public.new_page())
    addresses = {
        "portal-home": "/",
        "portal-search": f"/search?q={shown['word']}",
        "portal-organisation": f"/organisations/{shown['organisation']}",
        "portal-why": f"/records/{shown['record']}/why",
        "portal-publicity-list": "/publicity/penalty",
        "portal-statistics": "/statistics",
        "portal-objection": f"/objection?record={shown['record']}",
        "portal-measures": "/measures",
    }
    made = [take(public.new_page(), address, folder / f"{name}.png") for name, address in addresses.items()]
    public.close()
    phone = browser.new_context(viewport=PHONE, base_url=url, device_scale_factor=2)
    for name in ("portal-home", "portal-search", "portal-organisation"):
        made.append(take(phone.new_page(), addresses[name], folder / f"{name}-phone.png"))
    phone.close()
    return made + photograph_desk(url, password, folder, browser)


def photograph_desk(url: str, password: str, folder: Path, browser: Browser) -> list[Path]:
    """The pictures an officer sees."""
    office = browser.new_context(viewport=DESK, base_url=url)
    page = office.new_page()
    log_in(page, password)
    page.goto("/desk/batches")
    receipts = page.eval_on_selector_all("main a[href*='/desk/batches/']", "links => links.map(a => a.pathname)")
    addresses = {
        "desk-start": "/desk/",
        "desk-upload": "/desk/upload",
        "desk-receipt": faultiest(page, [one for one in dict.fromkeys(receipts) if one[-1].isdigit()]),
        "desk-reviews": "/desk/reviews",
        "desk-review-link": first(page, "/desk/reviews?kind=link", "/desk/reviews/"),
        "desk-identifiers": "/desk/identifiers",
        "desk-identifier": first(page, "/desk/identifiers?kind=name_codes", "/desk/identifiers/"),
        "desk-authorisations": "/desk/authorisations",
        "desk-authorisation": first(page, "/desk/authorisations", "/desk/authorisations/"),
        "desk-quality": "/desk/quality",
        "desk-check": "/desk/checks",
        "desk-measure-notices": "/desk/measure-notices?show=served",
        "desk-measure-tasks": "/desk/measure-tasks?show=late",
        "desk-measure-figures": "/desk/measure-figures",
        "desk-listed": "/desk/listed",
        "desk-commitments": "/desk/commitments",
        "desk-quality-department": busiest(page),
    }
    made = [take(page, address, folder / f"{name}.png") for name, address in addresses.items()]
    state: StorageState = office.storage_state()
    office.close()
    phone = browser.new_context(viewport=PHONE, base_url=url, device_scale_factor=2, storage_state=state)
    for name, file in PHONE_DESK.items():
        made.append(take(phone.new_page(), addresses[name], folder / f"{file}.png"))
    phone.close()
    return made


def photograph_cases(url: str, passwords: Mapping[str, str], folder: Path, browser: Browser) -> list[Path]:
    """An organisation objects to a record of its own, and the credit office finds the case in its queue."""
    centre = browser.new_context(viewport=DESK, base_url=url)
    page = centre.new_page()
    page.goto("/centre/login")
    enter(page, ORGANISATION_USER, passwords[ORGANISATION_USER])
    page.wait_for_url(re.compile("/centre/$"))
    look_over(url, passwords, page, browser)
    made = [take(page, "/centre/", folder / "centre-archive.png")]
    made.append(take(page, "/centre/authorisations", folder / "centre-authorisations.png"))
    made.append(take(page, "/centre/readers", folder / "centre-readers.png"))
    made.append(take(page, "/centre/declarations", folder / "centre-declarations.png"))
    page.goto("/centre/")
    page.locator("a[href*='/cases/new/objection/']").first.click()
    page.select_option("main select[name$=ground]", "wrong")
    page.fill("main textarea[name$=statement]", "金额与决定书不一致，请核对决定书第二页。")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/centre/cases/\d+"))
    made.append(take(page, page.url, folder / "centre-case.png"))
    centre.close()
    office = browser.new_context(viewport=DESK, base_url=url)
    page = office.new_page()
    log_in(page, passwords[OFFICER])
    made.append(take(page, "/desk/cases", folder / "desk-cases.png"))
    page.locator("main a[href*='/desk/cases/']").filter(has_text="信异").first.click()
    made.append(take(page, page.url, folder / "desk-case.png"))
    made.append(take(page, "/desk/retractions", folder / "desk-retractions.png"))
    office.close()
    return made


def photograph_corrections(url: str, passwords: Mapping[str, str], folder: Path, browser: Browser) -> Path:
    """What a department applied after a check, and must put right."""
    office = browser.new_context(viewport=DESK, base_url=url)
    page = office.new_page()
    log_in(page, passwords[CLERK], CLERK)
    made: Path = importlib.import_module("tools.counter_pictures").correct(page, folder, take)
    office.close()
    return made


def look_over(url: str, passwords: Mapping[str, str], own: Page, browser: Browser) -> None:
    """The credit office looks at the organisation whose own page is open."""
    office = browser.new_context(viewport=DESK, base_url=url)
    page = office.new_page()
    log_in(page, passwords[OFFICER])
    code = own.locator("main .code").first.inner_text()
    importlib.import_module("tools.counter_pictures").look_and_check(page, code)
    office.close()


def first(page: Page, address: str, below: str) -> str:
    """The first of a list: what its page leads to below this path."""
    page.goto(address)
    links = page.eval_on_selector_all(f"main a[href*='{below}']", "links => links.map(a => a.pathname)")
    numbered = [one for one in links if one[-1].isdigit()]
    if not numbered:
        raise SystemExit(f"{address} lists nothing.")
    return str(numbered[0])


def busiest(page: Page) -> str:
    """The market authority over a year: it sends files every few days and counts its acts."""
    page.goto("/desk/quality")
    link = page.get_by_role("link", name="云屿县市场监督管理局").first.get_attribute("href")
    if link is None:
        raise SystemExit("The market authority has no page of its own.")
    return link


def find_examples(page: Page) -> Mapping[str, str]:
    """An organisation with several kinds of records, its penalty, and a word many names have."""
    page.goto("/publicity/penalty")
    links = page.eval_on_selector_all("a[href^='/organisations/']", "links => links.map(a => a.pathname)")

    def wealth(address: str) -> tuple[int, int]:
        page.goto(address)
        kinds = page.eval_on_selector_all(".record .kind", "all => all.map(e => e.textContent)")
        return len(set(kinds)), -abs(page.locator(".record").count() - 6)

    best = max(list(dict.fromkeys(links))[:8], key=wealth)
    page.goto(best)
    record = re.search(r"record=(\w+)", page.content())
    if record is None:
        raise SystemExit(f"{best} shows no penalty.")
    return {"organisation": best.rpartition("/")[2], "record": record[1], "word": "茶业"}


def faultiest(page: Page, batches: list[str]) -> str:
    """The receipt of the batch that shows most groups of errors."""

    def groups(address: str) -> int:
        page.goto(f"{address}/receipt")
        return page.locator("a[href*='code=']").count()

    return f"{max(batches, key=groups)}/receipt"


def log_in(page: Page, password: str, username: str = OFFICER) -> None:
    """As an officer of the demo, one of the credit office unless named."""
    page.goto("/desk/login")
    enter(page, username, password)
    page.wait_for_url(re.compile("/desk/$"))


def enter(page: Page, username: str, password: str) -> None:
    page.fill("main [name=username]", username)
    page.fill("main [name=password]", password)
    page.click("main button[type=submit]")


def take(page: Page, address: str, file: Path) -> Path:
    """One picture of what the window shows."""
    page.goto(address, wait_until="networkidle")
    whole = address.endswith("/why")
    if whole:
        page.locator(".why details").evaluate_all(OPEN_FIRST_BASIS_AND_DECISION)
    page.screenshot(path=file, full_page=whole)
    return file


def main() -> None:
    """Serve, photograph, stop."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--home", type=Path, default=Home.from_environment().root)
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    given = options.parse_args()
    chromium = find()
    if chromium is None:
        raise SystemExit("没有找到 Chromium：请运行 python tools/chromium.py --install")
    home = boot(Home(given.home.absolute()))
    logins = json.loads((home.keys / "demo-logins.json").read_text(encoding="utf-8"))
    passwords = {one["username"]: one["password"] for one in logins}
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, served(home) as (url, _), sync_playwright() as playwright:
        fonts = fontconfig_for_tests(Path(scratch))
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS, env={**os.environ, **fonts})
        made = photograph(url, passwords[OFFICER], given.out, browser)
        made += photograph_cases(url, passwords, given.out, browser)
        made.append(photograph_corrections(url, passwords, given.out, browser))
        # Models can only be imported once Django is set up, which `boot` has just done.
        made.append(importlib.import_module("tools.hall_picture").photograph_hall(url, given.out, browser, DESK))
        print(*made, sep="\n")
        browser.close()


if __name__ == "__main__":
    main()

"""Every page of the public site and the main pages of the desk, as readers see them, on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage
from tests.browser.looking import different_glyphs, different_lines, grave_faults, sideways, squeezed
from tests.browser.site import Site

WIDTHS = {"desk": 1360, "phone": 390}
WORDS = "信衡公示行政处罚许可异议修复云屿"

PUBLIC = {
    "home": "/",
    "search": "/search?q=浮光",
    "search-nothing": "/search?q=无此单位",
    "search-empty": "/search",
    "organisation": "/organisations/{organisation}",
    "record": "/records/{record}",
    "why": "/records/{record}/why",
    "publicity": "/publicity",
    "publicity-penalty": "/publicity/penalty",
    "publicity-licence": "/publicity/licence?month=2026-11",
    "publicity-nothing": "/publicity/award",
    "catalogue": "/catalogue",
    "contract": "/catalogue/penalty",
    "law": "/law",
    "law-text": "/law/order-36-2025",
    "rights": "/rights",
    "objection": "/objection?record={record}",
    "objection-all": "/objection",
    "repair": "/repair?record={record}",
    "statistics": "/statistics",
    "policies": "/policies",
    "education": "/education",
    "login": "/desk/login",
}
DESK = {
    "check-files": "/desk/checks/files",
    "checks": "/desk/checks",
    "start": "/desk/",
    "upload": "/desk/upload",
    "deliveries": "/desk/deliveries",
    "batches": "/desk/batches",
    "batch": "/desk/batches/{batch}",
    "receipt": "/desk/batches/{batch}/receipt",
    "entry": "/desk/records/new?type=penalty",
    "find": "/desk/records/find",
    "record": "/desk/records/{record}",
    "takedowns": "/desk/takedowns",
    "archives": "/desk/archives?q=浮光",
    "archive": "/desk/archives/{organisation}",
    "reviews": "/desk/reviews",
    "review": "/desk/reviews/{review}",
    "quality": "/desk/quality",
    "exchange": "/desk/exchange",
    "departments": "/desk/departments",
    "styleguide": "/desk/styleguide",
}


def look(browser: Browser, site: Site, address: str, file: Path, width: int, **context: Any) -> None:
    """Open one page, keep its picture, and find no fault with it."""
    window = browser.new_context(viewport={"width": width, "height": 900}, base_url=site.url, **context)
    page = window.new_page()
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
    try:
        target = address.format(
            organisation=site.organisation, record=site.record, batch=site.batch, review=site.review
        )
        response = page.goto(target, wait_until="load")
        assert response is not None
        assert response.status == 200
        assert "/desk/login" not in page.url or address == PUBLIC["login"]
        picture = page.screenshot(path=file, full_page=True)
        assert file.stat().st_size > 0
        assert different_lines(picture) > 100
        assert sideways(page) == 0
        assert squeezed(page) == []
        assert grave_faults(page) == []
        assert complaints == []
    finally:
        window.close()


@pytest.mark.parametrize("device", WIDTHS)
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_reads_well(browser, site, tmp_path, name, device):
    look(browser, site, PUBLIC[name], tmp_path / f"{name}-{device}.png", WIDTHS[device])


@pytest.mark.parametrize("device", WIDTHS)
@pytest.mark.parametrize("name", DESK)
def test_a_page_of_the_desk_reads_well(browser, site, logged_in, tmp_path, name, device):
    look(browser, site, DESK[name], tmp_path / f"{name}-{device}.png", WIDTHS[device], storage_state=logged_in)


@pytest.mark.parametrize("switch", ["large_text", "high_contrast"])
@pytest.mark.parametrize("name", ["home", "organisation", "publicity-penalty"])
def test_a_page_reads_well_with_the_switches_of_the_head(browser, site, tmp_path, name, switch):
    cookies = {"cookies": [{"name": switch, "value": "1", "url": site.url}]}
    for device, width in WIDTHS.items():
        look(browser, site, PUBLIC[name], tmp_path / f"{name}-{switch}-{device}.png", width, storage_state=cookies)


def test_chinese_characters_are_drawn_and_differ_from_one_another(visitor):
    page = visitor.new_page()
    page.goto("/")
    assert different_glyphs(page, WORDS) == len(set(WORDS)) + 1

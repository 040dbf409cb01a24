"""Ways through the site: by keyboard alone, without scripts, and with a file in hand."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.site import Site
from tests.portal import senders
from tests.world import table


@pytest.fixture
def page(visitor) -> Page:
    return visitor.new_page()


def test_the_first_tab_offers_to_skip_to_the_text(page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_a_search_is_sent_with_enter_and_leads_to_the_organisation(page):
    page.goto("/")
    page.locator("main input[name=q]").first.focus()
    page.keyboard.type("浮光")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    hit = page.get_by_role("link", name=senders.SHOP_NAME).first
    hit.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(senders.SHOP_NAME)


def test_choosing_a_month_narrows_the_list(page):
    page.goto("/publicity/licence")
    page.select_option("#month", "2026-11")
    page.wait_for_url(re.compile("month=2026-11"))
    expect(page.get_by_text(senders.SHOP_NAME).first).to_be_visible()


def test_large_text_is_switched_on_and_stays_on_the_next_page(page):
    page.goto("/")
    page.get_by_role("button", name="大字版").click()
    page.goto("/rights")
    expect(page.get_by_role("button", name="大字版")).to_have_attribute("aria-pressed", "true")


def test_search_works_without_scripts(browser: Browser, site: Site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("main input[name=q]").first.fill("浮光")
    page.locator("main form[action='/search'] button").first.click()
    expect(page.get_by_role("link", name=senders.SHOP_NAME).first).to_be_visible()
    context.close()


def test_a_list_is_narrowed_without_scripts(browser: Browser, site: Site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/publicity/licence")
    page.select_option("#month", "2026-11")
    page.locator("main form:has(#month) button").first.click()
    assert "month=2026-11" in page.url
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_sent_with_and_without_scripts(browser: Browser, site: Site, logged_in, scripts):
    context = browser.new_context(base_url=site.url, storage_state=logged_in, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/desk/upload")
    page.select_option("[name=type]", "penalty")
    page.select_option("[name=department]", label="云屿县市场监督管理局")
    content = table([senders.penalty(900 + scripts)]).encode()
    page.set_input_files("[name=file]", {"name": "处罚.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url(re.compile("/desk/deliveries/"))
    expect(page.get_by_text("处罚.csv").first).to_be_visible()
    context.close()


def test_the_tree_opened_whole_gives_amounts_and_days_as_people_write_them(page, site):
    page.goto(f"/records/{site.record}/why?all=1")
    expect(page.get_by_text(re.compile(r"罚款金额\(万元\)\s*2$"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"处罚决定日期\s*2026年11月18日$"))).to_be_visible()

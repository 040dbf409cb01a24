"""Single sign-on, own passwords, a forgotten one, and reading by consent, as people meet them."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_entering import WORD, press, seen, typed, window  # noqa: F401  a window is a fixture
from tests.people.oidc_provider import local_provider
from tests.portal.senders import MILL, MILL_NAME
from tests.world import PASSWORD

FRESH = "忘了-又记起-8812"


@pytest.fixture
def provider(settings):
    with local_provider() as found:
        settings.OIDC_OFFICERS = found.settings(title="市统一身份认证")
        settings.OIDC_ORGANISATIONS = found.settings(claim="legal_code", verified_claim="legal_code_verified")
        yield found


def word_on(page: Page) -> str:
    found = WORD.search(page.locator(".binding .code--big").inner_text())
    assert found
    return found[0]


def test_an_officer_and_an_organisation_come_in_through_another_login(site, window, provider, tmp_path):  # noqa: F811
    page = window()
    provider.person = {"preferred_username": "nobody.here"}
    page.goto("/desk/login?next=/desk/batches")
    seen(page, tmp_path, "login-with-sign-on")
    page.get_by_role("link", name="用市统一身份认证登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有登录")
    seen(page, tmp_path, "sign-on-failed")
    provider.person = {"preferred_username": "he.shuo"}
    page.goto("/desk/login?next=/desk/batches")
    page.get_by_role("link", name="用市统一身份认证登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("批次")
    page.get_by_role("link", name="何朔").click()
    expect(page.get_by_text("这次是用统一身份认证登录的")).to_be_visible()

    clerk = window()
    provider.person = {"sub": "legal-1", "legal_code": MILL, "legal_code_verified": True, "name": "柳青"}
    clerk.goto("/centre/login")
    seen(clerk, tmp_path, "centre-login-with-sign-on")
    clerk.get_by_role("link", name="用统一身份认证登录").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text(MILL_NAME)
    clerk.goto("/centre/password")
    expect(clerk.get_by_text("在本站没有密码")).to_be_visible()
    seen(clerk, tmp_path, "centre-password-without-one")


def test_a_department_asks_and_an_organisation_allows_after_it_recovered_its_login(site, window, tmp_path):  # noqa: F811
    office = window()
    office.goto("/desk/login?next=/desk/organisation-users")
    typed(office, username="lin.xinyu", password=PASSWORD)
    press(office, "登录")
    typed(office, credit_code=MILL)
    office.check("main [name=seen]")
    press(office, "发放绑定码")
    word = word_on(office)
    clerk = window()
    clerk.goto("/centre/register")
    typed(clerk, credit_code=MILL, word=word, display_name="柳岸", username="mofang", password=PASSWORD)
    press(clerk, "建立登录并绑定")
    clerk.get_by_role("button", name="退出").click()

    office.goto(f"/desk/organisation-users?code={MILL}")
    row = office.get_by_role("row").filter(has_text="mofang")
    row.get_by_role("checkbox").check()
    row.get_by_role("button", name="发放找回码").click()
    seen(office, tmp_path, "recovery-word")
    word = word_on(office)
    clerk.goto("/centre/login")
    clerk.get_by_role("link", name="用找回码设定新密码").click()
    typed(clerk, username="mofang", word="WRONG", password=FRESH)
    press(clerk, "设定新密码")
    seen(clerk, tmp_path, "recover")
    typed(clerk, username="mofang", word=word.lower(), password=FRESH)
    press(clerk, "设定新密码")
    expect(clerk.get_by_role("heading", level=1)).to_have_text(MILL_NAME)

    office.goto(f"/desk/archives/{MILL}")
    seen(office, tmp_path, "purpose")
    office.check("[name=purpose][value=funding]")
    typed(office, note="2026年技改资金")
    press(office, "记下用途并查阅")
    expect(office.get_by_role("heading", level=1)).to_have_text("须有单位授权")
    seen(office, tmp_path, "consent-needed")
    office.get_by_label("行政处罚信息", exact=True).check()
    press(office, "请求授权")
    expect(office.get_by_text("已经请求授权")).to_be_visible()
    seen(office, tmp_path, "consent-asked")

    clerk.get_by_role("link", name="授权").click()
    expect(clerk.get_by_text("财政资金、项目和政策扶持审核：2026年技改资金")).to_be_visible()
    seen(clerk, tmp_path, "centre-consent-request")
    clerk.get_by_label("授权的最后一日").fill("2026-12-31")
    press(clerk, "同意授权")
    office.goto(f"/desk/archives/{MILL}")
    expect(office.get_by_text("凭单位授权查阅")).to_be_visible()
    seen(office, tmp_path, "archive-by-consent")
    clerk.get_by_role("link", name="谁查过我").click()
    expect(clerk.get_by_role("main")).to_contain_text("2026年技改资金（凭授权")


def test_an_officer_changes_her_password(site, window, tmp_path):  # noqa: F811
    page = window()
    page.goto("/desk/login?next=/desk/account/password")
    typed(page, username="gu.anlan", password=PASSWORD)
    press(page, "登录")
    typed(page, old="not-this-one", password=FRESH)
    press(page, "改密码")
    expect(page.get_by_text("原密码不对")).to_be_visible()
    seen(page, tmp_path, "own-password")
    page.goto("/desk/officers")
    page.get_by_role("link", name="周明").click()
    seen(page, tmp_path, "officer")

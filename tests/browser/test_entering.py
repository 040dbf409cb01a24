"""Coming in with a second factor, and an organisation's way from the counter into its own centre."""

import re
from base64 import b32decode
from pathlib import Path

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.browser.looking import grave_faults, sideways, squeezed
from tests.browser.site import Site
from tests.portal.senders import SHOP, SHOP_NAME
from tests.world import PASSWORD

from xinheng.base import clock

WORD = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}")
SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1360, "height": 900}}


class Phone:
    """An authenticator app into which a secret was typed."""

    def __init__(self, secret: str) -> None:
        text = "".join(secret.split())
        self.app = TOTP(b32decode(text + "=" * (-len(text) % 8)))

    def code(self, ahead: int = 0) -> str:
        """What it shows now; `ahead` steps later, for a code that was not used yet."""
        self.app.time = clock.now().timestamp() + 30 * ahead
        return f"{self.app.token():06d}"


def seen(page: Page, pictures: Path, name: str) -> None:
    """Find no fault with the page, on a phone and at a desk, and keep its pictures."""
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
        assert sideways(page) == 0, name
        assert squeezed(page) == [], name
        assert grave_faults(page) == [], name


def typed(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"main [name={name}]", value)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


@pytest.fixture
def window(browser: Browser, site: Site):
    contexts = []

    def opened() -> Page:
        contexts.append(browser.new_context(base_url=site.url, viewport=SIZES["desk"]))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def test_an_officer_binds_an_app_and_an_organisation_comes_in_at_the_counter(site, window, tmp_path):
    page = window()
    page.goto("/desk/login")
    typed(page, username="zhou.ming", password=PASSWORD)
    press(page, "登录")
    page.get_by_role("link", name="绑定手机验证器").click()
    phone = Phone(page.locator(".qr ~ p .code").inner_text())
    expect(page.locator(".qr svg")).to_be_visible()
    seen(page, tmp_path, "second-factor")
    typed(page, code=phone.code(-1), password=PASSWORD)
    press(page, "确认绑定")
    expect(page.locator(".recovery li")).to_have_count(10)
    seen(page, tmp_path, "recovery-codes")
    page.get_by_role("link", name="我已保管好").click()
    seen(page, tmp_path, "account")
    page.get_by_role("button", name="退出").click()

    page.goto("/desk/login?next=/desk/organisation-users")
    typed(page, username="zhou.ming", password=PASSWORD)
    press(page, "登录")
    expect(page.get_by_role("heading", level=1)).to_have_text("输入验证码")
    seen(page, tmp_path, "second-step")
    typed(page, code="000000")
    press(page, "登录")
    expect(page.get_by_text("验证码不对")).to_be_visible()
    typed(page, code=phone.code())
    press(page, "登录")

    typed(page, credit_code=SHOP)
    page.check("[name=seen]")
    press(page, "发放绑定码")
    word = WORD.search(page.locator(".binding .code--big").inner_text())
    assert word
    expect(page.locator(".binding")).to_contain_text(SHOP_NAME)
    seen(page, tmp_path, "organisation-users")

    clerk = window()
    clerk.goto("/centre/")
    expect(clerk.get_by_role("heading", level=1)).to_have_text("企业中心登录")
    seen(clerk, tmp_path, "centre-login")
    clerk.get_by_role("link", name="用绑定码建立登录").click()
    seen(clerk, tmp_path, "centre-register")
    typed(clerk, credit_code=SHOP, word=word[0].lower(), display_name="柳青", username="fuguang", password=PASSWORD)
    press(clerk, "建立登录并绑定")
    expect(clerk.get_by_role("heading", level=1)).to_have_text(SHOP_NAME)
    seen(clerk, tmp_path, "centre-home")

    page.goto("/desk/purpose?next=/desk/archives/" + site.organisation)
    page.check("[name=purpose][value=case]")
    typed(page, note="答复单位来函")
    press(page, "记下用途并查阅")
    clerk.get_by_role("link", name="谁查过我").click()
    expect(clerk.get_by_role("main")).to_contain_text("答复单位来函")
    expect(clerk.get_by_role("main")).not_to_contain_text("周明")
    seen(clerk, tmp_path, "centre-readers")

    clerk.get_by_role("navigation", name="企业中心").get_by_role("link", name="消息").click()
    seen(clerk, tmp_path, "centre-messages")
    clerk.get_by_role("link", name="授权").click()
    clerk.select_option("[name=recipient]", index=1)
    clerk.select_option("[name=purpose_code]", index=1)
    clerk.check("[name=scope] >> nth=0")
    typed(clerk, purpose="申请贴息", until="2027-05-31")
    press(clerk, "给出授权")
    expect(clerk.get_by_role("button", name="撤回授权")).to_be_visible()
    seen(clerk, tmp_path, "centre-consents")
    clerk.get_by_role("link", name="使用人").click()
    press(clerk, "生成绑定码")
    seen(clerk, tmp_path, "centre-users")
    clerk.get_by_role("button", name="退出").click()
    expect(clerk.get_by_text("已退出企业中心")).to_be_visible()


def test_an_administrator_registers_a_program(window, tmp_path):
    page = window()
    page.goto("/desk/login?next=/desk/clients")
    typed(page, username="gu.anlan", password=PASSWORD)
    press(page, "登录")
    typed(page, name="案件系统", networks="10.1.2.0/24", expires_on="2027-11-30")
    page.select_option("[name=department]", index=1)
    page.check("[name=scopes] >> nth=0")
    press(page, "登记并生成密钥")
    expect(page.locator(".binding")).to_contain_text("只显示这一次")
    seen(page, tmp_path, "clients")
    page.get_by_role("link", name="案件系统").click()
    press(page, "生成新密钥")
    expect(page.locator(".binding")).to_contain_text("原密钥到")
    seen(page, tmp_path, "client")

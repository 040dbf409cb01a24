"""The second play: fined, too early, on the day, decided above, gone everywhere, not back with one changed sign."""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import time_machine
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.site import Site
from tests.browser.test_retracting import aside, make_secret, run, session
from tests.people.test_organisation_users import join
from tests.portal.senders import SHOP, SHOP_NAME, penalty
from tests.world import NOW, PASSWORD, World, table

from xinheng.audit.actor import Actor
from xinheng.base.clock import SHANGHAI
from xinheng.effects.models import Retraction
from xinheng.people.actions import issue_binding_code
from xinheng.people.models import Region
from xinheng.register.models import Record, Review
from xinheng.register.references import record_ref

FINED = datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI)
EARLY = datetime(2026, 12, 1, 9, 30, tzinfo=SHANGHAI)
ON_THE_DAY = datetime(2027, 2, 23, 9, 30, tzinfo=SHANGHAI)
AFTERWARDS = datetime(2027, 2, 24, 9, 30, tzinfo=SHANGHAI)
NUMBER = "云市监罚〔2026〕778号"
ROW = {"处罚决定日期": "2026/11/23", "违法事实": "超过保质期的食品没有下架"}
PDF = {"name": "缴款凭证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}


def world(now: datetime) -> World:
    return World(settings.HOME, Region.objects.get(code="990001"), now)


def fine(now: datetime, **more: str) -> Callable[[], str]:
    """The market authority sends the fine; the opaque word of its record."""

    def send() -> str:
        world(now).batch(table([penalty(778, **(ROW | more))]), "penalty")
        return record_ref(Record.objects.get(decision_no=NUMBER, known_to=None).record_no)

    return send


def bind(now: datetime) -> None:
    """The counter gives the shop a word, and its user joins with it."""
    counter = Actor.of(world(now).officer("lin.xinyu"))
    made = issue_binding_code(credit_code=SHOP, region=world(now).region, for_holder=True, by=counter, now=now)
    join(world(now), "shop.play", made[1], days=(now - NOW).days)


def enter_centre(page: Page) -> None:
    page.goto("/centre/login")
    page.fill("[name=username]", "shop.play")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile("/centre/$"))


def enter_desk(context: BrowserContext, site: Site) -> None:
    context.add_cookies([{"name": "sessionid", "value": aside(session), "url": site.url}])


def open_step(page: Page, title: str) -> None:
    page.locator("details.step > summary", has_text=title).first.click()


def refused_before_the_day(page: Page, ref: str) -> None:
    page.goto(f"/repair?record={ref}")
    expect(page.get_by_text("自2027年2月23日起可以申请").first).to_be_visible()
    enter_centre(page)
    page.goto(f"/centre/cases/new/repair/{ref}")
    expect(page.get_by_text("自2027年2月23日起可以申请").first).to_be_visible()
    expect(page.get_by_role("button", name="作出承诺并提交申请")).to_have_count(0)


def applied(page: Page, ref: str) -> str:
    """The organisation applies in its centre; the number of the case."""
    enter_centre(page)
    page.goto(f"/centre/cases/new/repair/{ref}")
    page.fill("[name=open-signed_by]", SHOP_NAME)
    page.set_input_files("[name=file-proof]", PDF)
    page.get_by_role("button", name="作出承诺并提交申请").click()
    page.wait_for_url(re.compile(r"/centre/cases/\d+$"))
    heading = page.get_by_role("heading", level=1).inner_text()
    return heading.split(" ")[-1]


def carried_out(page: Page, number: str) -> None:
    """The office forwards it, takes over what the national entrance answered, and carries it out."""
    page.goto("/desk/cases?show=open")
    page.get_by_role("link", name=number).click()
    open_step(page, "经全国入口转交认定部门")
    page.fill("[name=forward-upper_no]", "XYZG2027001")
    page.get_by_role("button", name="经全国入口转交认定部门").click()
    expect(page.get_by_text("已转认定部门").first).to_be_visible()
    address = page.url
    page.goto("/desk/cases/results")
    headings = ("受理编号", "结果", "文书号", "日期", "理由")
    row = dict(zip(headings, ("XYZG2027001", "准予修复", "云修〔2027〕5号", "2027/2/23", ""), strict=True))
    page.set_input_files(
        "[name=file]", {"name": "结果.csv", "mimeType": "text/csv", "buffer": table([row]).encode("gb18030")}
    )
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text(number).first).to_be_visible()
    page.goto(address)
    open_step(page, "停止公示并通知各方")
    page.get_by_role("button", name="停止公示并通知各方").click()
    expect(page.get_by_text("已修复").first).to_be_visible()


def gone(page: Page, ref: str) -> None:
    answer = page.goto(f"/records/{ref}")
    assert answer is not None
    assert answer.status == 404
    page.goto(f"/search?q={quote(NUMBER)}")
    expect(page.get_by_text("超过保质期的食品没有下架")).to_have_count(0)


def asked_to_remove() -> int:
    return Retraction.objects.filter(
        recipient__name__contains="另一进程", confirmed_at=None, record_id__in=Record.objects.filter(decision_no=NUMBER)
    ).count()  # fmt: skip


def questions() -> int:
    numbers = Record.objects.filter(decision_no=NUMBER).values("record_no")
    return Review.objects.filter(kind="returned", record_no__in=numbers, closed_at=None).count()


def test_a_fine_is_repaired_on_its_day_and_does_not_come_back(site: Site, browser) -> None:
    with time_machine.travel(FINED, tick=True):
        ref, secret = aside(fine(FINED)), aside(make_secret)
        assert run(site, secret, "pull", f"/organisations/{SHOP}/records") > 0
        aside(lambda: bind(FINED))
    with time_machine.travel(EARLY, tick=True):
        company = browser.new_context(base_url=site.url)
        page = company.new_page()
        assert page.goto(f"/records/{ref}").status == 200
        refused_before_the_day(page, ref)
        company.close()
    with time_machine.travel(ON_THE_DAY, tick=True):
        company, office = browser.new_context(base_url=site.url), browser.new_context(base_url=site.url)
        number = applied(company.new_page(), ref)
        enter_desk(office, site)
        desk = office.new_page()
        carried_out(desk, number)
        gone(company.new_page(), ref)
        assert aside(asked_to_remove) == 1
        desk.goto("/desk/retractions")
        expect(desk.get_by_role("link", name=NUMBER).first).to_be_visible()
        assert run(site, secret, "acknowledge") >= 1
        assert aside(asked_to_remove) == 0
        company.close()
        office.close()
    with time_machine.travel(AFTERWARDS, tick=True):
        assert aside(fine(AFTERWARDS, 违法事实="超过保质期的食品没有下架。")) == ref
        visitor, office = browser.new_context(base_url=site.url), browser.new_context(base_url=site.url)
        gone(visitor.new_page(), ref)
        assert aside(questions) == 1
        enter_desk(office, site)
        desk = office.new_page()
        desk.goto("/desk/reviews")
        expect(desk.get_by_text("撤回后再次报送").first).to_be_visible()
        visitor.close()
        office.close()

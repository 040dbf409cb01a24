"""The third play: a list arrives, what follows is announced, served, carried out, contested, ended and put right."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.site import Site
from tests.browser.test_retracting import aside
from tests.browser.test_whole_repair import world
from tests.measures.engine_world import entry
from tests.portal.senders import MILL, MILL_NAME
from tests.world import NOW, PASSWORD, table

from xinheng.effects.actions import sequence_feed
from xinheng.measures.actions import confirm_list, propose_list
from xinheng.measures.engine import follow
from xinheng.measures.models import Notice
from xinheng.proceedings.actions import Application, move, open_case
from xinheng.proceedings.models import Case, CaseChannel
from xinheng.register.models import Record

LISTED = NOW + timedelta(days=400)
SERVED = LISTED + timedelta(days=1)
IN_FORCE = LISTED + timedelta(days=2)
CONTESTED = LISTED + timedelta(days=3)
MEASURE = "纳入重点监管"


def publish(now: datetime) -> Callable[[], None]:
    """The county's list of measures, by two officers."""

    def done() -> None:
        county = world(now)
        proposal = propose_list(edition="demo-2026", pack="demo", by=county.officer("lin.xinyu"), now=now)
        confirm_list(publication=proposal.pk, pack="demo", by=county.officer("zhou.ming"), now=now)

    return done


def send(now: datetime) -> Callable[[], int]:
    """The market authority's list with the mill on it; the notice that the engine wrote."""
    day = (now - timedelta(days=10)).date()
    facts = {
        "认定日期": day.isoformat(), "列入起始日期": day.isoformat(), "认定文书号": "云市监列〔2027〕61号",
        "预定移出日期": day.replace(year=day.year + 3).isoformat(),
    }  # fmt: skip

    def done() -> int:
        world(now).batch(table([entry(code=MILL, name=MILL_NAME, **facts)]), "serious_list")
        work(now)()
        return Notice.objects.get(credit_code=MILL, closed_at=None).pk

    return done


def work(now: datetime) -> Callable[[], None]:
    """What the worker does within seconds."""

    def done() -> None:
        sequence_feed(now=now)
        follow(now=now)

    return done


def contest(now: datetime) -> Callable[[], int]:
    """The mill objects at the counter, and the office accepts."""

    def done() -> int:
        clerk = world(now).officer("lin.xinyu")
        record = Record.objects.get(type="serious_list", subject_code=MILL, known_to=None)
        application = Application(
            procedure="objection", record_no=record.record_no, channel=CaseChannel.COUNTER, entry=uuid.uuid4(),
            stated={"ground": "measure", "statement": "不属于重点监管的领域"}, identified="核对了营业执照",
        )  # fmt: skip
        case = open_case(application=application, by=clerk, now=now).case
        move(case=case.pk, event="accept", stated={}, by=clerk, now=now)
        return case.pk

    return done


def uphold(case: int, now: datetime) -> Callable[[], None]:
    """The authority answers that the measures were wrong, and the office upholds the objection."""

    def done() -> None:
        clerk, market = world(now).officer("lin.xinyu"), world(now).officer("he.shuo")
        for event, by, stated in (
            ("forward", clerk, {}),
            ("answer", market, {"finding": "wrong", "answer": "措施超出条款"}),
            ("uphold", clerk, {"remedy": "measures", "reason": "措施超出条款"}),
        ):
            move(case=case, event=event, stated=stated, by=by, now=now)
        assert Case.objects.get(pk=case).state == "upheld"
        work(now)()

    return done


def entered(browser: Browser, site: Site, username: str) -> BrowserContext:
    context = browser.new_context(base_url=site.url, viewport={"width": 1360, "height": 900})
    page = context.new_page()
    page.goto("/desk/login")
    page.fill("main [name=username]", username)
    page.fill("main [name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile("/desk/"))
    return context


def served(page: Page, notice: int) -> None:
    """The clerk reads the notice and notes its service."""
    page.goto("/desk/measure-notices")
    page.get_by_role("row").filter(has_text=MILL_NAME).get_by_role("link").first.click()
    page.wait_for_url(re.compile(f"/desk/measure-notices/{notice}$"))
    expect(page.get_by_text("还没有送达，措施没有执行").first).to_be_visible()
    expect(page.get_by_text("提交虚假材料取得许可").first).to_be_visible()
    page.fill("[name=served_on]", SERVED.date().isoformat())
    page.fill("[name=evidence]", "送达回证61号")
    page.get_by_role("button", name="登记送达").click()
    expect(page.get_by_text("送达回证61号").first).to_be_visible()
    expect(page.get_by_text("待执行").first).to_be_visible()


def carried_out(page: Page) -> str:
    """The market authority signs for its task and says what it did; the address of the task."""
    page.goto("/desk/measure-tasks")
    page.get_by_role("row").filter(has_text=MILL_NAME).get_by_role("link", name=MEASURE).click()
    page.get_by_role("button", name="签收任务").click()
    expect(page.get_by_text("已签收").first).to_be_visible()
    page.fill("[name=done_on]", IN_FORCE.date().isoformat())
    page.fill("[name=item]", "年度抽查计划")
    page.get_by_role("button", name="登记执行情况").click()
    expect(page.get_by_text("已执行").first).to_be_visible()
    return page.url


def answered(page: Page) -> str:
    """What the counter reads about the mill when it plans its inspections."""
    page.goto("/desk/checks")
    page.fill("main [name=code]", MILL)
    page.select_option("main [name=item]", "JG-CC-01")
    purposes = page.locator("main [name=purpose]")
    purposes.select_option(index=1)
    page.get_by_role("button", name="核查", exact=True).click()
    return page.locator("section.check-answer").inner_text()


def test_from_the_list_to_what_is_put_right(site: Site, browser: Browser) -> None:
    with time_machine.travel(LISTED, tick=True):
        aside(publish(LISTED))
        notice = aside(send(LISTED))
    with time_machine.travel(SERVED, tick=True):
        office = entered(browser, site, "lin.xinyu")
        served(office.new_page(), notice)
        office.close()
    with time_machine.travel(IN_FORCE, tick=True):
        market = entered(browser, site, "he.shuo")
        page = market.new_page()
        assert MEASURE in answered(page)
        task = carried_out(page)
        page.goto("/desk/measure-figures")
        expect(page.get_by_role("row").filter(has_text=MEASURE).first).to_be_visible()
        market.close()
    with time_machine.travel(CONTESTED, tick=True):
        case = aside(contest(CONTESTED))
        market = entered(browser, site, "he.shuo")
        page = market.new_page()
        page.goto(task)
        expect(page.get_by_text("暂停期间不得执行").first).to_be_visible()
        assert MEASURE not in answered(page)
        aside(uphold(case, CONTESTED + timedelta(hours=1)))
        page.goto(task)
        expect(page.get_by_text("措施自始不当，须纠正").first).to_be_visible()
        page.fill("[name=what]", "已从重点抽查名录中移出")
        page.get_by_role("button", name="登记纠正情况").click()
        expect(page.get_by_text("已纠正").first).to_be_visible()
        said = answered(page)
        assert MEASURE not in said
        assert "市场监督管理严重违法失信名单" in said
        market.close()

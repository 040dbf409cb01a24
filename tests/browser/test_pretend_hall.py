"""A service hall of another office checks before it decides: its page has the panel, its server has the secret."""

import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Response, Route, expect
from tests.browser.looking import grave_faults, sideways
from tests.browser.site import serving
from tests.browser.test_retracting import aside, session
from tests.checks.counter import CITIZEN, CLEAN, LISTED, OTHER, entry, open_counter
from tests.served import committed_database
from tests.world import MARKET, NOW, SYSTEM, World, build_world, table

from pretend_hall.business import read_offer
from pretend_hall.server import HERE, Hall
from xinheng.base.home import Home
from xinheng.base.postgres import ServerAddress
from xinheng.checks.keys import ensure_check_key, key_set
from xinheng.checks.models import CheckFeedback, CheckRequest
from xinheng.people.actions import create_api_client, create_department
from xinheng.people.models import Region
from xinheng_client import Keys, Patience, Platform

SENDERS = {
    "11990001000015069R": ("云屿县人民法院", "L01", "失信被执行人名单"),
    "11990001000011367P": ("国家税务总局云屿县税务局", "L02", "重大税收违法失信主体名单"),
    "11990001000004335C": ("云屿县人力资源和社会保障局", "L03", "拖欠农民工工资失信联合惩戒对象名单"),
    "11990001000008037E": ("云屿县应急管理局", "L05", "安全生产严重失信主体名单"),
}
OTHER_NAME = "云屿县听潮建设有限公司"


@dataclass(frozen=True)
class Counters:
    """The hall at `url`, the platform it checks with, and the secret that no browser may see."""

    url: str
    platform: str
    secret: str


def open_county() -> tuple[str, Keys]:
    """A listed company and others; the secret of the hall's program, and the platform's keys."""
    counter = open_counter(build_world(settings.HOME))
    counter.publish_measures()
    counter.restrain()
    ensure_check_key(settings.HOME)
    _, secret = create_api_client(
        name="政务服务大厅", department=counter.world.department(MARKET.code), scopes=("check",), by=SYSTEM, now=NOW
    )
    return secret, Keys.of(key_set(settings.HOME))


def deliver_what_is_late() -> None:
    """Every source sends what it has; none of it is about the company that asks."""
    county = World(settings.HOME, Region.objects.get(code="990001"), timezone.now())
    for code, (name, key, title) in SENDERS.items():
        create_department(region=county.region, code=code, name=name, short_name=name, by=SYSTEM, now=county.now)
        row = entry(
            OTHER, OTHER_NAME, 名单代码=key, 名单名称=title, 认定单位=name, 认定单位统一社会信用代码=code,
            数据来源单位=name, 数据来源单位统一社会信用代码=code,
        )  # fmt: skip
        county.batch(table([row]), "serious_list", department=code)
    abnormal = {
        "主体名称": OTHER_NAME, "统一社会信用代码": OTHER, "异常种类": "经营异常名录",
        "列入原因": "未依照规定的期限公示年度报告", "列入日期": "2026-07-02", "列入机关": MARKET.name,
        "列入机关统一社会信用代码": MARKET.code, "数据来源单位": MARKET.name,
        "数据来源单位统一社会信用代码": MARKET.code,
    }  # fmt: skip
    county.batch(table([abnormal]), "abnormal_entry")


@pytest.fixture(scope="module")
def platform(
    database_server: ServerAddress, template_database: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A county of its own, empty and served: other plays of this folder move the clock of theirs by a year."""
    home = Home(tmp_path_factory.mktemp("hall") / "home")
    home.prepare()
    database = committed_database(database_server, f"hall_{os.getpid()}", template_database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", home)
        patch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(home.tmp))
        aside(database.__enter__)
        with serving() as url:
            yield url
        aside(lambda: database.__exit__(None, None, None))


@pytest.fixture(scope="module")
def counters(platform: str) -> Iterator[Counters]:
    """The hall, served on this machine."""
    secret, keys = aside(open_county)
    patience = Patience(connect=2, answer=10, retries=1, longest_pause=1)
    with Platform.at(platform, secret=secret, keys=keys, patience=patience) as known:
        hall = Hall(0, platform=known, keys=keys, offer=read_offer(HERE / "business.toml"))
        thread = threading.Thread(target=hall.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield Counters(f"http://127.0.0.1:{hall.server_port}", platform, secret)
        hall.shutdown()
        hall.server_close()
        thread.join()


@pytest.fixture
def window(counters: Counters, visitor: BrowserContext) -> Page:
    """The page of one window."""
    page = visitor.new_page()
    open_window(page, counters.url)
    return page


def open_window(page: Page, url: str) -> None:
    """Go to the page and wait until its script is there, without which Enter is nothing but a reload."""
    page.goto(url)
    expect(page.get_by_label("办理事项")).to_have_value("food")


def check(page: Page, code: str) -> None:
    """As a scanner does: the code, and Enter. The first check of a day reads the whole legal register."""
    page.get_by_label("统一社会信用代码").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("正在核查……")).to_have_count(0, timeout=30_000)


def feedback_given() -> list[tuple[str, str]]:
    return list(CheckFeedback.objects.filter(request_number__in=asked()).values_list("outcome", "document_no"))


def asked() -> list[str]:
    return list(CheckRequest.objects.filter(actor_name="政务服务大厅").values_list("number", flat=True))


def test_nothing_found_is_not_said_while_a_source_is_late(window: Page):
    check(window, CLEAN)

    expect(window.locator(".sentence")).to_contain_text("以下来源未更新，不能认定无记录")
    expect(window.get_by_text("来源未更新", exact=True)).to_be_visible()
    expect(window.get_by_text("按一般程序受理，来源更新后再核查。")).to_be_visible()


def test_what_must_be_applied_is_applied_and_told(window: Page):
    check(window, LISTED)

    expect(window.locator(".sentence")).to_contain_text("查到 1 条生效的名单信息，本事项须采取 1 项措施")
    expect(window.get_by_text("《演示省社会信用条例（虚构）》第二十三条").first).to_be_visible()
    expect(window.get_by_text("签名核验通过，以上内容就是回执的内容。")).to_be_visible()

    window.get_by_role("button", name="提交反馈").click()
    expect(window.get_by_text("请写明没有采取的原因")).to_be_visible()
    window.get_by_role("checkbox", name="不适用告知承诺、容缺受理").check()
    window.get_by_label("办理结果的文书号").fill("云审受〔2026〕118号")
    window.get_by_role("button", name="提交反馈").click()
    expect(window.get_by_text("已反馈 1 项措施。")).to_be_visible()
    window.get_by_role("button", name="受理办件").click()

    row = window.get_by_role("row").nth(1)
    expect(row).to_contain_text("按一般程序受理")
    expect(row).to_contain_text("已反馈")
    assert aside(feedback_given) == [("applied", "云审受〔2026〕118号")]


def test_nothing_found_is_said_when_every_source_has_delivered(window: Page):
    aside(deliver_what_is_late)
    check(window, CLEAN)

    expect(window.locator(".sentence")).to_contain_text("未查到生效的名单信息，本事项没有须采取的措施")
    expect(window.get_by_text("可以适用告知承诺。")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.locator(".sentence")).to_have_count(0)
    expect(window.get_by_role("button", name="受理办件")).to_be_disabled()


def test_another_business_takes_the_answer_of_the_one_before_away(window: Page):
    check(window, CLEAN)
    expect(window.locator(".sentence")).to_be_visible()
    window.get_by_label("办理事项").select_option("training")

    expect(window.locator(".sentence")).to_have_count(0)
    expect(window.get_by_role("button", name="受理办件")).to_be_disabled()


def test_a_citizen_number_is_refused_in_words(window: Page):
    before = len(aside(asked))
    check(window, CITIZEN)

    expect(window.get_by_role("alert")).to_contain_text("核查只回答单位，不受理公民身份号码。")
    assert len(aside(asked)) == before


def test_the_secret_never_reaches_the_browser(counters: Counters, visitor: BrowserContext):
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page = visitor.new_page()
    page.on("response", keep)
    open_window(page, counters.url)
    check(page, LISTED)
    expect(page.get_by_text("签名核验通过")).to_be_visible()

    seen = [f"{one.request.all_headers()} {one.all_headers()} {one.text()}" for one in answers]
    assert len([one for one in answers if one.url.startswith(counters.url)]) > 5
    assert not [one for one in seen if counters.secret in one or "Bearer" in one]


def test_a_page_from_elsewhere_cannot_check_with_our_secret(counters: Counters, visitor: BrowserContext):
    body = {"code": CLEAN, "item": "food", "key": "0123456789abcdef"}
    before = len(aside(asked))
    for headers in ({"Origin": "https://example.org"}, {"Host": "example.org"}):
        answer = visitor.request.post(f"{counters.url}/credit/checks", data=body, headers=headers)
        assert answer.status == 403
    assert len(aside(asked)) == before


def test_the_browser_judges_receipts_by_itself(window: Page):
    judged = window.evaluate(
        """async code => {
          const { CheckClient, verifyReceipt } = await import("/xinheng-check.js");
          const client = new CheckClient("/credit");
          const { receipt } = await client.check({ code, item: "food" });
          const keys = await client.keys();
          const [head, facts, signature] = receipt.split(".");
          const other = (facts[40] === "A" ? "B" : "A");
          const altered = [head, facts.slice(0, 40) + other + facts.slice(41), signature].join(".");
          const judge = (text, keys) => verifyReceipt(text, keys).catch(error => error.message);
          return [
            await judge(receipt, keys), await judge([head, facts, "A".repeat(86)].join("."), keys),
            await judge(receipt, []), await judge("nothing", keys), (await judge(altered, keys)) === "genuine",
          ];
        }""",
        CLEAN,
    )

    assert judged == ["genuine", "altered", "unknown_key", "答复中没有核查回执，不能作为依据。", False]


def test_a_browser_that_cannot_judge_says_so(counters: Counters, visitor: BrowserContext):
    page = visitor.new_page()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    open_window(page, counters.url)
    check(page, LISTED)

    expect(page.get_by_text("这个浏览器不能核验签名；本大厅的服务器在取得答复时核验。")).to_be_visible()
    expect(page.locator(".sentence")).to_contain_text("本事项须采取 1 项措施")


def test_a_receipt_that_does_not_hold_is_not_shown(window: Page):
    def alter(route: Route) -> None:
        answer = route.fetch()
        head, facts, _ = answer.json()["receipt"].split(".")
        route.fulfill(response=answer, json={"receipt": ".".join([head, facts, "A" * 86])})

    window.route("**/credit/checks", alter)
    check(window, LISTED)

    expect(window.get_by_role("alert")).to_contain_text("签名不符，这次答复不能作为依据。")
    expect(window.locator(".sentence")).to_have_count(0)
    expect(window.get_by_role("button", name="受理办件")).to_be_disabled()


def test_a_hall_that_is_away_says_nothing_about_anybody(window: Page):
    window.route("**/credit/checks", lambda route: route.abort())
    check(window, CLEAN)

    expect(window.get_by_role("alert")).to_contain_text("在此之前不能认定没有记录")
    expect(window.get_by_role("button", name="受理办件")).to_be_disabled()


def test_a_second_press_after_a_broken_line_is_the_same_check(window: Page):
    before = len(aside(asked))
    pressed: list[Route] = []

    def lose_the_first_answer(route: Route) -> None:
        pressed.append(route)
        if len(pressed) > 1:
            route.continue_()
        else:
            route.fetch()
            route.abort()

    window.route("**/credit/checks", lose_the_first_answer)
    check(window, CLEAN)
    expect(window.get_by_role("alert")).to_be_visible()
    window.get_by_role("button", name="核查", exact=True).click()
    expect(window.locator(".sentence")).to_be_visible()

    assert len(aside(asked)) == before + 1


@pytest.mark.parametrize("width", [1360, 390])
def test_the_window_is_fit_for_everybody(window: Page, width: int):
    window.set_viewport_size({"width": width, "height": 900})
    check(window, LISTED)
    expect(window.get_by_text("签名核验通过")).to_be_visible()
    window.get_by_text(re.compile("^来源（")).click()

    assert sideways(window) == 0
    assert not grave_faults(window)


def test_the_office_sees_how_often_the_hall_checked(counters: Counters, visitor: BrowserContext):
    visitor.add_cookies([{"name": "sessionid", "value": aside(session), "url": counters.platform}])
    page = visitor.new_page()
    page.goto(f"{counters.platform}/desk/checks/usage")

    row = page.get_by_role("row").filter(has_text=MARKET.name)
    expect(row).to_contain_text(str(len(aside(asked))))

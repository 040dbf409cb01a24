"""What a reader of the public site sees, on pages that nobody changes meanwhile."""

import re
import tempfile
from pathlib import Path

import time_machine
from django.test import TestCase, override_settings
from tests.portal import senders
from tests.world import NOW, World, build_world

from xinheng.base.home import Home
from xinheng.register.models import Organisation, Record
from xinheng.register.references import record_ref

SHOP_PAGE = f"/organisations/{senders.SHOP}"
EVERY_PAGE = (
    "/",
    "/search",
    "/search?q=浮光",
    SHOP_PAGE,
    "/publicity",
    "/publicity/penalty",
    "/publicity/licence",
    "/catalogue",
    "/catalogue/penalty",
    "/law",
    "/law/demo-measures",
    "/rights",
    "/objection",
    "/repair",
    "/statistics",
    "/policies",
    "/education",
)


class Reader(TestCase):
    """One county for all tests of this class; each reads, none writes."""

    county: World

    @classmethod
    def setUpTestData(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        home = Home(Path(folder.name))
        home.prepare()
        with override_settings(HOME=home), time_machine.travel(NOW, tick=False):
            cls.county = build_world(home)
            senders.send_files(cls.county)
        cls.penalty_ref = record_ref(Record.objects.get(type="penalty", known_to=None).record_no)
        cls.licence_ref = record_ref(Record.objects.get(type="licence", known_to=None).record_no)

    def setUp(self) -> None:
        clock = time_machine.travel(NOW, tick=False)
        clock.start()
        self.addCleanup(clock.stop)

    def page(self, address: str) -> str:
        response = self.client.get(address, follow=True)
        assert response.status_code == 200, (address, response.status_code)
        return response.content.decode()

    def test_every_page_names_the_place_and_says_that_the_data_are_fictional(self):
        for address in EVERY_PAGE:
            text = self.page(address)
            assert "信用云屿（演示）" in text, address
            assert "演示数据，均为虚构" in text, address

    def test_no_page_shows_a_person(self):
        for address in EVERY_PAGE:
            text = self.page(address)
            for secret in (senders.REPRESENTATIVE, senders.CITIZEN_NUMBER, "测试自然人"):
                assert secret not in text, address

    def test_no_page_speaks_of_repaired_or_withdrawn_records(self):
        for address in EVERY_PAGE:
            text = self.page(address)
            for word in ("已修复", "已撤回", "黑名单", "曝光"):
                assert word not in text, address

    def test_the_home_page_counts_what_is_in_force_and_links_to_the_list(self):
        text = self.page("/")
        card = re.search(r'href="/publicity/penalty"><span class="value">([\d,]+)</span>', text)
        assert card.group(1) == "1"

    def test_the_organisation_page_begins_with_a_sentence(self):
        text = self.page(SHOP_PAGE)
        assert "截至 2026年11月21日，本站公开该单位 2 条信息，其中行政处罚 1 条" in text
        assert "云屿县浮光小吃铺" in text

    def test_a_penalty_says_who_when_until_when_and_why(self):
        text = self.page(SHOP_PAGE)
        for words in (
            "云市监罚〔2026〕1号",
            "云屿县市场监督管理局",
            "2026年11月18日",
            "2027年11月17日",
            "到期自动停止公示",
            "《云屿县公共信用信息管理办法（虚构）》",
            "为什么公示",
        ):
            assert words in text

    def test_every_adverse_record_says_how_to_object_and_to_repair(self):
        text = self.page(SHOP_PAGE)
        assert f"/objection?record={self.penalty_ref}" in text
        assert f"/repair?record={self.penalty_ref}" in text

    def test_a_licence_offers_objection_but_no_repair(self):
        text = self.page(SHOP_PAGE)
        assert f"/objection?record={self.licence_ref}" in text
        assert f"/repair?record={self.licence_ref}" not in text

    def test_the_channel_page_names_the_department_that_is_responsible(self):
        for door in ("objection", "repair"):
            text = self.page(f"/{door}?record={self.penalty_ref}")
            assert "云屿县信义路1号" in text
            assert "www.creditchina.gov.cn" in text
            assert "云屿县政务服务大厅信用服务窗口" in text

    def test_a_channel_page_reached_with_a_stale_address_still_helps(self):
        text = self.page("/objection?record=aaaaaaaaaaaaaaaaaaaaaaaaaa")
        assert "各部门联系方式" in text

    def test_the_why_page_leads_down_to_file_and_row(self):
        text = self.page(f"/records/{self.penalty_ref}/why?all=1")
        for words in ("云屿县公共信用信息管理办法", "云市监罚〔2026〕1号", "数据.csv", "第 2 行"):
            assert words in text

    def test_an_organisation_without_public_records_is_neither_praised_nor_blamed(self):
        text = self.page(f"/organisations/{senders.MILL}")
        assert "无公开信息" in text
        for word in ("良好", "诚信", "守信", "优秀"):
            assert word not in re.search(r"<main.*</main>", text, re.S).group()

    def test_search_finds_by_name_initials_and_code(self):
        for typed in ("浮光", "fgsp", senders.SHOP, senders.SHOP.lower(), "浮光食品有限公司"):
            assert senders.SHOP_NAME in re.sub(r"</?mark>", "", self.page(f"/search?q={typed}"))

    def test_search_finds_a_document_number_that_is_in_force(self):
        text = self.page("/search?q=云市监罚〔2026〕1号")
        assert senders.SHOP_NAME in text

    def test_a_citizen_number_is_refused_and_echoed_nowhere(self):
        response = self.client.get(f"/search?q={senders.CITIZEN_NUMBER}")
        assert response.status_code == 302
        assert senders.CITIZEN_NUMBER not in response["Location"]
        text = self.client.get(response["Location"]).content.decode()
        assert "没有保存" in text
        assert senders.CITIZEN_NUMBER not in text

    def test_a_legal_representative_is_not_searchable(self):
        text = self.page(f"/search?q={senders.REPRESENTATIVE}")
        assert senders.SHOP_NAME not in text

    def test_a_search_without_hits_says_how_to_go_on(self):
        assert "可以少输入几个字再试" in self.page("/search?q=完全没有的名字")

    def test_a_list_can_be_narrowed_to_a_department_and_a_month(self):
        department = self.county.department(senders.AUTHORITY["code"])
        text = self.page(f"/publicity/penalty?department={department.pk}&month=2026-11")
        assert "云市监罚〔2026〕1号" in text
        assert "云市监罚〔2026〕1号" not in self.page("/publicity/penalty?month=2026-10")

    def test_a_list_that_does_not_exist_is_told_in_words(self):
        response = self.client.get("/publicity/gossip")
        assert response.status_code == 404
        assert "没有这一类公示信息" in response.content.decode()

    def test_charts_are_drawn_as_svg(self):
        for name in ("months", "months-narrow", "kinds", "departments"):
            response = self.client.get(f"/statistics/{name}.svg")
            assert response["Content-Type"].startswith("image/svg+xml")

    def test_the_catalogue_can_be_taken_along(self):
        assert self.client.get("/catalogue.xlsx").content[:2] == b"PK"

    def test_pages_can_only_be_read(self):
        assert self.client.post("/").status_code == 405

    def test_addresses_of_organisations_tell_nothing_about_their_number(self):
        number = Organisation.objects.get(credit_code=senders.SHOP).pk
        for address in re.findall(r'href="/organisations/([^"#]+)', self.page("/publicity/penalty")):
            assert str(number) != address

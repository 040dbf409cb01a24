"""The counter's page and the public's: asked, answered, ticked off, verified."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED, Counter
from tests.people.test_organisation_users import join, word_for
from tests.world import NOW, PASSWORD

from xinheng.checks.actions import answer_many
from xinheng.checks.jobs import answer_waiting
from xinheng.checks.models import CheckFeedback, CheckFile, CheckRequest
from xinheng.checks.queries import checks_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(counter: Counter, client: Client):
    with time_machine.travel(NOW, tick=False):
        client.force_login(counter.world.officer("he.shuo"), backend="django.contrib.auth.backends.ModelBackend")
        yield client


def ask(client: Client, code: str, **more: str):
    return client.post("/desk/checks", {"code": code, "item": ITEM, "purpose": "service", "case_no": "", **more})


def test_the_page_offers_the_items_of_the_department(clerk: Client):
    page = clerk.get("/desk/checks").content.decode()

    assert "行政许可受理（告知承诺、容缺受理）（SP-XK-01）" in page
    assert "政府采购供应商资格审查" not in page


def test_the_answer_is_one_sentence_with_a_receipt_number(clerk: Client):
    page = ask(clerk, CLEAN).content.decode()

    assert "不能认定无记录" in page
    assert CheckRequest.objects.get().number in page


def test_a_person_is_refused_and_her_number_is_not_repeated(clerk: Client):
    page = ask(clerk, CITIZEN)

    assert page.status_code == 400
    assert "只回答单位" in page.content.decode()
    assert CITIZEN not in page.content.decode()


def test_measures_are_ticked_off_as_feedback(clerk: Client, counter: Counter):
    counter.publish_measures()
    counter.restrain()
    assert "不适用告知承诺、容缺受理" in ask(clerk, LISTED).content.decode()
    number = CheckRequest.objects.get().number

    clerk.post(f"/desk/checks/{number}/feedback", {"measure": "D-3", "applied": "D-3"})

    assert CheckFeedback.objects.get(request_number=number).outcome == "applied"


def test_the_office_reads_how_often_departments_checked(clerk: Client, counter: Counter):
    ask(clerk, CLEAN)
    clerk.force_login(counter.world.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")

    page = clerk.get("/desk/checks/usage").content.decode()

    assert "共核查 1 个代码" in page
    assert "云屿县市场监督管理局" in page


def test_everybody_can_verify_a_receipt_by_its_text(counter: Counter, client: Client):
    receipt = counter.ask(CLEAN)["receipt"]

    genuine = client.post("/checks/verify", {"receipt": receipt}).content.decode()
    broken = client.post("/checks/verify", {"receipt": receipt[:-8] + "AAAAAAAA"}).content.decode()

    assert "回执是真的，内容没有改动。" in genuine
    assert "签名不符" in broken


def test_a_number_tells_that_a_receipt_was_issued_and_nothing_of_its_content(counter: Counter, client: Client):
    number = counter.ask(LISTED)["number"]

    page = client.get(f"/checks/verify/{number}").content.decode()

    assert "本平台出具过这份回执。" in page
    assert LISTED not in page
    assert client.get("/checks/verify/HC0-0-0").status_code == 302


def test_a_file_is_sent_followed_and_fetched_at_the_counter(clerk: Client):
    file = SimpleUploadedFile("名单.txt", f"{CLEAN}\n{LISTED}\n".encode())
    sent = clerk.post("/desk/checks/files", {"file": file, "item": ITEM, "purpose": "service", "case_no": ""})
    address = sent.url

    assert "等待核查" in clerk.get(address).content.decode()
    answer_waiting(str(CheckFile.objects.get().pk))
    assert "核查 2 个代码，1 个有生效的名单信息" in clerk.get(address).content.decode()
    assert LISTED in b"".join(clerk.get(f"{address}.csv").streaming_content).decode()
    assert "名单.txt" in clerk.get("/desk/checks/files").content.decode()


def test_a_file_without_codes_is_told_so_on_the_page(clerk: Client):
    file = SimpleUploadedFile("名单.txt", "代码".encode())
    page = clerk.post("/desk/checks/files", {"file": file, "item": ITEM, "purpose": "service", "case_no": ""})

    assert page.status_code == 400
    assert "没有收下这份文件：文件里没有代码。" in page.content.decode()


def test_another_clerk_does_not_find_the_file(clerk: Client, counter: Counter):
    file = SimpleUploadedFile("名单.txt", CLEAN.encode())
    address = clerk.post("/desk/checks/files", {"file": file, "item": ITEM, "purpose": "service", "case_no": ""}).url
    clerk.force_login(counter.world.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")

    assert clerk.get(address).status_code == 404
    assert clerk.get(f"{address}.csv").status_code == 404


def test_the_public_page_verifies_a_receipt_of_a_file(clerk: Client, counter: Counter):
    file = SimpleUploadedFile("名单.txt", CLEAN.encode())
    clerk.post("/desk/checks/files", {"file": file, "item": ITEM, "purpose": "service", "case_no": ""})
    answer_waiting(str(CheckFile.objects.get().pk))

    page = Client().post("/checks/verify", {"receipt": CheckFile.objects.get().receipt}).content.decode()

    assert "回执是真的，内容没有改动。" in page
    assert CheckFile.objects.get().request_number in page


def test_what_is_no_number_of_ours_is_told_on_the_public_page(client: Client):
    page = client.get("/checks/verify?unknown=1").content.decode()

    assert "没有这个编号的核查回执" in page or "没有这个编号" in page


def test_the_organisation_sees_who_checked_it_alone_or_among_many(counter: Counter, client: Client):
    one = counter.ask(LISTED)["number"]
    many = answer_many(
        about=counter.errand(case_no=""), codes=[CLEAN, LISTED], pack="demo", home=counter.home, now=NOW
    ).facts["number"]
    counter.ask(CLEAN)

    seen = checks_on(counter.world.scope, credit_code=LISTED, pack="demo")

    assert [line.number for line in seen] == [many, one]
    assert {line.department_name for line in seen} == {"云屿县市场监督管理局"}
    assert {line.item_title for line in seen} == {"行政许可受理（告知承诺、容缺受理）"}


def test_its_centre_lists_them_and_nobody_elses(counter: Counter):
    number, others = counter.ask(LISTED)["number"], counter.ask(CLEAN)["number"]
    with time_machine.travel(NOW, tick=False):
        join(counter.world, "shop.a", word_for(counter.world, LISTED), LISTED)
        browser = Client()
        assert browser.post("/centre/login", {"username": "shop.a", "password": PASSWORD}).status_code == 302
        page = browser.get("/centre/readers").content.decode()
    assert number in page
    assert others not in page
    assert "办事大厅" not in page

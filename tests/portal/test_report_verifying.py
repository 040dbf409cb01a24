"""Anybody verifies a report by number, by its code or by the file; nothing is kept of what was sent."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.kept import building, lent
from tests.portal.senders import MILL, MILL_NAME, licence, send_files
from tests.world import NOW, SYSTEM, World, table

from xinheng.base.clock import today
from xinheng.base.home import Home
from xinheng.products.actions import Issued, issue_report
from xinheng.products.models import IssuedReport
from xinheng.register.references import report_ref

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        send_files(module_world)
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def issued(world: World, time_machine_at_now: None) -> Issued:
    """A report of the mill."""
    return issue_report(credit_code=MILL, kind="clean", by=SYSTEM, now=NOW, today=today(NOW), purpose="招标投标")


@pytest.fixture
def time_machine_at_now():
    import time_machine

    with time_machine.travel(NOW, tick=False):
        yield


def post(client: Client, **given: object) -> str:
    return client.post("/reports/verify", given).content.decode()


def file_of(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("报告.pdf", content, content_type="application/pdf")


def test_the_number_and_the_file_and_the_code_give_the_same_answer(issued, client):
    ref = report_ref(IssuedReport.objects.get().pk)
    for page in (
        post(client, number=issued.number),
        post(client, file=file_of(issued.content)),
        client.get(f"/reports/verify/{ref}").content.decode(),
    ):
        assert "报告真实，内容与现在一致" in page
        assert MILL_NAME in page


def test_what_changed_is_said_without_a_name_or_a_reason(world, issued, client):
    issued_plain = issue_report(
        credit_code=MILL, kind="plain", by=SYSTEM, now=NOW, today=today(NOW), purpose="招标投标"
    )
    world.batch(table([licence(9, MILL, MILL_NAME)]), "licence")
    page = post(client, number=issued_plain.number)
    assert "内容已更新，请重新获取" in page
    assert MILL_NAME not in page
    assert "已修复" not in page


def test_an_altered_file_and_an_unknown_number_are_said(issued, client):
    assert "文件被改动过" in post(client, file=file_of(issued.content + b"x"))
    assert "不是本平台出具的" in post(client, file=file_of(b"%PDF-1.4"))
    assert "没有找到这份报告" in post(client, number="990001-20261121-AAAAAAAAAA")
    assert "没有找到这份报告" in client.get("/reports/verify/nonsense", follow=True).content.decode()


def test_a_number_of_a_person_is_not_repeated(issued, client):
    assert "99000119900307001X" not in post(client, number="99000119900307001X")


def test_the_form_asks_for_one_of_both(client, db):
    assert client.get("/reports/verify").status_code == 200
    assert client.post("/reports/verify", {}).status_code == 302

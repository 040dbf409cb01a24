"""The list of measures on the portal, at the desk, as a workbook and over the API."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from tests.desk.conftest import at_desk, office
from tests.world import World

from xinheng.measures.models import ListPublication

pytestmark = pytest.mark.django_db
AtDesk = Callable[[str], Client]
__all__ = ["at_desk", "office"]


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


@pytest.fixture
def published(office: World, at_desk: AtDesk) -> World:
    """The county's list, proposed and confirmed at the desk by two officers."""
    at_desk("lin.xinyu").post("/desk/measure-lists/propose", {"edition": "demo-2026"})
    at_desk("zhou.ming").post(f"/desk/measure-lists/{ListPublication.objects.get().pk}", {"step": "confirm"})
    return office


def test_the_portal_says_of_every_measure_whether_it_may_be_carried_out(published: World, client: Client) -> None:
    page = text(client, "/measures")

    assert "云屿县失信惩戒和守信激励措施清单（2026年版，虚构）" in page
    assert page.count("可以执行") >= 7
    assert "第一类" in page
    assert "/law/demo-credit-regulation#" in page


def test_an_unpublished_list_says_that_nothing_is_carried_out(office: World, client: Client) -> None:
    page = text(client, "/measures?edition=demo-2026")
    assert "可以执行 0 项" in page
    assert "没有在本站公布" in text(client, "/measures/demo-2026/D-1")


def test_a_measure_on_persons_is_text_only(published: World, client: Client) -> None:
    page = text(client, "/measures/national-2021/I-3")
    assert "对象是自然人" in page
    assert "本平台不触发、不执行、不答复" in page


def test_a_measure_or_list_that_is_not_there_is_a_plain_404(office: World, client: Client) -> None:
    for address in ("/measures/demo-2026/nothing", "/measures?edition=nothing", "/lists/A01", "/lists/nothing"):
        assert client.get(address).status_code == 404


def test_the_lists_page_says_by_which_law_and_that_the_county_recognises_none(office: World, client: Client) -> None:
    page = text(client, "/lists")
    assert "本县不自行认定严重失信主体名单" in page
    assert "安全生产严重失信主体名单" in page
    assert "重点关注对象" not in page
    assert "不授予本级荣誉称号" in text(client, "/lists/L05")


def test_memoranda_are_history_and_say_so(office: World, client: Client) -> None:
    page = text(client, "/memoranda")
    assert "不作为依据" in page
    assert "云屿信联〔2018〕3号（虚构）" in page


def test_the_law_page_leads_to_the_measures(office: World, client: Client) -> None:
    assert 'href="/measures"' in text(client, "/law")


def test_the_workbook_holds_what_the_pages_hold(published: World, client: Client) -> None:
    book = openpyxl.load_workbook(BytesIO(client.get("/measures.xlsx").content))

    assert book.sheetnames == ["措施清单", "名单目录", "备忘录（不作为依据）"]
    rows = list(book["措施清单"].iter_rows(values_only=True))
    yes = {row[1] for row in rows if row[13] == "可以"}
    assert yes == {f"D-{number}" for number in range(1, 12)} - {"D-8"}


def test_a_program_may_ask_for_the_executable_measures_of_a_list(published: World, client: Client) -> None:
    found = client.get("/api/v1/measures?executable=true&list_key=L03").json()
    assert [one["key"] for one in found] == ["D-1", "D-2", "D-6"]
    assert found[0]["basis"][0]["reliable"] is True
    others = client.get("/api/v1/measures?executable=false").json()
    assert all(one["reasons"] for one in others)
    assert "L05" in {one["key"] for one in client.get("/api/v1/lists").json()}


def test_the_desk_shows_a_proposal_to_the_second_person_only_as_hers_to_confirm(office: World, at_desk: AtDesk) -> None:
    first, second = at_desk("lin.xinyu"), at_desk("zhou.ming")
    assert "提出公布" in text(first, "/desk/measure-lists")
    first.post("/desk/measure-lists/propose", {"edition": "demo-2026"})

    assert "请另一名有权限的人员确认" in text(first, "/desk/measure-lists")
    assert "确认公布" in text(second, "/desk/measure-lists")
    number = ListPublication.objects.get().pk
    refused = first.post(f"/desk/measure-lists/{number}", {"step": "confirm"}, follow=True)
    assert "提出和确认须为不同的人" in refused.content.decode()


def test_the_desk_withdraws_a_list_with_a_reason(published: World, at_desk: AtDesk) -> None:
    office_clerk = at_desk("lin.xinyu")
    number = ListPublication.objects.get().pk

    refused = office_clerk.post(f"/desk/measure-lists/{number}", {"step": "withdraw", "reason": ""}, follow=True)
    assert "请写明原因" in refused.content.decode()
    office_clerk.post(f"/desk/measure-lists/{number}", {"step": "withdraw", "reason": "依据将修改"})

    page = text(office_clerk, "/desk/measure-lists")
    assert "依据将修改" in page
    assert "提出公布" in page


def test_the_desk_drops_a_proposal_and_refuses_an_unknown_step(office: World, at_desk: AtDesk) -> None:
    clerk = at_desk("lin.xinyu")
    clerk.post("/desk/measure-lists/propose", {"edition": "demo-2026"})
    number = ListPublication.objects.get().pk

    unknown = clerk.post(f"/desk/measure-lists/{number}", {"step": "burn"}, follow=True)
    assert "没有这一操作" in unknown.content.decode()
    clerk.post(f"/desk/measure-lists/{number}", {"step": "drop", "reason": "文字有误"})
    assert "文字有误" in text(clerk, "/desk/measure-lists")


def test_officers_without_the_right_do_not_open_the_page(office: World, at_desk: AtDesk) -> None:
    assert at_desk("he.shuo").get("/desk/measure-lists").status_code == 403

"""The desk's view of copies elsewhere: who was given what, who still owes a confirmation."""

import io

import openpyxl
import pytest
from tests.desk.reading import text_of
from tests.kept import lent
from tests.world import NOW, SYSTEM, World

from xinheng.base.clock import today
from xinheng.base.home import Home
from xinheng.effects.actions import acknowledge_retraction, end_effects, hand_to_program
from xinheng.effects.models import Effect, EndReason, HandedVersion, Retraction
from xinheng.people.actions import create_api_client
from xinheng.people.identity import client_summary
from xinheng.people.queries import ClientSummary
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
LETTER = "幻信函〔2026〕8号，2026年11月21日"


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def county(office: World) -> World:
    return office


def penalty_effects() -> list[int]:
    penalties = Record.objects.filter(type="penalty", known_to=None).values_list("id", flat=True)
    return list(Effect.objects.filter(record_id__in=list(penalties)).values_list("id", flat=True))


def repair() -> None:
    end_effects(
        effect_ids=penalty_effects(), reason=EndReason.REPAIRED, why="准予修复", by=SYSTEM, now=NOW, today=today(NOW)
    )


@pytest.fixture
def reader(county: World) -> ClientSummary:
    """A program that read the penalty before it was repaired."""
    client, _ = create_api_client(
        name="办件系统", department=county.department("119900010000084085"), scopes=("read",), by=SYSTEM, now=NOW
    )
    hand_to_program(client=client_summary(client), effect_ids=penalty_effects(), now=NOW)
    repair()
    return client_summary(client)


def test_a_list_is_given_to_a_named_recipient_and_noted(county, at_desk):
    client = at_desk("lin.xinyu")
    answer = client.post("/desk/handovers/give", {"type": "penalty", "name": "云屿县公共资源交易中心"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.cell(2, 3).value == "云市监罚〔2026〕1号"
    assert HandedVersion.objects.count() == 1
    assert "云屿县公共资源交易中心" in text_of(client, "/desk/handovers")


def test_a_number_of_a_person_is_no_recipient(county, at_desk):
    answer = at_desk("lin.xinyu").post("/desk/handovers/give", {"type": "penalty", "name": "张 99000119900307001X"})
    assert answer.status_code == 400
    assert "99000119900307001X" not in answer.content.decode()
    assert not HandedVersion.objects.exists()


def test_an_open_retraction_says_who_what_why_and_until_when(reader, at_desk):
    page = text_of(at_desk("lin.xinyu"), "/desk/retractions")
    for words in ("待确认", "办件系统", "云市监罚〔2026〕1号", "还剩 3 个工作日", "2026年11月25日"):
        assert words in page
    detail = text_of(at_desk("lin.xinyu"), f"/desk/retractions/{Retraction.objects.get().pk}")
    for words in ("公示提前终止：信用修复", "准予修复", "接口读取", "等待接口程序用自己的密钥确认"):
        assert words in detail


def test_a_program_that_still_holds_is_marked_with_evidence(reader, at_desk):
    number = Retraction.objects.get().pk
    acknowledge_retraction(retraction=number, version=1, client=reader, now=NOW)
    client = at_desk("lin.xinyu")
    assert "登记仍在使用" in text_of(client, f"/desk/retractions/{number}")

    client.post(f"/desk/retractions/{number}/contest", {"note": "办件页面仍显示，截图存档"})

    assert "确认后仍在使用" in text_of(client, "/desk/retractions?show=contested")
    assert "办件页面仍显示" in text_of(client, f"/desk/retractions/{number}")


def test_a_letter_confirms_everything_a_recipient_was_asked_for(county, at_desk):
    client = at_desk("lin.xinyu")
    client.post("/desk/handovers/give", {"type": "penalty", "name": "云屿县公共资源交易中心"})
    repair()
    recipient = Retraction.objects.get().recipient_id
    assert "登记全部 1 条已确认" in text_of(client, f"/desk/retractions?recipient={recipient}")

    client.post(f"/desk/recipients/{recipient}/confirm", {"note": LETTER})

    assert Retraction.objects.get().confirmed_at is not None
    assert "云市监罚〔2026〕1号" in text_of(client, "/desk/retractions?show=confirmed")


def test_one_retraction_is_confirmed_by_itself(county, at_desk):
    client = at_desk("lin.xinyu")
    client.post("/desk/handovers/give", {"type": "penalty", "name": "云屿县公共资源交易中心"})
    repair()
    number = Retraction.objects.get().pk

    assert client.post(f"/desk/retractions/{number}/confirm", {"note": " "}).status_code == 400
    client.post(f"/desk/retractions/{number}/confirm", {"note": LETTER})

    assert LETTER in text_of(client, f"/desk/retractions/{number}")


def test_a_collector_sees_no_recipients(reader, at_desk):
    for address in ("/desk/retractions", "/desk/handovers", f"/desk/retractions/{Retraction.objects.get().pk}"):
        assert at_desk("he.shuo").get(address).status_code == 403


def test_the_list_can_be_taken_along(reader, at_desk):
    content = at_desk("lin.xinyu").get("/desk/retractions?export=1").content
    assert openpyxl.load_workbook(io.BytesIO(content)).active.cell(2, 1).value.startswith("云市监罚〔2026〕1号")

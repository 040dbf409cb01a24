"""What a file said of a person goes out by no door of copies: not the feed, not an export, not a report, not a list."""

import io
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader
from tests.intake.intake_rows import SHOP, SHOP_NAME, organisation, penalty
from tests.world import MARKET, NOW, SYSTEM, World, table

from xinheng.base.clock import today
from xinheng.base.errors import Refused
from xinheng.base.identifiers import citizen_number
from xinheng.effects.actions import end_effects
from xinheng.effects.models import Effect, EndReason, Retraction
from xinheng.exchange.actions import log_export
from xinheng.exchange.queries import exchange_file
from xinheng.people.actions import create_api_client
from xinheng.products.actions import issue_report

pytestmark = pytest.mark.django_db
NAME, REPRESENTATIVE = "欧阳翡翠", "诸葛珊瑚"
NUMBER, REPRESENTATIVE_NUMBER = citizen_number.complete("990001900301001"), citizen_number.complete("990001900302002")
PLANTED = (NAME, NUMBER, REPRESENTATIVE, REPRESENTATIVE_NUMBER)


@pytest.fixture
def county(world: World) -> Iterator[World]:
    """A person's penalty, and a company's whose representative is named wherever a department may write her."""
    world.batch(table([organisation(法定代表人=REPRESENTATIVE)]), "organisation")
    of_company = penalty(
        "甲",
        法定代表人=REPRESENTATIVE,
        违法事实=f"法定代表人{REPRESENTATIVE}（{REPRESENTATIVE_NUMBER}）承认",
        备注=REPRESENTATIVE_NUMBER,
    )
    of_person = penalty("乙", "", NAME, 行政相对人类别="自然人", 法定代表人="", 证件类型="身份证", 证件号码=NUMBER)
    columns = dict.fromkeys([*of_company, *of_person])
    world.batch(table([{name: row.get(name, "") for name in columns} for row in (of_company, of_person)]), "penalty")
    with time_machine.travel(NOW, tick=False):
        yield world


def spoken_of(said: bytes | str) -> list[str]:
    text = said if isinstance(said, str) else said.decode("utf-8", "ignore")
    return [word for word in PLANTED if word in text]


def api(world: World, client: Client) -> dict[str, str]:
    _, secret = create_api_client(
        name="办件系统", department=world.department(MARKET.code), scopes=("read",), by=SYSTEM, now=NOW
    )
    return {"Authorization": f"Bearer {secret}"}


def test_not_by_the_feed_nor_by_a_retraction(county: World, client: Client) -> None:
    bearer = api(county, client)
    said = client.get(f"/api/v1/organisations/{SHOP}/records", headers=bearer).content
    end_effects(
        effect_ids=list(Effect.objects.values_list("id", flat=True)), reason=EndReason.REPAIRED, why="修复",
        by=SYSTEM, now=NOW, today=today(NOW),
    )  # fmt: skip
    assert Retraction.objects.exists()
    said += client.get("/api/v1/feed").content + client.get("/api/v1/retractions", headers=bearer).content
    assert spoken_of(said) == []
    assert SHOP_NAME not in client.get("/api/v1/retractions", headers=bearer).content.decode()


def test_not_by_the_file_for_the_upper_platform(county: World) -> None:
    day = today(NOW)
    file = exchange_file(county.scope, type="penalty", first=day, last=day, home=county.home)
    log_export(file=file, by=county.officer("lin.xinyu"), now=NOW)
    assert file.rows == 1
    assert spoken_of(file.content) == []


def test_not_by_a_report(county: World) -> None:
    report = issue_report(credit_code=SHOP, kind="plain", by=SYSTEM, now=NOW, today=today(NOW), purpose="招标投标")
    pages = PdfReader(io.BytesIO(report.content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert "承认" in text
    assert spoken_of(text) == []


def test_a_person_has_no_report_and_cannot_be_verified(county: World, client: Client) -> None:
    with pytest.raises(Refused, match="只为单位"):
        issue_report(credit_code=NUMBER, kind="plain", by=SYSTEM, now=NOW, today=today(NOW), purpose="查询")
    assert spoken_of(client.post("/reports/verify", {"number": NUMBER}).content) == []
    assert spoken_of(client.get(f"/reports/verify/{NUMBER}", follow=True).content) == []


def test_not_by_the_lists_of_what_was_given_to_whom(county: World) -> None:
    desk = Client()
    desk.force_login(county.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    given = desk.post("/desk/handovers/give", {"type": "penalty", "name": "云屿县公共资源交易中心"})
    said = given.content
    for address in ("/desk/handovers", "/desk/retractions", "/desk/reports"):
        said += desk.get(address).content
    assert spoken_of(said) == []

"""The desk pages from a penalty to an entry: offered where the list allows it, links both ways, and no name on any."""

import uuid
from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.kept import building, lent
from tests.proceedings.cases import PDF
from tests.proceedings.listing_cases import FACTS, LABOUR, NAME, NUMBER, WAGES, Listing, build
from tests.world import NOW, World

from xinheng.base.home import Home
from xinheng.people.models import User
from xinheng.proceedings.models import Case, ListDetermination
from xinheng.register.models import Record
from xinheng.register.references import record_ref

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="module")
def kept(module_world: World) -> Listing:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: Listing, home: Home, db: None):
    with time_machine.travel(NOW, tick=False):
        User.objects.update(must_change_password=False)
        yield replace(kept, world=lent(kept.world, home))


def browser(county: Listing) -> Client:
    client = Client()
    client.force_login(county.clerk, backend=BACKEND)
    client.post("/desk/purpose", {"purpose": "case", "note": "名单认定"})
    return client


def form(stated: dict[str, str], **more: object) -> dict[str, object]:
    decision = SimpleUploadedFile("决定书.pdf", PDF, content_type="application/pdf")
    typed = {f"open-{key}": value for key, value in stated.items()}
    return {"entry": str(uuid.uuid4()), "file-decision": decision, **typed, **more}


def page(record: Record) -> str:
    return f"/desk/records/{record_ref(record.record_no)}"


def test_only_a_heavy_penalty_offers_the_list(county: Listing) -> None:
    client = browser(county)
    assert "拟列入名单" in client.get(page(county.fine(1))).content.decode()
    light = county.fine(2, wan="2")
    assert "拟列入名单" not in client.get(page(light)).content.decode()
    assert client.get(f"{page(light)}/determination").status_code == 404


def test_the_form_opens_the_case_and_pages_show_each_other(county: Listing) -> None:
    penalty, client = county.fine(), browser(county)
    answer = client.post(f"{page(penalty)}/determination", form(FACTS), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/desk/cases/{case.pk}", 302)]
    assert "市场监督管理严重违法失信名单" in answer.content.decode()
    assert case.number in client.get(page(penalty)).content.decode()


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(county: Listing) -> None:
    answer = browser(county).post(f"{page(county.fine())}/determination", form(FACTS | {"article": ""}))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "请填写“列入依据的条款”" in text
    assert FACTS["facts"] in text


def test_an_entry_offers_its_removal_and_the_fall_of_its_penalty_is_told(county: Listing) -> None:
    penalty = county.fine()
    held, client = county.listed(penalty), browser(county)
    assert "登记移出" in client.get(f"/desk/cases/{held.case_id}").content.decode()
    county.take_back(penalty)
    address = f"/desk/determinations/{held.pk}/removal"
    assert "应当撤销列入" in client.get(address).content.decode()
    typed = {"open-ground": "revoked", "open-statement": "复议撤销", "entry": str(uuid.uuid4())}
    assert client.post(address, typed).status_code == 302
    assert Case.objects.get(procedure="removal").ground == "revoked"


def test_a_named_person_is_on_no_page_of_her_own_case(county: Listing) -> None:
    labour = replace(county, code=LABOUR)
    penalty, client = labour.fine(wan="2"), browser(labour)
    person = {"person-role": "法定代表人", "person-person": NAME, "person-number": NUMBER}
    answer = client.post(f"{page(penalty)}/determination", form(WAGES, **person), follow=True)
    held = ListDetermination.objects.get()
    assert held.person_role == "法定代表人"
    pages = [answer, client.get(page(penalty)), client.get("/desk/cases")]
    assert all(NAME not in one.content.decode() and NUMBER not in one.content.decode() for one in pages)


def test_a_wrong_number_is_told_beside_the_person(county: Listing) -> None:
    labour = replace(county, code=LABOUR)
    person = {"person-role": "法定代表人", "person-person": NAME, "person-number": "123"}
    answer = browser(labour).post(f"{page(labour.fine(wan='2'))}/determination", form(WAGES, **person))
    assert answer.status_code == 400
    assert "正确的居民身份证号码" in answer.content.decode()
    assert not Case.objects.exists()

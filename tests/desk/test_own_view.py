"""A person at the counter sees what is sealed about her and who looked; her number goes nowhere."""

import io
import logging

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pypdf import PdfReader
from tests.desk.test_second_factor import code_of, later
from tests.kept import lent
from tests.portal.senders import CITIZEN_NUMBER
from tests.privacy.searching import found_in_database, found_in_files
from tests.world import NOW, World

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.home import Home
from xinheng.base.identifiers import citizen_number
from xinheng.people import actions as people
from xinheng.people.models import User
from xinheng.vault.actions import end_retention, open_record
from xinheng.vault.models import SealedRecord

pytestmark = pytest.mark.django_db
NOBODY = citizen_number.complete("990001850612002")
FORM = {"document": "居民身份证", "citizen_number": CITIZEN_NUMBER, "present": "on"}
NAME = "测试自然人"


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def county(office: World) -> World:
    return office


@pytest.fixture
def counter(county: World, at_desk) -> Client:
    return at_desk("lin.xinyu")


def look(counter: Client, **more: str):
    return counter.post("/desk/persons", FORM | more)


def printed(counter: Client, page: str):
    return counter.post(
        "/desk/persons/extract", {"token": page.split('name="token" value="')[1].split('"', maxsplit=1)[0]}
    )


def text_of_pdf(content: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def test_she_sees_her_own_record_with_the_number_masked(counter):
    answer = look(counter)
    page = answer.content.decode()
    assert NAME in page
    assert "行政处罚" in page
    assert "云市监罚〔2026〕2号" in page
    assert CITIZEN_NUMBER not in page
    assert CITIZEN_NUMBER[:3] in page
    assert answer["Cache-Control"] == "no-store"


def test_somebody_nobody_knows_gets_the_same_page_with_nothing_in_it(counter):
    answer = look(counter, citizen_number=NOBODY)
    assert answer.status_code == 200
    assert "没有查到记录" in answer.content.decode()
    assert NOBODY not in answer.content.decode()
    assert "没有查到记录" in text_of_pdf(printed(counter, answer.content.decode()).content)


def test_she_sees_who_looked_and_for_what(county, counter):
    record = SealedRecord.objects.get()
    actor = Actor.of(county.officer("zhou.ming"))
    open_record(county.scope, record.pk, purpose="[case] 云异〔2026〕1号", by=actor, now=NOW)
    page = look(counter).content.decode()
    assert "云异〔2026〕1号" in page
    assert "[case]" not in page
    assert "云屿县发展和改革局" in page
    assert "周明" not in page
    assert "窗口本人查询" in look(counter).content.decode()


def test_the_extract_has_number_day_and_office_and_is_not_kept(county, counter):
    answer = printed(counter, look(counter).content.decode())
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    text = text_of_pdf(answer.content)
    event = AuditEvent.objects.get(act="vault.own_extract")
    for words in (f"BRCX-20261121-{event.pk}", "2026年11月21日", "云屿县", NAME, "云市监罚〔2026〕2号"):
        assert words in text
    assert CITIZEN_NUMBER not in text
    assert not list(county.home.root.rglob("*.pdf"))


def test_nothing_is_stored_but_events_with_the_blind_index(county, counter, caplog):
    caplog.set_level(logging.DEBUG)
    for sent in county.home.tmp.glob("sent-*"):  # the files as their senders had them
        sent.unlink()
    printed(counter, look(counter).content.decode())
    look(counter, citizen_number=CITIZEN_NUMBER[:-1] + "0")
    assert found_in_database([CITIZEN_NUMBER, NAME]) == []
    assert found_in_files(county.home.root, [CITIZEN_NUMBER, NAME]) == []
    assert CITIZEN_NUMBER not in caplog.text
    assert NAME not in caplog.text
    events = AuditEvent.objects.filter(act__startswith="vault.own_")
    assert [one.act for one in events.order_by("pk")] == ["vault.own_view", "vault.own_extract"]
    assert {(one.object_type, one.purpose) for one in events} == {("person", "本人查询")}
    assert {str(one.detail) for one in events} == {"{'records': 1, 'document': '居民身份证'}"}


def test_a_mistyped_number_or_an_absent_person_is_refused_and_not_echoed(counter):
    for more in ({"citizen_number": CITIZEN_NUMBER[:-1] + "0"}, {"present": ""}, {"citizen_number": ""}):
        answer = look(counter, **more)
        assert answer.status_code == 400
        assert CITIZEN_NUMBER[:17] not in answer.content.decode()
    assert not AuditEvent.objects.filter(act="vault.own_view").exists()


def test_a_look_needs_the_officers_own_code_each_time(county, counter):
    user = county.officer("lin.xinyu")
    people.begin_second_factor(user=user, now=later(-300))
    people.confirm_second_factor(user=user, code=code_of(user, later(-300)), now=later(-300))
    session = counter.session
    session["second_factor"] = user.factors.get().pk
    session.save()
    assert "您的验证码" in counter.get("/desk/persons").content.decode()
    assert look(counter).status_code == 400
    assert look(counter, code="000000").status_code == 400
    assert found_in_database([CITIZEN_NUMBER]) == [], "the count of wrong tries keeps no number"
    code = code_of(user)
    assert look(counter, code=code).status_code == 200
    assert look(counter, code=code).status_code == 400, "a code holds once"


def test_a_token_works_for_its_officer_and_ten_minutes_only(county, counter, at_desk, monkeypatch):
    page = look(counter).content.decode()
    assert printed(at_desk("zhou.ming"), page).status_code != 200
    assert counter.post("/desk/persons/extract", {"token": "x"}).status_code != 200
    monkeypatch.setattr("xinheng.desk.views.persons.PATIENCE", -1)
    assert printed(counter, page).status_code != 200
    assert not AuditEvent.objects.filter(act="vault.own_extract").exists()


def test_the_number_is_in_no_address(counter):
    assert NAME not in counter.get("/desk/persons", {"citizen_number": CITIZEN_NUMBER}).content.decode()
    assert counter.get("/desk/persons/extract").status_code == 405


def test_a_login_that_has_run_out_keeps_no_number(county, counter):
    counter.get("/desk/persons")
    people.end_sessions(user=county.officer("lin.xinyu"), by=Actor.system("测试"), now=NOW)
    assert look(counter).status_code == 302
    assert CITIZEN_NUMBER not in str([one.get_decoded() for one in Session.objects.all()])


@pytest.mark.parametrize("username", ["he.shuo", "gu.anlan"])
def test_only_the_counter_of_the_credit_office_may(county, at_desk, username):
    client = at_desk(username)
    assert client.get("/desk/persons").status_code == 403
    assert look(client).status_code == 403
    assert User.objects.filter(username=username).exists()


def test_what_was_destroyed_is_said_to_be(county, counter):
    SealedRecord.objects.update(decided_on="2020-01-01")
    end_retention(pack="demo", today=NOW.date(), now=NOW)
    page = look(counter).content.decode()
    assert "内容已销毁" in page
    assert NAME not in page

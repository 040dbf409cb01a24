"""An officer's password: changed by herself, set by an administrator for one login only, and not to be guessed."""

import pytest
from django.test import Client
from tests.desk.reading import text_of
from tests.world import MARKET, NOW, PASSWORD, SYSTEM

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Refused
from xinheng.people import actions as people
from xinheng.people.models import Role, User

FRESH = "新的-好记的-5519"
OWN = "/desk/account/password"


def log_in(password: str = PASSWORD, username: str = "he.shuo") -> Client:
    client = Client()
    response = client.post("/desk/login", {"username": username, "password": password})
    assert response.status_code == 302, response.content.decode()[:2000]
    return client


def change(client: Client, old: str = PASSWORD, password: str = FRESH):
    return client.post(OWN, {"old": old, "password": password})


def test_she_changes_her_own_and_stays_here_while_other_logins_end(office):
    here, elsewhere = log_in(), log_in()
    assert OWN in text_of(here, "/desk/account")
    assert change(here)["Location"] == "/desk/"
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/")["Location"].startswith("/desk/login")
    log_in(FRESH)
    event = AuditEvent.objects.get(act="officer.own_password")
    assert (event.actor_name, FRESH in str(event.detail)) == ("何朔", False)


def test_the_present_password_is_asked_for(office):
    client = log_in()
    assert "原密码不对" in change(client, "not-this-one").content.decode()
    log_in()


@pytest.mark.parametrize(
    ("password", "words"), [("short", "长度太短"), (PASSWORD, "和原密码一样"), ("1234567890", "密码")]
)
def test_a_weak_or_unchanged_one_is_refused(office, password, words):
    assert words in change(log_in(), password=password).content.decode()
    log_in()


def test_guessing_from_an_open_login_is_locked_out(office):
    client = log_in()
    for _ in range(4):
        assert "原密码不对" in change(client, "not-this-one").content.decode()
    assert "暂停登录" in change(client, "not-this-one").content.decode()
    assert "暂停登录" in change(client).content.decode()
    assert User.objects.get(username="he.shuo").check_password(PASSWORD)


def test_one_that_an_administrator_set_opens_the_page_for_changing_it_only(office, at_desk):
    number = office.officer("he.shuo").pk
    at_desk("gu.anlan").post(f"/desk/officers/{number}/change", {"step": "password", "password": "先用-这个-8090"})
    client = log_in("先用-这个-8090")
    for address in ("/desk/", "/desk/batches", "/desk/account", "/desk/messages"):
        assert client.get(address)["Location"] == OWN
    assert "别人为您设定的" in text_of(client, OWN)
    assert change(client, "先用-这个-8090")["Location"] == "/desk/"
    assert client.get("/desk/batches").status_code == 200
    assert not User.objects.get(pk=number).must_change_password


def test_a_new_account_begins_with_a_change_of_password(office):
    by = Actor.of(office.officer("gu.anlan"))
    people.create_officer(
        username="yu.ran", display_name="于然", department=office.department(MARKET.code), password=PASSWORD,
        roles=[Role.COLLECTOR], by=by, now=NOW,
    )  # fmt: skip
    assert log_in(username="yu.ran").get("/desk/")["Location"] == OWN


def test_the_password_comes_before_the_second_factor_and_both_can_be_reached(office, settings):
    settings.REQUIRE_TOTP = "all"
    people.set_password(user=office.officer("he.shuo"), password="先用-这个-8090", by=SYSTEM, now=NOW)
    client = log_in("先用-这个-8090")
    assert client.get("/desk/")["Location"] == OWN
    change(client, "先用-这个-8090")
    assert client.get("/desk/")["Location"] == "/desk/account/second-factor"


def test_a_lock_out_is_ended_by_another_administrator(office, at_desk):
    number = office.officer("he.shuo").pk
    client = Client()
    for _ in range(5):
        client.post("/desk/login", {"username": "he.shuo", "password": "wrong"})
    assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD}).status_code == 403
    at_desk("gu.anlan").post(f"/desk/officers/{number}/change", {"step": "unlock"})
    assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD}).status_code == 302
    with pytest.raises(Refused, match="自己的锁定"):
        people.unlock_login(user=office.officer("gu.anlan"), by=Actor.of(office.officer("gu.anlan")), now=NOW)

"""A forgotten password: a word from the counter, used once, told to colleagues, and not to be guessed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.centre.conftest import log_in
from tests.centre.test_centre import text_of
from tests.desk.second_county import found_second_county
from tests.people.test_organisation_users import MILL, SHOP, join, word_for
from tests.world import NOW, SYSTEM

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Refused
from xinheng.people import actions as people
from xinheng.people.models import Message, OrganisationMembership, RecoveryWord

WORD = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}")
FRESH = "忘了-又记起-8812"
NOT_USABLE = "登录名或找回码不对，或者找回码已经用过、过期"
pytestmark = pytest.mark.django_db


def membership(username: str = "shop.a") -> OrganisationMembership:
    return OrganisationMembership.objects.get(user__username=username, revoked_at=None)


def word_of(county, username: str = "shop.a") -> str:
    by = Actor.of(county.officer("lin.xinyu"))
    return people.issue_recovery_word(membership=membership(username), by=by, now=NOW)[1]


def recover(client: Client, word: str, *, username: str = "shop.a", password: str = FRESH):
    return client.post("/centre/recover", {"username": username, "word": word, "password": password})


def at_the_desk(county, username: str = "lin.xinyu") -> Client:
    client = Client()
    client.force_login(county.officer(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_counter_hands_out_a_word_after_the_check_and_shows_it_once(county):
    desk, number = at_the_desk(county), membership().pk
    unchecked = desk.post(f"/desk/organisation-users/{number}/recover").content.decode()
    assert not WORD.search(unchecked)
    page = desk.post(f"/desk/organisation-users/{number}/recover", {"seen": "on"}).content.decode()
    word = WORD.search(page)[0]
    assert word not in desk.get(f"/desk/organisation-users?code={SHOP}").content.decode()
    assert AuditEvent.objects.get(act="recovery.issue").actor_name == "林信予"
    assert recover(Client(), word)["Location"] == "/centre/"


def test_only_the_credit_office_of_that_county_hands_out_words(county):
    found_second_county()
    number = membership().pk
    for username, status in (("he.shuo", 403), ("gu.anlan", 403), ("wu.deng", 404)):
        desk = at_the_desk(county, username)
        assert desk.post(f"/desk/organisation-users/{number}/recover", {"seen": "on"}).status_code == status
    assert not RecoveryWord.objects.exists()
    with pytest.raises(Refused, match="窗口"):
        people.issue_recovery_word(membership=membership(), by=SYSTEM, now=NOW)


def test_with_the_word_a_new_password_is_set_and_other_logins_end(county, shop):
    word = word_of(county)
    client = Client()
    assert recover(client, word.lower().replace("-", " "))["Location"] == "/centre/"
    assert client.get("/centre/").status_code == 200
    assert shop.get("/centre/")["Location"].startswith("/centre/login")
    assert client.post("/centre/login", {"username": "shop.a", "password": FRESH}).status_code == 302


def test_colleagues_are_told(county):
    recover(Client(), word_of(county))
    told = Message.objects.filter(credit_code=SHOP).latest("pk")
    assert (told.title, "重设了企业中心的密码" in told.text) == ("使用人重设了密码", True)
    assert not Message.objects.filter(credit_code=MILL, title="使用人重设了密码").exists()


def test_a_word_works_once_and_the_newest_only(county):
    first, second = word_of(county), word_of(county)
    assert NOT_USABLE in recover(Client(), first).content.decode()
    assert recover(Client(), second).status_code == 302
    assert NOT_USABLE in recover(Client(), second).content.decode()


def test_a_word_ends_after_one_working_day(county):
    word = word_of(county)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):  # Saturday to Monday
        assert recover(Client(), word, password="1").status_code == 200
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert NOT_USABLE in recover(Client(), word).content.decode()


def test_a_word_of_one_user_is_worthless_for_another_and_unknown_names_get_the_same_answer(county):
    word = word_of(county)
    answers = {
        re.sub(r"(csrf|value=)[^>]*", "", recover(Client(), word, username=name).content.decode())
        for name in ("mill.a", "nobody.here")
    }
    assert len(answers) == 1
    assert NOT_USABLE in answers.pop()


def test_a_weak_password_keeps_the_word_good(county):
    word = word_of(county)
    assert "密码" in recover(Client(), word, password="1234567890").content.decode()
    assert recover(Client(), word).status_code == 302


def test_guessing_is_locked_out_and_the_login_name_of_an_officer_is_another_one(county):
    word, client = word_of(county), Client()
    for _ in range(4):
        assert NOT_USABLE in recover(client, "AAAA-AAAA-AAAA-AAAA").content.decode()
    assert recover(client, "AAAA-AAAA-AAAA-AAAA").status_code == 403
    assert recover(client, word).status_code == 403
    assert RecoveryWord.objects.get().used_at is None


def test_who_was_ended_gets_no_word(county):
    ended = membership()
    people.revoke_membership(membership=ended, why="离职", by=SYSTEM, now=NOW)
    ended.refresh_from_db()
    with pytest.raises(Refused, match="已经停用"):
        people.issue_recovery_word(membership=ended, by=Actor.of(county.officer("lin.xinyu")), now=NOW)


def test_one_county_opens_nothing_of_another(county):
    second = found_second_county()
    user = membership().user
    _, word = people.issue_binding_code(
        credit_code=MILL, region=second.region, for_holder=True, by=Actor.of(second.credit_officer), now=NOW
    )
    elsewhere = people.bind_organisation(user=user, credit_code=MILL, word=word, now=NOW)
    recover(Client(), word_of_region(county))
    elsewhere.refresh_from_db()
    assert elsewhere.revoked_why == "在别的地区的窗口重设了密码，须在本地区重新核验"
    assert membership().region == county.region
    assert Message.objects.filter(credit_code=MILL, region=second.region).latest("pk").title == "使用人重设了密码"


def word_of_region(county) -> str:
    own = OrganisationMembership.objects.get(user__username="shop.a", region=county.region)
    return people.issue_recovery_word(membership=own, by=Actor.of(county.officer("lin.xinyu")), now=NOW)[1]


def test_the_present_password_cannot_be_guessed_from_an_open_login(shop):
    for _ in range(4):
        assert "原密码不对" in shop.post("/centre/password", {"old": "x", "password": FRESH}).content.decode()
    assert shop.post("/centre/password", {"old": "x", "password": FRESH}).status_code == 403


def test_the_way_is_told_at_the_login(county):
    assert "/centre/recover" in text_of(Client(), "/centre/login")
    assert join(county, "shop.b", word_for(county, SHOP, for_holder=False)).pk
    assert log_in("shop.b").get("/centre/").status_code == 200

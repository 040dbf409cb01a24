"""Officers log in through a provider of single sign-on; and what forged, stale and foreign answers come to."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.desk.reading import text_of
from tests.desk.second_county import found_second_county
from tests.desk.test_second_factor import code_of
from tests.people.oidc_provider import ANOTHER_KEY, KEY, SHARED_KEY, go, local_provider
from tests.world import NOW, PASSWORD, SYSTEM

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Refused
from xinheng.people import actions as people
from xinheng.people.models import Role, SignOnSubject, User

START = "/desk/login/sign-on"
NOBODY = "没有与这个统一身份认证账号对应的工作人员账号"
NOT_BELIEVED = "不能采信"


@pytest.fixture
def provider(office, settings):
    with local_provider() as found:
        found.person = {"preferred_username": "he.shuo"}
        settings.OIDC_OFFICERS = found.settings()
        yield found


def comes_back(address: str = START) -> tuple[Client, object]:
    client = Client()
    return client, client.get(go(client, address))


def refused(client: Client, response, words: str) -> None:
    assert response.status_code == 403
    assert words in response.content.decode()
    assert client.get("/desk/")["Location"].startswith("/desk/login")


def test_without_the_setting_there_is_no_such_door(office):
    client = Client()
    assert client.get(START).status_code == 404
    assert client.get("/desk/login/signed-on").status_code == 404
    assert "login/sign-on" not in text_of(client, "/desk/login")


def test_an_officer_comes_in_and_is_led_to_where_she_was_going(provider):
    assert f"{START}?next=/desk/batches" in text_of(Client(), "/desk/login?next=/desk/batches")
    client, response = comes_back(f"{START}?next=/desk/batches")
    assert response["Location"] == "/desk/batches"
    assert "何朔" in text_of(client, "/desk/batches")
    event = AuditEvent.objects.get(act="session.login")
    assert (event.actor_name, event.detail) == ("何朔", {"how": "sign_on"})


def test_the_question_carries_state_nonce_and_a_proof_of_possession(provider):
    comes_back()
    assert len(provider.asked["state"]) >= 20
    assert len(provider.asked["nonce"]) >= 20
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["redirect_uri"] == "http://testserver/desk/login/signed-on"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/centre/", "/\\evil.example", "javascript:1"]
)
def test_nobody_is_led_elsewhere(provider, wanted):
    _, response = comes_back(f"{START}?next={wanted}")
    assert response["Location"] == "/desk/"


def test_roles_and_region_never_come_from_the_provider(provider):
    provider.person |= {"roles": ["credit_office", "administrator"], "region": "990002"}
    client, _ = comes_back()
    assert client.get("/desk/officers").status_code == 403
    assert User.objects.get(username="he.shuo").roles == {Role.COLLECTOR, Role.REVIEWER}


@pytest.mark.parametrize("name", ["nobody.here", "", "HE.SHUO"])
def test_who_has_no_account_stays_outside(provider, name):
    provider.person = {"preferred_username": name}
    refused(*comes_back(), NOBODY)


def test_a_closed_account_stays_closed(provider, office):
    comes_back()
    by = Actor.of(office.officer("gu.anlan"))
    people.set_officer_active(user=office.officer("he.shuo"), active=False, by=by, now=NOW)
    refused(*comes_back(), NOBODY)


def test_an_officer_of_a_region_the_provider_does_not_speak_for_stays_outside(provider):
    found_second_county()
    provider.person = {"preferred_username": "wu.deng"}
    refused(*comes_back(), NOBODY)


def test_the_subject_counts_once_it_is_bound_whatever_the_name(provider, office):
    comes_back()
    provider.person = {"preferred_username": "lin.xinyu"}
    client, _ = comes_back()
    assert "何朔" in text_of(client, "/desk/")


def test_a_name_given_to_somebody_else_later_opens_nothing(provider, office):
    comes_back()
    provider.person = {"preferred_username": "he.shuo", "sub": "person-2"}
    refused(*comes_back(), NOBODY)
    by = Actor.of(office.officer("gu.anlan"))
    people.release_sign_on(user=office.officer("he.shuo"), by=by, now=NOW)
    client, _ = comes_back()
    assert "何朔" in text_of(client, "/desk/")
    assert SignOnSubject.objects.filter(released_at=None).get().subject == "person-2"


def test_an_answer_works_once(provider):
    client = Client()
    answer = go(client, START)
    assert client.get(answer).status_code == 302
    client.post("/desk/logout")
    assert "不是从本站开始的" in client.get(answer).content.decode()


def test_an_answer_is_worthless_in_another_browser(provider):
    victim = Client()
    refused(victim, victim.get(go(Client(), START)), "不是从本站开始的")


def test_anothers_answer_is_not_taken_even_after_one_began(provider):
    victim = Client()
    go(victim, START)
    refused(victim, victim.get(go(Client(), START)), NOT_BELIEVED)


def test_a_code_the_provider_gave_out_once_is_refused_the_second_time(provider):
    client = Client()
    code = go(client, START)
    client.get(code)
    client.post("/desk/logout")
    again = go(client, START)
    stolen = code.split("code=")[1].split("&")[0]
    fresh = again.split("code=")[1].split("&")[0]
    refused(client, client.get(again.replace(fresh, stolen)), NOT_BELIEVED)


def test_who_stays_too_long_at_the_provider_begins_again(provider):
    client = Client()
    with time_machine.travel(NOW, tick=False):
        answer = go(client, START)
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        refused(client, client.get(answer), "停留太久")


TWISTS = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "for another": {"aud": "another-client"},
    "for another, by way of us": {"aud": "another-client", "azp": "xinheng"},
    "for nobody": {"aud": []},
    "expired": {"exp": NOW.timestamp() - 120},
    "from the time to come": {"nbf": NOW.timestamp() + 3600},
    "another nonce": {"nonce": "replayed"},
    "about nobody": {"sub": ""},
}


@pytest.mark.parametrize("twist", TWISTS.values(), ids=TWISTS.keys())
def test_a_token_that_is_not_for_this_login_is_not_believed(provider, twist):
    provider.twist = lambda claims: claims.update(twist)
    refused(*comes_back(), NOT_BELIEVED)


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "exp", "nonce"])
def test_a_token_that_leaves_out_what_is_needed_is_not_believed(provider, missing):
    provider.twist = lambda claims: claims.pop(missing)
    refused(*comes_back(), NOT_BELIEVED)


@pytest.mark.parametrize(("key", "algorithm"), [(ANOTHER_KEY, "RS256"), (SHARED_KEY, "HS256"), (None, "none")])
def test_a_signature_that_not_only_the_provider_can_make_is_not_believed(provider, key, algorithm):
    provider.key, provider.algorithm = key, algorithm
    refused(*comes_back(), NOT_BELIEVED)


def test_a_provider_without_keys_is_not_believed(provider):
    provider.keys = {"nothing": "here"}
    refused(*comes_back(), NOT_BELIEVED)


def test_an_answer_without_an_identity_is_not_believed(provider):
    provider.no_id_token = True
    refused(*comes_back(), NOT_BELIEVED)


def test_an_answer_that_names_another_issuer_is_not_believed(provider):
    client = Client()
    answer = go(client, START).replace("iss=http", "iss=https")
    refused(client, client.get(answer), NOT_BELIEVED)


def test_a_description_of_another_issuer_is_not_used(provider):
    provider.described_as = "https://elsewhere.example"
    response = Client().get(START)
    assert response.status_code == 503
    assert "没有应答" in response.content.decode()


def test_while_the_provider_is_down_the_password_still_opens(provider):
    provider.down = True
    client = Client()
    response = client.get(START)
    assert response.status_code == 503
    assert "用本站的登录名和密码登录" in response.content.decode()
    assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD})["Location"] == "/desk/"


def test_a_provider_that_goes_down_on_the_way_is_told(provider):
    client = Client()
    answer = go(client, START)
    provider.down = True
    assert client.get(answer).status_code == 503


def test_a_refusal_at_the_provider_is_told(provider):
    client = Client()
    go(client, START)
    refused(client, client.get("/desk/login/signed-on?error=access_denied&state=x"), "没有完成登录")


def test_forged_answers_are_locked_out(provider):
    provider.key = ANOTHER_KEY
    client = Client()
    for _ in range(4):
        assert NOT_BELIEVED in client.get(go(client, START)).content.decode()
    assert "暂停登录" in client.get(go(client, START)).content.decode()
    provider.key = KEY
    assert "暂停登录" in client.get(go(client, START)).content.decode()
    assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD}).status_code == 302


def test_the_own_second_factor_stays_unless_the_provider_vouches(provider, office, settings):
    user, then = office.officer("he.shuo"), NOW - timedelta(minutes=5)
    people.begin_second_factor(user=user, now=then)
    people.confirm_second_factor(user=user, code=code_of(user, then), now=then)
    client, response = comes_back()
    assert response["Location"] == "/desk/login/code"
    assert client.get("/desk/")["Location"].startswith("/desk/login")
    assert "统一身份认证已完成" in text_of(client, "/desk/login/code")
    assert client.post("/desk/login/code", {"code": code_of(user)})["Location"] == "/desk/"
    settings.OIDC_OFFICERS = provider.settings(second_factor=frozenset({"mfa"}))
    provider.person |= {"amr": ["pwd"], "acr": "urn:low"}
    assert comes_back()[1]["Location"] == "/desk/login/code"
    provider.person |= {"amr": ["pwd", "mfa"]}
    client, response = comes_back()
    assert response["Location"] == "/desk/"
    assert "何朔" in text_of(client, "/desk/")


def test_who_must_have_a_factor_binds_one_unless_the_provider_vouches(provider, settings):
    settings.REQUIRE_TOTP = "all"
    client, _ = comes_back()
    assert client.get("/desk/")["Location"] == "/desk/account/second-factor"
    settings.OIDC_OFFICERS = provider.settings(second_factor=frozenset({"urn:high"}))
    provider.person |= {"acr": "urn:high"}
    client, _ = comes_back()
    assert client.get("/desk/").status_code == 200


def test_a_password_somebody_else_set_does_not_matter_here(provider, office):
    by = Actor.of(office.officer("gu.anlan"))
    people.set_password(user=office.officer("he.shuo"), password="另一个-初始-3380", by=by, now=NOW)
    client, _ = comes_back()
    assert client.get("/desk/").status_code == 200
    client.post("/desk/logout")
    client.post("/desk/login", {"username": "he.shuo", "password": "另一个-初始-3380"})
    assert client.get("/desk/")["Location"] == "/desk/account/password"


def test_the_binding_is_released_by_another_administrator_only(provider, office, at_desk):
    comes_back()
    number = office.officer("he.shuo").pk
    client = at_desk("gu.anlan")
    assert "统一身份认证" in text_of(client, f"/desk/officers/{number}")
    told = client.post(f"/desk/officers/{number}/change", {"step": "release_sign_on"}, follow=True)
    assert "已解除" in told.content.decode()
    assert SignOnSubject.objects.get().released_by.username == "gu.anlan"
    again = client.post(f"/desk/officers/{number}/change", {"step": "release_sign_on"}, follow=True)
    assert "没有绑定" in again.content.decode()


def test_an_account_is_bound_through_the_log(provider, office):
    comes_back()
    assert AuditEvent.objects.get(act="sign_on.bind").object_id == "he.shuo"
    with pytest.raises(Refused, match="管理员"):
        people.release_sign_on(user=office.officer("he.shuo"), by=SYSTEM, now=NOW)

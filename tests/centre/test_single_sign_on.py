"""Users of organisations come in through a provider that vouches for a credit code."""

import pytest
from django.test import Client
from tests.centre.conftest import log_in
from tests.centre.test_centre import text_of
from tests.people.oidc_provider import ANOTHER_KEY, go, local_provider
from tests.people.test_organisation_users import MILL, SHOP
from tests.portal.senders import MILL_NAME, SHOP_NAME
from tests.world import NOW, SYSTEM

from xinheng.audit.models import AuditEvent
from xinheng.base.identifiers import credit_code
from xinheng.people import actions as people
from xinheng.people.models import Message, OrganisationMembership, OrganisationUser, VerifiedHow

START = "/centre/login/sign-on"
pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(county, settings):
    with local_provider() as found:
        found.person = {"legal_code": SHOP, "legal_code_verified": True, "name": "柳青"}
        settings.OIDC_ORGANISATIONS = found.settings(claim="legal_code", verified_claim="legal_code_verified")
        yield found


def comes_back(address: str = START) -> tuple[Client, object]:
    client = Client()
    return client, client.get(go(client, address))


def refused(response, words: str) -> None:
    assert response.status_code == 403
    assert words in response.content.decode()
    assert not OrganisationMembership.objects.filter(how=VerifiedHow.OIDC).exists()


def made() -> OrganisationMembership:
    return OrganisationMembership.objects.get(how=VerifiedHow.OIDC)


def test_without_the_setting_there_is_no_such_door(county):
    assert Client().get(START).status_code == 404
    assert Client().get("/centre/login/signed-on").status_code == 404
    assert "login/sign-on" not in text_of(Client(), "/centre/login")


def test_a_verified_code_makes_a_user_of_the_organisation(provider):
    assert f"{START}?next=/centre/readers" in text_of(Client(), "/centre/login?next=/centre/readers")
    client, response = comes_back(f"{START}?next=/centre/readers")
    assert response["Location"] == "/centre/readers"
    assert SHOP_NAME in text_of(client, "/centre/")
    assert (made().credit_code, made().user.display_name, made().is_holder) == (SHOP, "柳青", False)
    assert not made().user.has_usable_password()
    assert Message.objects.filter(credit_code=SHOP, title="有新的使用人").latest("pk").text.startswith("柳青")
    assert AuditEvent.objects.filter(act="membership.bind", object_id=SHOP).latest("pk").detail["how"] == "oidc"


def test_the_second_time_confirms_what_is_there(provider):
    comes_back()
    comes_back()
    assert OrganisationUser.objects.filter(username__startswith="sso.").count() == 1
    assert made().revoked_at is None


def test_where_nobody_answers_for_the_organisation_the_first_one_does(provider, county):
    holder = OrganisationMembership.objects.get(credit_code=SHOP, is_holder=True)
    people.revoke_membership(membership=holder, why="离职", by=SYSTEM, now=NOW)
    comes_back()
    assert made().is_holder


def test_a_wrong_check_digit_is_told(provider):
    provider.person["legal_code"] = SHOP[:-1] + ("0" if SHOP[-1] != "0" else "1")
    refused(comes_back()[1], "统一社会信用代码不正确")


def test_an_organisation_this_region_does_not_know_is_told(provider):
    provider.person["legal_code"] = credit_code.make("91", "990001", "MA999999")
    refused(comes_back()[1], "本站没有统一社会信用代码为")


def test_a_citizen_number_in_place_of_a_code_is_refused_and_not_kept(provider):
    provider.person["legal_code"] = "11010519491231002X"
    response = comes_back()[1]
    refused(response, "统一社会信用代码不正确")
    assert "11010519491231002X" not in response.content.decode()


@pytest.mark.parametrize("flag", [False, "true", 1, None])
def test_a_code_that_was_not_verified_is_told(provider, flag):
    provider.person["legal_code_verified"] = flag
    refused(comes_back()[1], "没有核验您与该单位的关系")


def test_a_login_without_an_organisation_is_told(provider):
    del provider.person["legal_code"]
    refused(comes_back()[1], "没有给出单位的统一社会信用代码")


def test_a_forged_token_is_not_believed_and_then_locked_out(provider):
    provider.key = ANOTHER_KEY
    client = Client()
    for _ in range(4):
        refused(client.get(go(client, START)), "不能采信")
    refused(client.get(go(client, START)), "暂停登录")


def test_an_answer_works_once_and_only_where_it_was_begun(provider):
    client = Client()
    answer = go(client, START)
    assert "不是从本站开始的" in Client().get(answer).content.decode()
    assert client.get(answer).status_code == 302
    client.post("/centre/logout")
    assert "不是从本站开始的" in client.get(answer).content.decode()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/desk/"])
def test_nobody_is_led_elsewhere(provider, wanted):
    assert comes_back(f"{START}?next={wanted}")[1]["Location"] == "/centre/"


def test_an_answer_for_the_desk_is_worthless_here(provider, settings):
    settings.OIDC_OFFICERS = provider.settings()
    client = Client()
    answer = go(client, "/desk/login/sign-on")
    response = client.get(answer.replace("/desk/login", "/centre/login"))
    assert "不是从本站开始的" in response.content.decode()


def test_a_provider_that_is_down_is_told(provider):
    provider.down = True
    assert "没有应答" in Client().get(START).content.decode()


def test_who_was_ended_does_not_come_back_by_this_way(provider):
    comes_back()
    people.revoke_membership(membership=made(), why="单位来函", by=SYSTEM, now=NOW)
    client, response = comes_back()
    assert response.status_code == 403
    assert "已经停用" in response.content.decode()
    assert client.get("/centre/").status_code == 302


def test_who_moved_to_another_organisation_leaves_the_former_one_behind(provider):
    comes_back()
    provider.person["legal_code"] = MILL
    client, _ = comes_back()
    page = text_of(client, "/centre/")
    assert MILL_NAME in page
    assert SHOP_NAME not in page
    former = OrganisationMembership.objects.get(how=VerifiedHow.OIDC, credit_code=SHOP)
    assert client.post("/centre/switch", {"membership": former.pk}).status_code == 404


def test_a_region_the_provider_does_not_speak_for_is_not_touched(provider, settings):
    settings.OIDC_ORGANISATIONS = provider.settings(
        claim="legal_code", verified_claim="legal_code_verified", regions=("990002",)
    )
    refused(comes_back()[1], "本站没有统一社会信用代码为")


def test_without_a_password_of_our_own_the_page_says_so(provider):
    client, _ = comes_back()
    assert "在本站没有密码" in text_of(client, "/centre/password")
    assert "在本站没有密码" not in text_of(log_in("shop.a"), "/centre/password")

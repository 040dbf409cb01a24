"""The organisation centre: own archive, who looked, messages, authorisations, users; and those who try the doors."""

import re

import pytest
from django.test import Client
from tests.centre.conftest import log_in
from tests.people.test_messages import send
from tests.people.test_organisation_users import MILL, SHOP, join, word_for
from tests.portal.senders import MILL_NAME, REPRESENTATIVE, SHOP_NAME, penalty
from tests.world import NOW, PASSWORD, table

from xinheng.audit.models import AuditEvent
from xinheng.base.identifiers.credit_code import PLACEHOLDER
from xinheng.people import actions as people
from xinheng.people.models import Consent, Message, OrganisationMembership, OrganisationUser
from xinheng.people.recipients import OrganisationBox

PAGES = ["/centre/", "/centre/readers", "/centre/messages", "/centre/consents", "/centre/users", "/centre/password"]
pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code, response.headers.get("Location"))
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_asks_for_a_login_and_comes_back(county, address):
    assert Client().get(address)["Location"] == f"/centre/login?next={address.replace('/', '%2F')}"
    assert text_of(log_in("shop.a"), address)


def test_the_own_archive_shows_everything_with_both_times(shop):
    page = text_of(shop, "/centre/")
    assert SHOP_NAME in page
    assert "有效" in page
    assert "本站知悉" in page
    assert "2026年11月21日 09:30起" in page
    assert "公示依据" in page
    assert MILL_NAME not in page
    assert REPRESENTATIVE not in page


def test_each_record_tells_how_it_came_to_the_organisation(shop):
    page = text_of(shop, "/centre/")
    assert page.count("<dt>怎样归到本单位</dt><dd>按报送的统一社会信用代码</dd>") == 3
    assert "不是本单位的，请" not in page


def test_a_record_that_names_alone_led_here_says_so_and_how_to_object(county, shop):
    by_name = {"行政相对人类别": "个体工商户"}
    typed = penalty(9, PLACEHOLDER, "云屿浮光食品有限公司", **by_name)
    county.batch(table([penalty(8, PLACEHOLDER, **by_name), typed]), "penalty")
    page = text_of(shop, "/centre/")
    assert f"报送的名称“{SHOP_NAME}”与登记的名称（含曾用名）一致 <span" in page
    assert "报送的名称“云屿浮光食品有限公司”经比对归到这个单位：名称比对得" in page
    assert page.count("不是本单位的，请<a href=") == 2
    assert "不属于本单位" in text_of(shop, re.findall('请<a href="(.*?)">提出异议', page)[0])


def test_before_anything_was_known_the_archive_was_empty(shop):
    assert "那时没有记录" in text_of(shop, "/centre/?known_at=2026-11-20")


def test_a_day_to_come_is_today(shop):
    assert "2030年" not in text_of(shop, "/centre/?as_at=2030-01-01&known_at=x")


def test_an_organisation_without_records_is_told_so(county):
    code = "1199000100000137X5"
    join(county, "other.a", word_for(county, code), code)
    assert "本站没有您单位的信息" in text_of(log_in("other.a"), "/centre/")


def test_reading_the_own_archive_is_on_record(shop):
    text_of(shop, "/centre/")
    assert AuditEvent.objects.get(act="register.history").actor_kind == "org_user"


def test_who_looked_is_told_by_department_and_purpose_without_the_officers_name(county, shop):
    desk = Client()
    desk.force_login(county.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    desk.post("/desk/purpose", {"purpose": "case", "note": "核对第 1 号批次"})
    assert desk.get(f"/desk/archives/{SHOP}").status_code == 200
    page = text_of(shop, "/centre/readers")
    assert "云屿县发展和改革局" in page
    assert "核对第 1 号批次" in page
    assert "林信予" not in page
    assert "还没有人查过" in text_of(log_in("mill.a"), "/centre/readers")


def test_own_looks_are_not_told_as_anothers(shop):
    text_of(shop, "/centre/")
    assert "还没有人查过" in text_of(shop, "/centre/readers")


def test_messages_are_opened_and_lead_on(county, shop):
    message = send(county, link="/centre/consents")
    assert "异议已受理" in text_of(shop, "/centre/messages")
    assert shop.post(f"/centre/messages/{message.pk}")["Location"] == "/centre/consents"
    message.refresh_from_db()
    assert message.read_at == NOW


def test_anothers_message_cannot_be_opened(county, shop):
    message = send(county, OrganisationBox(MILL, county.region.pk), title="给磨坊")
    assert shop.post(f"/centre/messages/{message.pk}").status_code == 404
    assert "给磨坊" not in text_of(shop, "/centre/messages")
    assert Message.objects.get(pk=message.pk).read_at is None


def consent_form(world, **more):
    office = world.department("1199000100000137X5").pk
    facts = {"purpose_code": "funding", "purpose": "申请贴息", "scope": ["penalty"], "until": "2027-05-31"}
    return {"recipient": office} | facts | more


def test_an_authorisation_is_given_and_taken_back(county, shop):
    assert shop.post("/centre/consents", consent_form(county)).status_code == 302
    page = text_of(shop, "/centre/consents")
    assert "申请贴息" in page
    assert "有效" in page
    given = Consent.objects.get()
    shop.post(f"/centre/consents/{given.pk}/withdraw")
    assert "已撤回" in text_of(shop, "/centre/consents")
    assert {"consent.give", "consent.withdraw"} <= set(AuditEvent.objects.values_list("act", flat=True))
    assert Message.objects.filter(department__name="云屿县发展和改革局").exists()


@pytest.mark.parametrize("change", [{"until": "2026-11-20"}, {"until": "2031-01-01"}, {"scope": []}, {"recipient": 0}])
def test_an_authorisation_without_end_or_object_is_not_given(county, shop, change):
    assert shop.post("/centre/consents", consent_form(county, **change)).status_code == 200
    assert not Consent.objects.exists()


def test_anothers_authorisation_cannot_be_withdrawn(county, shop):
    log_in("mill.a").post("/centre/consents", consent_form(county))
    assert shop.post(f"/centre/consents/{Consent.objects.get().pk}/withdraw").status_code == 404
    assert Consent.objects.get().withdrawn_at is None


def test_a_colleague_is_invited_joins_and_takes_over(county, shop):
    page = shop.post("/centre/users/invite").content.decode()
    word = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", page)[0]
    assert word not in text_of(shop, "/centre/users")
    newcomer = Client()
    form = {"credit_code": SHOP, "word": word, "display_name": "乙", "username": "shop.b", "password": PASSWORD}
    assert newcomer.post("/centre/register", form)["Location"] == "/centre/"
    joined = OrganisationMembership.objects.get(user__username="shop.b")
    shop.post("/centre/users/change", {"step": "propose", "membership": joined.pk})
    assert "移交等待确认" in text_of(newcomer, "/centre/users")
    newcomer.post("/centre/users/change", {"step": "accept"})
    joined.refresh_from_db()
    assert joined.is_holder
    assert shop.get("/centre/")["Location"] == "/centre/bind"


def test_a_member_of_another_organisation_cannot_be_ended(county, shop):
    other = OrganisationMembership.objects.get(user__username="mill.a")
    assert shop.post("/centre/users/change", {"step": "end", "membership": other.pk}).status_code == 404
    assert shop.post("/centre/users/change", {"step": "propose", "membership": "1; drop"}).status_code == 404
    other.refresh_from_db()
    assert other.revoked_at is None


def test_turning_to_anothers_organisation_is_refused(county, shop):
    other = OrganisationMembership.objects.get(user__username="mill.a")
    assert shop.post("/centre/switch", {"membership": other.pk}).status_code == 404
    assert MILL_NAME not in text_of(shop, "/centre/")


def test_one_with_two_organisations_turns_from_one_to_the_other(county, shop):
    user = OrganisationUser.objects.get(username="shop.a")
    made = people.bind_organisation(user=user, credit_code=MILL, word=word_for(county, MILL, for_holder=False), now=NOW)
    shop.post("/centre/switch", {"membership": made.pk})
    assert f"<h1>{MILL_NAME}</h1>" in text_of(shop, "/centre/")


def test_the_session_gets_a_new_key_at_login(county):
    client = Client()
    client.get("/centre/login")
    client.session.save()
    planted = "planted0planted0planted0planted0"
    client.cookies["sessionid"] = planted
    client.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/centre/").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    ["https://example.com/", "//example.com", "/\\example.com", "/desk/", "javascript:alert(1)", "/centre/../desk"],
)
def test_a_login_never_leads_away_from_the_centre(county, wanted):
    response = Client().post("/centre/login", {"username": "shop.a", "password": PASSWORD, "next": wanted})
    assert response["Location"] == "/centre/"


def test_guessing_is_locked_out_and_officers_of_that_name_are_not(county):
    client = Client()
    wrong = {"username": "shop.a", "password": "not-the-password"}
    for _ in range(4):
        assert "登录名或密码不对" in client.post("/centre/login", wrong).content.decode()
    locked = client.post("/centre/login", wrong)
    assert locked.status_code == 403
    assert "信用办窗口" in locked.content.decode()
    assert client.post("/centre/login", wrong | {"password": PASSWORD}).status_code == 403
    assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD}).status_code == 302


def test_unknown_and_wrong_get_the_same_answer(county):
    answers = set()
    for username in ("shop.a", "nobody.here"):
        page = Client().post("/centre/login", {"username": username, "password": "wrong-wrong"}).content.decode()
        answers.add(re.search(r'role="alert">.*?</div>', page, re.S)[0])
    assert len(answers) == 1


def test_an_officers_password_opens_no_centre_and_the_other_way_round(county):
    assert Client().post("/centre/login", {"username": "he.shuo", "password": PASSWORD}).status_code == 200
    assert Client().post("/desk/login", {"username": "shop.a", "password": PASSWORD}).status_code == 200
    assert log_in("shop.a").get("/desk/").status_code == 302


def test_a_closed_login_ends_at_once(county, shop):
    OrganisationUser.objects.filter(username="shop.a").update(is_active=False)
    assert shop.get("/centre/").status_code == 302


def test_a_new_password_ends_other_browsers(county, shop):
    other = log_in("shop.a")
    form = {"old": PASSWORD, "password": "另一个-够长-密码-77"}
    assert shop.post("/centre/password", form)["Location"] == "/centre/"
    assert shop.get("/centre/").status_code == 200
    assert other.get("/centre/").status_code == 302


def test_leaving_is_a_button(shop):
    assert shop.get("/centre/logout").status_code == 405
    assert "已退出" in shop.post("/centre/logout").content.decode()
    assert shop.get("/centre/").status_code == 302


def test_forms_need_the_token(county):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/centre/login", {"username": "shop.a", "password": PASSWORD}).status_code == 403


def test_what_is_typed_is_shown_as_text(county, shop):
    shop.post("/centre/consents", consent_form(county, purpose="<script>alert(1)</script>"))
    page = text_of(shop, "/centre/consents")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_nothing_typed_is_lost_when_the_login_ran_out(county, shop):
    shop.cookies["sessionid"] = "ran-out"
    answer = shop.post("/centre/consents", consent_form(county, purpose="申请贴息\n<b>两行</b>"))
    assert answer["Location"] == "/centre/login?next=%2Fcentre%2Fresume"
    login = {"username": "shop.a", "password": PASSWORD, "next": "/centre/resume"}
    assert shop.post("/centre/login", login)["Location"] == "/centre/resume"
    page = text_of(shop, "/centre/resume")
    assert "申请贴息" in page
    assert "<b>两行" not in page
    assert 'action="/centre/consents"' in page
    assert not Consent.objects.exists()
    assert shop.get("/centre/resume")["Location"] == "/centre/", "it is offered once"


def test_no_password_is_ever_kept(county):
    client = Client()
    client.post("/centre/password", {"old": "geheim-geheim", "password": "geheim-geheim-2", "note": "x"})
    assert "geheim" not in str(dict(client.session))

"""The second factor, recovery codes, sessions, and those who guess."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_otp.oath import TOTP
from tests.desk.reading import text_of
from tests.world import NOW, PASSWORD, World

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Refused
from xinheng.people import actions as people
from xinheng.people.models import Message, OfficerSession, RecoveryCode, SecondFactor, User
from xinheng.people.second_factor import factor_in_use, secret_of

LOGIN = {"username": "lin.xinyu", "password": PASSWORD}


def code_of(user: User, at: datetime = NOW) -> str:
    """What the officer's phone shows at a moment."""
    app = TOTP(secret_of(user.factors.filter(removed_at=None).order_by("-pk")[0]))
    app.time = at.timestamp()
    return f"{app.token():06d}"


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def enrolled(office: World) -> User:
    """An officer of the credit office with an app that was bound five minutes ago."""
    user, then = office.officer("lin.xinyu"), NOW - timedelta(minutes=5)
    people.begin_second_factor(user=user, now=then)
    people.confirm_second_factor(user=user, code=code_of(user, then), now=then)
    return user


def log_in(user: User, code: str | None = None, client: Client | None = None) -> Client:
    client = client or Client()
    response = client.post("/desk/login", LOGIN)
    assert response["Location"] == "/desk/login/code"
    assert client.post("/desk/login/code", {"code": code or code_of(user)})["Location"] == "/desk/"
    return client


def test_an_app_is_bound_with_its_first_code_and_the_codes_are_shown_once(office, at_desk):
    client, user = at_desk("lin.xinyu"), office.officer("lin.xinyu")
    page = text_of(client, "/desk/account/second-factor")
    assert "<svg" in page
    assert "style=" not in page.split("<svg")[1].split("</svg>")[0]
    shown = client.post("/desk/account/second-factor", {"code": code_of(user), "password": PASSWORD})
    words = re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", shown.content.decode())
    assert len(words) == 10
    assert words[0] not in str(list(RecoveryCode.objects.values_list("code_hash", flat=True)))
    assert "已启用" in text_of(client, "/desk/account")


def test_the_secret_lies_sealed_in_the_database(office, at_desk):
    at_desk("lin.xinyu").get("/desk/account/second-factor")
    factor = SecondFactor.objects.get()
    assert secret_of(factor) not in bytes(factor.sealed_secret)
    assert (office.home.keys / "second-factor.key").stat().st_mode & 0o077 == 0


def test_a_sealed_secret_is_worth_nothing_for_another_officer(office, at_desk):
    at_desk("lin.xinyu").get("/desk/account/second-factor")
    factor = SecondFactor.objects.get()
    factor.user = office.officer("zhou.ming")
    with pytest.raises(Refused, match="不匹配"):
        secret_of(factor)


def test_binding_needs_the_password_and_the_right_code(office, at_desk):
    client, user = at_desk("lin.xinyu"), office.officer("lin.xinyu")
    client.get("/desk/account/second-factor")
    wrong = client.post("/desk/account/second-factor", {"code": code_of(user), "password": "wrong"})
    assert "密码不对" in wrong.content.decode()
    old = code_of(user, NOW - timedelta(minutes=10))
    assert (
        "验证码不对" in client.post("/desk/account/second-factor", {"code": old, "password": PASSWORD}).content.decode()
    )
    assert factor_in_use(user) is None


def test_the_password_alone_opens_nothing(enrolled):
    client = Client()
    assert client.post("/desk/login", LOGIN)["Location"] == "/desk/login/code"
    assert client.get("/desk/")["Location"].startswith("/desk/login")
    assert not AuditEvent.objects.filter(act="session.login").exists()


def test_with_the_code_one_is_in_and_led_to_where_one_was_going(enrolled):
    client = Client()
    client.post("/desk/login", LOGIN | {"next": "/desk/batches"})
    assert client.post("/desk/login/code", {"code": code_of(enrolled)})["Location"] == "/desk/batches"
    assert AuditEvent.objects.filter(act="session.login").count() == 1


def test_a_login_never_leads_to_another_site(enrolled):
    client = Client()
    client.post("/desk/login", LOGIN | {"next": "https://example.com/"})
    assert client.post("/desk/login/code", {"code": code_of(enrolled)})["Location"] == "/desk/"


def test_a_code_works_once(enrolled):
    code = code_of(enrolled)
    log_in(enrolled, code)
    second = Client()
    second.post("/desk/login", LOGIN)
    assert "已经用过" in second.post("/desk/login/code", {"code": code}).content.decode()


def test_a_phone_half_a_minute_off_is_fine_and_two_minutes_off_is_not(enrolled):
    log_in(enrolled, code_of(enrolled, later(30)))
    client = Client()
    client.post("/desk/login", LOGIN)
    assert client.post("/desk/login/code", {"code": code_of(enrolled, later(120))}).status_code == 200


def test_the_second_step_waits_five_minutes(enrolled):
    client = Client()
    client.post("/desk/login", LOGIN)
    with time_machine.travel(later(301), tick=False):
        answer = client.post("/desk/login/code", {"code": code_of(enrolled, later(301))})
    assert answer["Location"] == "/desk/login"


def test_the_second_step_without_the_first_is_nothing(enrolled):
    assert Client().get("/desk/login/code")["Location"] == "/desk/login"


def test_guessing_codes_is_locked_out_even_for_the_right_one(enrolled):
    client = Client()
    client.post("/desk/login", LOGIN)
    answers = [client.post("/desk/login/code", {"code": f"{guess:06d}"}).status_code for guess in range(5)]
    assert answers[:4] == [200] * 4
    assert answers[4] == 403
    right = client.post("/desk/login/code", {"code": code_of(enrolled)})
    assert right.status_code == 403
    assert "暂停登录" in right.content.decode()
    assert client.get("/desk/").status_code == 302


def test_a_recovery_code_works_once_and_is_on_record(enrolled):
    word = people.renew_recovery_codes(user=enrolled, now=NOW)[0]
    log_in(enrolled, word.lower())
    second = Client()
    second.post("/desk/login", LOGIN)
    assert second.post("/desk/login/code", {"code": word}).status_code == 200
    event = AuditEvent.objects.get(act="second_factor.recovery_code")
    assert event.detail == {"left": 9}


def test_new_recovery_codes_end_the_old_and_need_a_code(enrolled):
    old = people.renew_recovery_codes(user=enrolled, now=NOW)[0]
    client = log_in(enrolled)
    client.post("/desk/account/recovery-codes", {"code": "000000"})
    assert RecoveryCode.objects.count() == 10
    shown = client.post("/desk/account/recovery-codes", {"code": old}).content.decode()
    assert old not in shown
    assert "恢复码" in shown


def test_a_session_opened_without_the_factor_ends_when_one_is_bound(office, at_desk):
    elsewhere, here, user = at_desk("lin.xinyu"), at_desk("lin.xinyu"), office.officer("lin.xinyu")
    assert elsewhere.get("/desk/").status_code == 200
    here.get("/desk/account/second-factor")
    here.post("/desk/account/second-factor", {"code": code_of(user), "password": PASSWORD})
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302


def test_where_it_is_required_nothing_opens_before_it_is_bound(office, at_desk, settings):
    settings.REQUIRE_TOTP = "roles"
    client = at_desk("lin.xinyu")
    for address in ("/desk/", "/desk/batches", "/desk/account", "/desk/messages"):
        assert client.get(address)["Location"] == "/desk/account/second-factor"
    assert "您的角色须用第二因素登录" in text_of(client, "/desk/account/second-factor")


def test_where_all_need_it_a_collector_does_too(office, at_desk, settings):
    settings.REQUIRE_TOTP = "all"
    assert at_desk("he.shuo").get("/desk/")["Location"] == "/desk/account/second-factor"


def test_the_demo_is_entered_in_one_step_and_offers_it(office, at_desk):
    assert "绑定手机验证器" in text_of(at_desk("lin.xinyu"), "/desk/")


def test_an_administrator_resets_a_lost_phone_and_the_officer_is_told(office, enrolled, at_desk):
    client = log_in(enrolled)
    admin = at_desk("gu.anlan")
    assert "重置第二因素" in text_of(admin, f"/desk/officers/{enrolled.pk}")
    admin.post(f"/desk/officers/{enrolled.pk}/change", {"step": "reset_factor"})
    assert client.get("/desk/").status_code == 302
    assert factor_in_use(enrolled) is None
    assert AuditEvent.objects.get(act="second_factor.reset").actor_name == "顾安澜"
    assert Message.objects.get(officer=enrolled).title == "您的第二因素已被重置"
    assert Client().post("/desk/login", LOGIN)["Location"] == "/desk/"


def test_nobody_resets_her_own_and_nobody_else_may(office, enrolled, at_desk):
    admin = office.officer("gu.anlan")
    people.begin_second_factor(user=admin, now=NOW - timedelta(minutes=5))
    client = at_desk("gu.anlan")
    page = client.post(f"/desk/officers/{admin.pk}/change", {"step": "reset_factor"}, follow=True).content.decode()
    assert "不能重置自己的" in page
    assert (
        at_desk("zhou.ming").post(f"/desk/officers/{enrolled.pk}/change", {"step": "reset_factor"}).status_code == 403
    )


def test_a_session_is_listed_with_its_place_and_ended_from_elsewhere(office, at_desk):
    here, elsewhere = at_desk("lin.xinyu"), at_desk("lin.xinyu")
    elsewhere.get("/desk/", headers={"user-agent": "Elsewhere/1.0"}, REMOTE_ADDR="192.0.2.7")
    page = text_of(here, "/desk/account")
    assert "192.0.2.7" in page
    assert "Elsewhere/1.0" in page
    number = OfficerSession.objects.get(address="192.0.2.7").pk
    here.post("/desk/account/sessions", {"session": number})
    assert elsewhere.get("/desk/").status_code == 302
    assert here.get("/desk/").status_code == 200


def test_all_others_are_ended_at_once(office, at_desk):
    here, *others = [at_desk("lin.xinyu") for _ in range(3)]
    for client in (here, *others):
        client.get("/desk/")
    here.post("/desk/account/sessions", {"step": "others"})
    assert [client.get("/desk/").status_code for client in others] == [302, 302]
    assert here.get("/desk/").status_code == 200


def test_anothers_session_cannot_be_ended(office, at_desk):
    at_desk("zhou.ming").get("/desk/")
    number = OfficerSession.objects.get().pk
    assert at_desk("lin.xinyu").post("/desk/account/sessions", {"session": number}).status_code == 404
    assert OfficerSession.objects.get(pk=number).ended_at is None


def test_leaving_ends_the_session(office, at_desk):
    client = at_desk("lin.xinyu")
    client.get("/desk/")
    client.post("/desk/logout")
    assert OfficerSession.objects.get().ended_at is not None


def test_a_planted_session_key_is_not_kept(enrolled):
    client = Client()
    client.cookies["sessionid"] = "planted0planted0planted0planted0"
    log_in(enrolled, client=client)
    assert client.cookies["sessionid"].value != "planted0planted0planted0planted0"


def test_a_closed_account_is_out_at_once(office, at_desk):
    client = at_desk("he.shuo")
    client.get("/desk/")
    at_desk("gu.anlan").post(f"/desk/officers/{office.officer('he.shuo').pk}/change", {"step": "close"})
    assert client.get("/desk/").status_code == 302

"""Messages, users of organisations and unusual reading at the desk: who opens what, and whose."""

import re

from django.test import Client
from tests.desk.reading import text_of
from tests.people.test_organisation_users import MILL, SHOP, join, word_for
from tests.world import NOW, PASSWORD, SYSTEM

from xinheng.people import actions as people
from xinheng.people.models import BindingCode, Message, OrganisationMembership, Role

WORD = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}")


def told(world, to, title="有新任务"):
    return people.send_message(to=to, title=title, text="请办理。", link="/desk/batches", by=SYSTEM, now=NOW)


def test_messages_to_an_officer_and_her_department_are_read_and_lead_on(office, at_desk):
    officer = office.officer("he.shuo")
    message = told(office, officer)
    told(office, officer.department, "给部门的")
    client = at_desk("he.shuo")
    page = text_of(client, "/desk/messages")
    assert "有新任务" in page
    assert "给部门的" in page
    assert client.post(f"/desk/messages/{message.pk}")["Location"] == "/desk/batches"
    assert Message.objects.get(pk=message.pk).read_at == NOW


def test_anothers_message_is_not_found(office, at_desk):
    message = told(office, office.officer("he.shuo"))
    client = at_desk("lin.xinyu")
    assert "有新任务" not in text_of(client, "/desk/messages")
    assert client.post(f"/desk/messages/{message.pk}").status_code == 404


def test_an_administrator_does_not_see_her_departments_messages(office, at_desk):
    administrator = office.officer("gu.anlan")
    message = told(office, administrator.department, "第 12 号异议转来办理")
    client = at_desk("gu.anlan")
    assert "第 12 号异议" not in text_of(client, "/desk/messages")
    assert client.post(f"/desk/messages/{message.pk}").status_code == 404
    assert "第 12 号异议" in text_of(at_desk("lin.xinyu"), "/desk/messages")


def test_a_binding_code_is_handed_out_once_and_only_after_the_check(county, at_desk):
    client = at_desk("lin.xinyu")
    unchecked = client.post("/desk/organisation-users", {"credit_code": SHOP, "holder": "on"}).content.decode()
    assert not WORD.search(unchecked)
    page = client.post("/desk/organisation-users", {"credit_code": SHOP, "seen": "on", "holder": "on"}).content.decode()
    word = WORD.search(page)[0]
    assert word not in text_of(client, "/desk/organisation-users")
    assert join(county, "shop.a", word).is_holder


def test_a_code_that_went_astray_is_made_worthless(office, at_desk):
    word_for(office)
    client = at_desk("lin.xinyu")
    client.post(f"/desk/organisation-users/codes/{BindingCode.objects.get().pk}/withdraw")
    assert "已作废" in text_of(client, "/desk/organisation-users")


def test_a_user_is_ended_with_a_reason_and_is_out_at_once(office, at_desk):
    membership = join(office, "shop.a", word_for(office))
    theirs = Client()
    theirs.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
    client = at_desk("lin.xinyu")
    assert client.post(f"/desk/organisation-users/{membership.pk}/end", {"why": " "}).status_code == 400
    client.post(f"/desk/organisation-users/{membership.pk}/end", {"why": "单位来函"})
    assert theirs.get("/centre/")["Location"] == "/centre/bind"
    assert "单位来函" in text_of(client, f"/desk/organisation-users?code={SHOP}")


def test_only_the_credit_office_looks_after_users_of_organisations(office, at_desk):
    membership = join(office, "shop.a", word_for(office))
    for username in ("he.shuo", "gu.anlan"):
        client = at_desk(username)
        assert client.get("/desk/organisation-users").status_code == 403
        assert client.post(f"/desk/organisation-users/{membership.pk}/end", {"why": "试试"}).status_code == 403
    assert OrganisationMembership.objects.get().revoked_at is None


def test_what_does_not_exist_is_not_found(office, at_desk):
    client = at_desk("lin.xinyu")
    assert client.post("/desk/organisation-users/999/end", {"why": "试试"}).status_code == 404
    assert client.post("/desk/organisation-users/codes/999/withdraw").status_code == 404
    assert client.get("/desk/organisation-users?code=<script>").status_code == 200


def test_the_auditor_sees_unusual_reading_and_nobody_else_does(county, at_desk):
    admin = at_desk("gu.anlan")
    form = {
        "display_name": "沈鉴", "username": "shen.jian", "password": PASSWORD, "roles": [Role.AUDITOR],
        "department": county.department("1199000100000137X5").pk,
    }  # fmt: skip
    admin.post("/desk/officers", form)
    reader = at_desk("lin.xinyu")
    reader.post("/desk/purpose", {"purpose": "case", "note": "工作需要"})
    reader.get(f"/desk/archives/{MILL}")
    auditor = at_desk("shen.jian")
    page = text_of(auditor, "/desk/audit/misuse")
    assert "林信予" in page
    assert "非工作日查阅 1 次" in page
    number = county.officer("lin.xinyu").pk
    assert "查阅档案" in text_of(auditor, f"/desk/audit?actor={number}")
    for username in ("lin.xinyu", "gu.anlan"):
        assert at_desk(username).get("/desk/audit/misuse").status_code == 403


def test_nothing_typed_is_lost_when_the_login_ran_out(office, at_desk):
    client = at_desk("lin.xinyu")
    client.cookies["sessionid"] = "ran-out"
    answer = client.post("/desk/purpose", {"purpose": "case", "note": "核对第 12 号批次"})
    assert answer["Location"] == "/desk/login?next=/desk/resume"
    login = {"username": "lin.xinyu", "password": PASSWORD, "next": "/desk/resume"}
    assert client.post("/desk/login", login)["Location"] == "/desk/resume"
    page = text_of(client, "/desk/resume")
    assert "核对第 12 号批次" in page
    assert 'action="/desk/purpose"' in page
    assert client.get("/desk/resume")["Location"] == "/desk/"

"""Coming in: the first set-up, login, lock-out, a session that ran out."""

import io

import openpyxl
import pytest
import time_machine
from django.test import Client
from tests.desk.reading import text_of
from tests.world import NOW, PASSWORD

from xinheng.audit.models import AuditEvent
from xinheng.people.models import Department, Region, Role, User

OFFICER_ROWS = 6


def officers_form(*rows: dict[str, object]) -> dict[str, object]:
    data: dict[str, object] = {"o-TOTAL_FORMS": OFFICER_ROWS, "o-INITIAL_FORMS": 3}
    for place, row in enumerate(rows):
        data |= {f"o-{place}-{name}": value for name, value in row.items()}
    return data


def officer(username: str, role: Role, **more: object) -> dict[str, object]:
    return {
        "display_name": "某人",
        "username": username,
        "department": "1199000100000137X5",
        "password": PASSWORD,
        "roles": [role.value],
    } | more


@pytest.fixture
def empty(db, home):
    with time_machine.travel(NOW, tick=False):
        yield Client()


def test_before_the_set_up_everything_leads_to_it(empty):
    assert empty.get("/desk/login")["Location"] == "/desk/setup"
    assert empty.get("/desk/setup/officers")["Location"] == "/desk/setup/departments"
    assert empty.get("/desk/setup/departments")["Location"] == "/desk/setup"


def test_a_county_is_set_up_in_three_steps_with_the_packs_departments(empty):
    region = {"name": "演示省幻海市云屿县", "short_name": "云屿县", "code": "990001"}
    assert empty.post("/desk/setup", region)["Location"] == "/desk/setup/departments"
    assert "采用这份清单" in text_of(empty, "/desk/setup/departments")
    empty.post("/desk/setup/departments", {"take": "pack"})
    page = text_of(empty, "/desk/setup/departments")
    assert "云屿县教育局" in page
    assert not Region.objects.exists()
    assert "首批人员" in text_of(empty, "/desk/setup/officers")
    data = officers_form(officer("admin.gu", Role.ADMINISTRATOR), officer("office.lin", Role.CREDIT_OFFICE))
    told = empty.post("/desk/setup/officers", data, follow=True).content.decode()
    assert "首次设置已完成" in told
    assert Department.objects.count() > 10
    assert Department.objects.get(code="11990001000001740Y").telephone
    assert {user.username for user in User.objects.all()} == {"admin.gu", "office.lin"}
    assert empty.get("/desk/setup").status_code == 404


def test_departments_can_be_typed_one_by_one(empty):
    empty.post("/desk/setup", {"name": "演示省幻海市云屿县", "short_name": "云屿县", "code": "990001"})
    data = {
        "d-TOTAL_FORMS": 4,
        "d-INITIAL_FORMS": 0,
        "d-0-name": "云屿县发展和改革局",
        "d-0-short_name": "县发改局",
        "d-0-code": "1199000100000137X5",
        "d-0-hold": "on",
    }
    assert empty.post("/desk/setup/departments", data)["Location"] == "/desk/setup/officers"
    empty.post(
        "/desk/setup/officers",
        officers_form(officer("admin.gu", Role.ADMINISTRATOR), officer("office.lin", Role.CREDIT_OFFICE)),
    )
    assert Department.objects.get().hold_before_publication


def test_a_missing_role_or_weak_password_is_told_and_nothing_is_made(empty):
    empty.post("/desk/setup", {"name": "演示省幻海市云屿县", "short_name": "云屿县", "code": "990001"})
    empty.post("/desk/setup/departments", {"take": "pack"})
    lonely = empty.post("/desk/setup/officers", officers_form(officer("admin.gu", Role.ADMINISTRATOR)))
    assert "首批人员中还缺少：信用办" in lonely.content.decode()
    weak = officers_form(
        officer("admin.gu", Role.ADMINISTRATOR, password="1234567890"), officer("office.lin", Role.CREDIT_OFFICE)
    )
    assert "密码" in empty.post("/desk/setup/officers", weak).content.decode()
    assert not Region.objects.exists()


def test_a_login_leads_back_to_where_one_was_going(office):
    client = Client()
    response = client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD, "next": "/desk/batches"})
    assert response["Location"] == "/desk/batches"
    assert AuditEvent.objects.get(act="session.login").actor_name == "何朔"


def test_wrong_passwords_are_told_and_then_locked_out(office):
    client = Client()
    wrong = {"username": "he.shuo", "password": "not-the-password"}
    for _ in range(4):
        assert "登录名或密码不对" in client.post("/desk/login", wrong).content.decode()
    locked = client.post("/desk/login", wrong)
    assert locked.status_code == 403
    assert "暂停登录" in locked.content.decode()
    right = client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD})
    assert right.status_code == 403


def test_a_session_that_ran_out_is_told_apart_from_a_first_visit(office):
    fresh = Client().get("/desk/login?next=/desk/batches").content.decode()
    assert "登录已失效" not in fresh
    stale = Client()
    stale.cookies["sessionid"] = "ran-out"
    assert "登录已失效" in stale.get("/desk/login?next=/desk/batches").content.decode()


def test_leaving_is_a_button(office, at_desk):
    client = at_desk("he.shuo")
    assert client.get("/desk/logout").status_code == 405
    assert "已退出" in client.post("/desk/logout").content.decode()
    assert client.get("/desk/")["Location"].startswith("/desk/login")


def test_an_account_is_opened_given_a_role_and_closed(office, at_desk):
    client = at_desk("gu.anlan")
    data = {
        "display_name": "沈鉴",
        "username": "shen.jian",
        "department": office.department("1199000100000137X5").pk,
        "password": PASSWORD,
        "roles": ["auditor"],
    }
    client.post("/desk/officers", data)
    user = office.officer("shen.jian")
    refused = client.post(f"/desk/officers/{user.pk}/change", {"step": "grant", "role": "leader"}, follow=True)
    assert "不能同时担任" in refused.content.decode()
    client.post(f"/desk/officers/{user.pk}/change", {"step": "close"})
    user.refresh_from_db()
    assert not user.is_active


def test_the_auditor_reads_the_log_and_takes_it_along(office, at_desk):
    client = at_desk("gu.anlan")
    client.post(
        "/desk/officers",
        {
            "display_name": "沈鉴",
            "username": "shen.jian",
            "department": office.department("1199000100000137X5").pk,
            "password": PASSWORD,
            "roles": ["auditor"],
        },
    )
    auditor = at_desk("shen.jian")
    text = text_of(auditor, "/desk/audit")
    assert "建立账号" in text
    assert PASSWORD not in text
    sheet = openpyxl.load_workbook(io.BytesIO(auditor.get("/desk/audit?export=1").content)).active
    assert sheet.cell(1, 1).value == "时间"


def test_a_departments_hold_and_contact_data_are_changed(office, at_desk):
    department = office.department("119900010000084085")
    client = at_desk("lin.xinyu")
    client.post(f"/desk/departments/{department.pk}/hold", {"hold": "1"})
    contact = {"name": department.name, "short_name": "县市监局", "telephone": "0990-0002222", "is_active": "on"}
    client.post(f"/desk/departments/{department.pk}", contact)
    department.refresh_from_db()
    assert department.hold_before_publication
    assert department.telephone == "0990-0002222"

"""Setting up a county and keeping its people, departments and programs."""

import pytest
from django.contrib.auth import authenticate
from people_world import ADMINISTRATOR, COLLECTOR, COUNTY, MARKET, NOW, OFFICE, PASSWORD, SCHOOLS

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.scope import PUBLIC, Scope
from xinheng.people import queries
from xinheng.people.actions import (
    NewDepartment,
    create_api_client,
    create_department,
    create_officer,
    create_region,
    grant_role,
    revoke_api_client,
    revoke_role,
    set_department_hold,
    set_officer_active,
    set_password,
    set_up_county,
    update_department,
)
from xinheng.people.models import ApiClient, Department, Region, Role, RoleGrant, User
from xinheng.people.permissions import Act, may, require

pytestmark = pytest.mark.django_db


def acts_logged() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("act", flat=True))


def new_program(department: Department, by: Actor, scope: str) -> tuple[ApiClient, str]:
    return create_api_client(name="教务系统", department=department, scopes=[scope], by=by, now=NOW)


def test_the_first_set_up_makes_region_departments_and_officers(county: Region) -> None:
    assert county.code == "990001"
    assert {one.short_name for one in queries.departments(PUBLIC)} == {"县发改局", "县教育局"}
    assert [one.username for one in queries.officers(Scope(region="990001"))] == [
        "gu.anlan",
        "he.shuo",
        "lin.xinyu",
    ]
    assert acts_logged().count("officer.create") == 3


def test_the_first_set_up_happens_once(county: Region) -> None:
    with pytest.raises(Refused, match="已经完成首次设置"):
        set_up_county(region=COUNTY, departments=[MARKET], officers=[ADMINISTRATOR, OFFICE], now=NOW)


def test_the_first_set_up_needs_an_administrator_and_the_credit_office() -> None:
    with pytest.raises(Refused, match="系统管理员、信用办"):
        set_up_county(region=COUNTY, departments=[SCHOOLS], officers=[COLLECTOR], now=NOW)
    assert not Region.objects.exists()


def test_a_refused_set_up_leaves_nothing_behind() -> None:
    wrong = NewDepartment("1199000100000137X4", "云屿县发展和改革局", "县发改局")
    with pytest.raises(Refused, match="统一社会信用代码不正确"):
        set_up_county(region=COUNTY, departments=[wrong], officers=[ADMINISTRATOR, OFFICE], now=NOW)
    assert not Region.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_region_code_has_six_digits() -> None:
    with pytest.raises(Refused, match="六位数字"):
        create_region(code="99001", name="x", short_name="x", by=Actor.system("测试"), now=NOW)


def test_a_department_is_known_once_per_region(county: Region, administrator: Actor) -> None:
    with pytest.raises(Conflict, match="已有代码"):
        create_department(
            region=county, code=SCHOOLS.code, name="教育局", short_name="教育局", by=administrator, now=NOW
        )


def test_a_change_of_a_department_is_logged_with_old_and_new(schools: Department, administrator: Actor) -> None:
    update_department(department=schools, telephone="0990-0002222", name="云屿县教育局", by=administrator, now=NOW)

    event = AuditEvent.objects.get(act="department.update")
    assert event.detail == {"telephone": ["", "0990-0002222"]}
    assert event.actor_name == "顾安澜"


def test_an_update_without_a_change_leaves_no_trace(schools: Department, administrator: Actor) -> None:
    update_department(department=schools, name="云屿县教育局", by=administrator, now=NOW)
    assert "department.update" not in acts_logged()


def test_the_hold_is_set_once(schools: Department, administrator: Actor) -> None:
    set_department_hold(department=schools, hold=False, by=administrator, now=NOW)
    with pytest.raises(Conflict):
        set_department_hold(department=schools, hold=False, by=administrator, now=NOW)


@pytest.mark.parametrize(
    ("password", "reason"),
    [("短", "密码长度太短"), ("1234567890", "密码太常见"), ("he.shuo.2026", "与登录名或姓名太相似")],
)
def test_weak_passwords_are_refused_in_chinese(
    password: str, reason: str, schools: Department, administrator: Actor
) -> None:
    with pytest.raises(Refused, match=reason):
        create_officer(
            username="he.shuo2026",
            display_name="何朔二",
            department=schools,
            password=password,
            roles=[],
            by=administrator,
            now=NOW,
        )


def test_passwords_are_kept_as_argon2(collector: User) -> None:
    assert collector.password.startswith("argon2$argon2id$")


def test_a_new_password_replaces_the_old_one(collector: User, administrator: Actor) -> None:
    set_password(user=collector, password="渔火-对愁眠-8866", by=administrator, now=NOW)

    collector.refresh_from_db()
    assert collector.check_password("渔火-对愁眠-8866")
    assert not collector.check_password(PASSWORD)


def test_a_login_name_is_taken_once(schools: Department, administrator: Actor) -> None:
    with pytest.raises(Conflict, match=r"he\.shuo 已被使用"):
        create_officer(
            username="he.shuo",
            display_name="何硕",
            department=schools,
            password=PASSWORD,
            roles=[],
            by=administrator,
            now=NOW,
        )


def test_a_closed_account_may_nothing(collector: User, administrator: Actor) -> None:
    set_officer_active(user=collector, active=False, by=administrator, now=NOW)
    assert not may(collector, Act.SUBMIT)
    with pytest.raises(Refused, match="报送数据"):
        require(collector, Act.SUBMIT)


def test_a_role_is_given_and_withdrawn_and_stays_on_record(collector: User, administrator: Actor) -> None:
    grant_role(user=collector, role=Role.REVIEWER, by=administrator, now=NOW)
    assert may(collector, "batch.release")

    revoke_role(user=collector, role=Role.REVIEWER, by=administrator, now=NOW)
    assert not may(collector, "batch.release")
    assert RoleGrant.objects.get(user=collector, role=Role.REVIEWER).revoked_at == NOW


def test_a_role_is_held_once_at_a_time(collector: User, administrator: Actor) -> None:
    with pytest.raises(Conflict, match="已有"):
        grant_role(user=collector, role=Role.COLLECTOR, by=administrator, now=NOW)


def test_nobody_gives_herself_a_role(county: Region, administrator: Actor) -> None:
    herself = User.objects.get(username=ADMINISTRATOR.username)
    with pytest.raises(Refused, match="不能给自己"):
        grant_role(user=herself, role=Role.LEADER, by=administrator, now=NOW)


def test_an_administrator_does_not_become_credit_office(county: Region) -> None:
    with pytest.raises(Refused, match="不能同时担任"):
        grant_role(
            user=User.objects.get(username=ADMINISTRATOR.username),
            role=Role.CREDIT_OFFICE,
            by=Actor.system("命令行"),
            now=NOW,
        )


def test_a_collector_sees_her_department_and_the_credit_office_the_region(collector: User) -> None:
    assert queries.scope_of(collector) == Scope(region="990001", departments=frozenset({collector.department_id}))
    assert queries.scope_of(User.objects.get(username=OFFICE.username)) == Scope(region="990001")


def test_a_program_gets_its_secret_once_and_is_known_by_it(schools: Department, administrator: Actor) -> None:
    client, token = create_api_client(name="教务系统", department=schools, scopes=["submit"], by=administrator, now=NOW)

    known = queries.authenticate_client(token, address="127.0.0.1", now=NOW)
    assert known is not None
    assert known.department_id == schools.pk
    assert known.scope.departments == {schools.pk}
    assert token.split(".")[1] not in client.secret_hash
    assert token.split(".")[1] not in str(AuditEvent.objects.values_list("detail", flat=True))


@pytest.mark.parametrize("wrong", ["", ".", "abc", "{prefix}.", "{prefix}.wrong", "wrong.{secret}"])
def test_a_wrong_secret_is_nobody(wrong: str, schools: Department, administrator: Actor) -> None:
    _, token = create_api_client(name="教务系统", department=schools, scopes=["read"], by=administrator, now=NOW)
    prefix, secret = token.split(".")
    assert queries.authenticate_client(wrong.format(prefix=prefix, secret=secret), address="127.0.0.1", now=NOW) is None


def test_a_revoked_program_is_nobody(schools: Department, administrator: Actor) -> None:
    client, token = create_api_client(name="教务系统", department=schools, scopes=["read"], by=administrator, now=NOW)
    revoke_api_client(client=client, by=administrator, now=NOW)
    assert queries.authenticate_client(token, address="127.0.0.1", now=NOW) is None
    with pytest.raises(Conflict):
        revoke_api_client(client=ApiClient.objects.get(pk=client.pk), by=administrator, now=NOW)


def test_a_department_of_another_region_is_not_found(schools: Department) -> None:
    with pytest.raises(NotFound):
        queries.department_by_code(Scope(region="990002"), schools.code)
    assert queries.department_by_code(Scope(region="990001"), schools.code).id == schools.pk


def test_accounts_and_log_are_not_public(county: Region) -> None:
    for ask in (queries.officers, queries.clients, queries.audit_events):
        with pytest.raises(Refused):
            ask(PUBLIC)


def test_the_log_is_read_page_by_page_within_the_region(county: Region, administrator: Actor) -> None:
    create_region(code="990002", name="邻县", short_name="邻县", by=administrator, now=NOW)
    scope = Scope(region="990001")

    first = queries.audit_events(scope, limit=4)
    second = queries.audit_events(scope, limit=200, before=first.next_before)

    seen = [line.id for line in (*first.lines, *second.lines)]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == AuditEvent.objects.filter(region_id=county.pk).count()
    assert second.next_before is None
    assert "990002" not in {line.object_id for line in (*first.lines, *second.lines)}


def test_an_officer_logs_in_with_her_password(collector: User, rf) -> None:
    request = rf.post("/desk/login")
    assert authenticate(request, username="he.shuo", password=PASSWORD) == collector

"""Programs and accounts from the command line."""

import pytest
from django.test import Client
from tests.world import MARKET, NOW, PASSWORD

from xinheng.audit.models import AuditEvent
from xinheng.people import actions as people
from xinheng.people.models import ApiClient, Message
from xinheng.people.queries import authenticate_client

pytestmark = pytest.mark.django_db
NEW = ("client", "create", "案件系统", "--department", MARKET.code, "--scope", "read")


def opens(secret: str, address: str = "10.1.2.3") -> bool:
    return (
        getattr(authenticate_client(secret, address=address, now=NOW), "prefix", "") == secret.split(".", maxsplit=1)[0]
    )


def test_a_programs_secret_is_shown_once(world, xinheng):
    made = xinheng(*NEW, "--json").json
    assert opens(made["secret"])
    assert made["client"]["scopes"] == ["read"]
    listed = xinheng("client", "list", "--json")
    assert [one["name"] for one in listed.json] == ["案件系统"]
    assert made["secret"].split(".")[1] not in listed.out + xinheng("client", "list").out
    event = AuditEvent.objects.get(act="client.create")
    assert event.actor_name.startswith("命令行")
    assert made["secret"].split(".")[1] not in str(event.detail)


def test_for_people_the_secret_stands_on_a_line_of_its_own(world, xinheng):
    lines = xinheng(*NEW).out.splitlines()
    assert "只显示这一次" in lines[0]
    assert opens(lines[1])


def test_a_program_is_limited(world, xinheng):
    secret = xinheng(*NEW, "--json").json["secret"]
    answer = xinheng(
        "client", "limit", secret.split(".")[0], "--network", "10.9.0.0/16", "--until", "2027-12-31", "--json"
    )
    assert answer.json["networks"] == ["10.9.0.0/16"]
    assert answer.json["expires_at"] == "2027-12-31T16:00:00+00:00"  # midnight after the last day, in Shanghai
    assert not opens(secret)
    assert opens(secret, "10.9.1.1")
    assert xinheng("client", "limit", secret.split(".")[0], "--network", "not-one").code == 1


def test_a_secret_is_exchanged_at_once_or_with_an_overlap(world, xinheng):
    first = xinheng(*NEW, "--json").json["secret"]
    second = xinheng("client", "rotate", first.split(".")[0], "--overlap", 7, "--json").json["secret"]
    assert opens(first)
    third = xinheng("client", "rotate", first.split(".")[0], "--json").json["secret"]
    assert [opens(one) for one in (first, second, third)] == [False, False, True]
    assert xinheng("client", "rotate", first.split(".")[0], "--overlap", 91).code == 2


def test_a_program_is_ended(world, xinheng):
    secret = xinheng(*NEW, "--json").json["secret"]
    assert xinheng("client", "revoke", secret.split(".")[0]).code == 0
    assert not opens(secret)
    assert xinheng("client", "revoke", secret.split(".")[0]).code == 1
    assert ApiClient.objects.get().revoked_at


@pytest.mark.parametrize("arguments", [("client", "revoke", "nothing"), ("officer", "unlock", "nobody")])
def test_what_does_not_exist_is_told(world, xinheng, arguments):
    answer = xinheng(*arguments, "--json")
    assert (answer.code, set(answer.json["error"])) == (1, {"message", "advice"})


def test_wrong_dates_and_scopes_are_told(world, xinheng):
    assert xinheng(*NEW, "--until", "morgen").code == 2
    assert xinheng(*NEW, "--until", "2020-01-01").code == 1
    assert xinheng(*NEW, "--scope", "everything").code == 1
    assert not ApiClient.objects.exists()


def test_accounts_are_listed_with_their_roles(world, xinheng):
    listed = {one["username"]: one for one in xinheng("officer", "list", "--json").json}
    assert listed["he.shuo"]["roles"] == ["collector", "reviewer"]
    assert PASSWORD not in str(listed)
    assert "何朔" in xinheng("officer", "list").out


def test_a_locked_login_is_opened_again(world, xinheng):
    client = Client()
    for _ in range(5):
        client.post("/desk/login", {"username": "he.shuo", "password": "wrong"})
    assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD}).status_code == 403
    assert xinheng("officer", "unlock", "he.shuo", "--json").json["tries"] >= 1
    assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD}).status_code == 302
    assert AuditEvent.objects.get(act="officer.unlock").object_id == "he.shuo"


def test_a_lost_phone_is_taken_out_of_the_way(world, xinheng):
    user = world.officer("gu.anlan")
    assert xinheng("officer", "reset-second-factor", "gu.anlan").code == 1
    people.begin_second_factor(user=user, now=NOW)
    assert xinheng("officer", "reset-second-factor", "gu.anlan", "--json").json["username"] == "gu.anlan"
    assert "命令行" in Message.objects.get(officer=user).text

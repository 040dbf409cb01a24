"""Secrets of programs: rotation, expiry, allowed addresses, last use; and what a caller without right learns."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.world import MARKET, NOW, SYSTEM, World

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, Refused
from xinheng.people import actions as people
from xinheng.people.models import ApiClient

ADDRESS = "/api/v1/batches/1"
HELD = 200
"""The answer to a call whose secret holds."""


@pytest.fixture
def program(world: World):
    """A program and its secret; the clock stands still."""
    with time_machine.travel(NOW, tick=False):
        yield people.create_api_client(
            name="案件系统", department=world.department(MARKET.code), scopes=["read"], by=SYSTEM, now=NOW
        )


def call(secret: str, address: str = "127.0.0.1"):
    return Client().get(ADDRESS, headers={"Authorization": f"Bearer {secret}"}, REMOTE_ADDR=address)


def at(**later: int):
    return time_machine.travel(NOW + timedelta(**later), tick=False)


def test_after_a_rotation_both_secrets_work_for_the_named_time(program):
    client, old = program
    new = people.rotate_api_client(client=client, overlap=timedelta(days=7), by=SYSTEM, now=NOW)
    assert (call(old).status_code, call(new).status_code) == (HELD, HELD)
    with at(days=7):
        expired = call(old)
        assert (expired.status_code, call(new).status_code) == (401, HELD)
    assert expired.headers["Content-Type"] == "application/problem+json"
    assert "已过有效期" in expired.json()["detail"]


def test_a_rotation_without_overlap_ends_the_old_secret_at_once(program):
    client, old = program
    new = people.rotate_api_client(client=client, overlap=timedelta(), by=SYSTEM, now=NOW)
    assert (call(old).status_code, call(new).status_code) == (401, HELD)


def test_a_second_rotation_ends_the_first_secret(program):
    client, first = program
    second = people.rotate_api_client(client=client, overlap=timedelta(days=7), by=SYSTEM, now=NOW)
    third = people.rotate_api_client(client=client, overlap=timedelta(days=7), by=SYSTEM, now=NOW)
    assert [call(one).status_code for one in (first, second, third)] == [401, HELD, HELD]


@pytest.mark.parametrize("overlap", [timedelta(days=91), timedelta(days=-1)])
def test_the_old_secret_never_stays_for_long(program, overlap):
    with pytest.raises(Refused, match="90 天"):
        people.rotate_api_client(client=program[0], overlap=overlap, by=SYSTEM, now=NOW)


def test_an_expired_program_is_told_so(program):
    client, secret = program
    people.limit_api_client(client=client, networks=[], expires_at=NOW + timedelta(days=1), by=SYSTEM, now=NOW)
    assert call(secret).status_code == HELD
    with at(days=1):
        assert call(secret).status_code == 401


@pytest.mark.parametrize(
    ("caller", "status"),
    [("10.1.2.3", HELD), ("10.1.2.255", HELD), ("::ffff:10.1.2.9", HELD), ("10.1.3.1", 403), ("2001:db8::1", 403)],
)
def test_a_program_calls_from_its_addresses_only(program, caller, status):
    client, secret = program
    people.limit_api_client(client=client, networks=["10.1.2.0/24"], expires_at=None, by=SYSTEM, now=NOW)
    answer = call(secret, caller)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["detail"] == "这个接口密钥不能从这个地址使用。"


def test_a_forged_header_names_no_other_address(program):
    client, secret = program
    people.limit_api_client(client=client, networks=["10.1.2.3"], expires_at=None, by=SYSTEM, now=NOW)
    headers = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": "10.1.2.3"}
    assert Client().get(ADDRESS, headers=headers).status_code == 403


def test_behind_a_proxy_the_outermost_report_counts(program, settings):
    settings.PROXIES = 1
    client, secret = program
    people.limit_api_client(client=client, networks=["10.1.2.3"], expires_at=None, by=SYSTEM, now=NOW)

    def reported(chain: str) -> int:
        headers = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": chain}
        return Client().get(ADDRESS, headers=headers).status_code

    assert reported("10.1.2.3") == HELD
    assert reported("10.1.2.3, 192.0.2.7") == 403


def test_a_wrong_secret_learns_nothing_about_limits(program):
    client, secret = program
    people.limit_api_client(client=client, networks=["10.1.2.3"], expires_at=None, by=SYSTEM, now=NOW)
    wrong = call(f"{secret.split('.')[0]}.guess")
    unknown = call("nobody.guess")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json()) == (401, wrong.json())


def test_the_last_use_is_kept_to_the_minute(program):
    client, secret = program
    call(secret)
    with at(seconds=30):
        call(secret)
    client.refresh_from_db()
    assert client.last_used_at == NOW
    with at(seconds=60):
        call(secret)
    client.refresh_from_db()
    assert client.last_used_at == NOW + timedelta(minutes=1)


def test_a_revoked_program_has_no_secret_left(program):
    client, old = program
    new = people.rotate_api_client(client=client, overlap=timedelta(days=7), by=SYSTEM, now=NOW)
    people.revoke_api_client(client=client, by=SYSTEM, now=NOW)
    assert [call(one).status_code for one in (old, new)] == [401, 401]
    with pytest.raises(Conflict):
        people.rotate_api_client(client=client, overlap=timedelta(), by=SYSTEM, now=NOW)


def test_what_is_no_address_is_refused(program):
    with pytest.raises(Refused, match="不是地址或网段"):
        people.limit_api_client(client=program[0], networks=["somewhere"], expires_at=None, by=SYSTEM, now=NOW)


def test_an_administrator_registers_rotates_limits_and_ends_at_the_desk(world):
    with time_machine.travel(NOW, tick=False):
        desk = Client()
        desk.force_login(world.officer("gu.anlan"), backend="django.contrib.auth.backends.ModelBackend")
        form = {
            "name": "案件系统", "department": world.department(MARKET.code).pk, "scopes": ["read"],
            "networks": "127.0.0.1\n10.0.0.0/8", "expires_on": "2026-12-31",
        }  # fmt: skip
        page = desk.post("/desk/clients", form).content.decode()
        client = ApiClient.objects.get()
        secret = page.split('<p class="code code--long">')[1].split("<")[0]
        assert call(secret).status_code == HELD
        assert secret not in desk.get("/desk/clients").content.decode()
        rotated = desk.post(f"/desk/clients/{client.pk}", {"step": "rotate", "days": "7"}).content.decode()
        newer = rotated.split('<p class="code code--long">')[1].split("<")[0]
        assert (call(secret).status_code, call(newer).status_code) == (HELD, HELD)
        desk.post(f"/desk/clients/{client.pk}", {"step": "limit", "networks": "10.9.9.9", "expires_on": ""})
        assert call(newer).status_code == 403
        desk.post(f"/desk/clients/{client.pk}", {"step": "revoke"})
        assert call(newer).status_code == 401
        acts = AuditEvent.objects.filter(object_type="client").order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["client.create", "client.rotate", "client.update", "client.revoke"]
        assert secret.split(".")[1] not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_others_do_not_look_after_programs(world):
    desk = Client()
    desk.force_login(world.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    assert desk.get("/desk/clients").status_code == 403

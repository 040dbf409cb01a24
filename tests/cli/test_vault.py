"""Keys and forgetting from the command line."""

import io
from datetime import datetime

import pytest
from tests.portal.senders import CITIZEN_NUMBER, send_files
from tests.world import NOW, SYSTEM, World

from xinheng.audit.models import AuditEvent
from xinheng.base.home import Home
from xinheng.base.secret_box import following_box
from xinheng.people import actions as people
from xinheng.people.models import SecondFactor
from xinheng.people.second_factor import secret_of
from xinheng.vault.keys import MasterKey, write_next
from xinheng.vault.models import DataKey, SealedRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(world: World) -> World:
    send_files(world)
    return world


def factor(world: World, now: datetime = NOW) -> SecondFactor:
    return people.begin_second_factor(user=world.officer("lin.xinyu"), now=now)


def files(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.keys.iterdir()}


def test_the_status_counts_keys_and_shows_no_secret(sent: World, xinheng) -> None:
    found = xinheng("vault", "status", "--json").json
    kinds = {one["kind"]: one for one in found["status"]["kinds"]}
    assert (kinds["person"]["alive"], kinds["person"]["destroyed"]) == (1, 0)
    assert found["rotation_interrupted"] is False
    text = xinheng("vault", "status").out
    assert "数据密钥" in text
    assert "换过 0 次" in text
    assert CITIZEN_NUMBER not in text


def test_a_rotation_replaces_both_files_and_everything_still_opens(sent: World, xinheng) -> None:
    made = factor(sent)
    secret, before = secret_of(made), files(sent.home)
    assert xinheng("vault", "rotate", "--json").json["second_factors"] == 1
    after = files(sent.home)
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in ("master.key", "second-factor.key"))
    made.refresh_from_db()
    assert secret_of(made) == secret
    assert {one.act for one in AuditEvent.objects.all()} >= {"vault.rotate", "second_factor.rotate_key"}


def test_a_rotation_of_second_factors_killed_after_its_commit_is_finished(sent: World, xinheng, monkeypatch) -> None:
    made = factor(sent)
    secret = secret_of(made)
    with monkeypatch.context() as patch:
        patch.setattr("xinheng.people.actions.second_factor_key.adopt_following", lambda *_: None)
        people.rotate_second_factor_key(by=SYSTEM, now=NOW)
    made.refresh_from_db()
    assert secret_of(made) == secret, "both files open"
    late = factor(sent)
    assert xinheng("vault", "status", "--json").json["rotation_interrupted"] is True
    assert xinheng("vault", "settle", "--json").json["settled"] is True
    for one in (made, late):
        one.refresh_from_db()
        assert secret_of(one)
    assert not list(sent.home.keys.glob("*.next"))


def test_a_rotation_killed_before_it_changed_anything_is_dropped_or_done(sent: World, xinheng) -> None:
    made = factor(sent)
    secret = secret_of(made)
    following_box(sent.home, "second-factor")
    write_next(sent.home, MasterKey.load(sent.home))
    assert xinheng("vault", "settle", "--json").json["settled"] is True
    assert xinheng("vault", "settle", "--json").json["settled"] is False
    made.refresh_from_db()
    assert secret_of(made) == secret
    assert not list(sent.home.keys.glob("*.next"))
    assert SealedRecord.objects.get().key.wrapped is not None


def test_a_person_is_forgotten_by_a_number_that_is_no_argument(sent: World, xinheng, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(CITIZEN_NUMBER + "\n"))
    answer = xinheng("vault", "erase", "--reason", "本人申请删除", "--yes")
    assert answer.code == 0
    assert CITIZEN_NUMBER not in answer.out + answer.err
    assert not DataKey.objects.filter(kind="person", destroyed_at=None).exists()


def test_a_reason_with_a_number_in_it_is_refused_and_destroys_nothing(sent: World, xinheng, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(CITIZEN_NUMBER + "\n"))
    answer = xinheng("vault", "erase", "--reason", f"{CITIZEN_NUMBER}本人申请", "--yes")
    assert answer.code == 1
    assert CITIZEN_NUMBER not in answer.out + answer.err
    assert DataKey.objects.filter(kind="person", destroyed_at=None).exists()

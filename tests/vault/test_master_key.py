"""The master key file, and replacing it."""

import os

import pytest
from django.db import Error, transaction
from vault_world import NOW, OFFICER, PERSON, deliver, person_row

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, Refused
from xinheng.base.home import Home
from xinheng.people.models import Department
from xinheng.vault import keys
from xinheng.vault.actions import destroy_key, new_key, rotate_master, settle_master
from xinheng.vault.keys import MasterKey, blind, create_master_key, ensure_master_key
from xinheng.vault.models import DataKey, Person
from xinheng.vault.sealing import open_bytes, seal_bytes


def test_the_file_is_for_its_owner_only_and_made_once(home: Home) -> None:
    key = create_master_key(home)
    assert (home.keys / "master.key").stat().st_mode & 0o777 == 0o600
    assert MasterKey.load(home) == key == ensure_master_key(home)
    with pytest.raises(Conflict, match="已经存在"):
        create_master_key(home)


def test_no_draft_of_the_file_stays_behind(home: Home) -> None:
    create_master_key(home)
    with pytest.raises(Conflict):
        create_master_key(home)
    assert [path.name for path in home.keys.iterdir()] == ["master.key"]


def test_a_missing_file_is_told_in_words(home: Home) -> None:
    with pytest.raises(Refused, match="找不到主密钥文件"):
        MasterKey.load(home)


def test_a_file_others_can_read_is_refused(home: Home) -> None:
    create_master_key(home)
    (home.keys / "master.key").chmod(0o644)
    with pytest.raises(Refused, match="能被其他用户读取"):
        MasterKey.load(home)


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"wrap": "AA==", "blind": "AA==", "check": "x"}'])
def test_a_spoilt_file_is_told_in_words(content: str, home: Home) -> None:
    create_master_key(home)
    (home.keys / "master.key").write_text(content)
    with pytest.raises(Refused, match="主密钥文件"):
        MasterKey.load(home)


def test_secrets_do_not_show_in_representations(home: Home) -> None:
    assert "wrap" not in repr(create_master_key(home))


def test_equal_texts_have_equal_blind_indexes_and_other_homes_others(home: Home, settings, tmp_path) -> None:
    create_master_key(home)
    here = blind(PERSON)
    assert blind(PERSON) == here != blind(PERSON[:-1])

    settings.HOME = Home(tmp_path / "elsewhere")
    settings.HOME.prepare()
    create_master_key(settings.HOME)
    assert blind(PERSON) != here


@pytest.mark.django_db
def test_a_foreign_master_key_is_not_used_for_new_keys(master: MasterKey, home: Home) -> None:
    new_key(kind="batch", now=NOW)
    (home.keys / "master.key").unlink()
    create_master_key(home)
    with pytest.raises(Refused, match="主密钥与数据库中的密钥不匹配"):
        new_key(kind="batch", now=NOW)


@pytest.mark.django_db
def test_after_a_rotation_everything_opens_with_the_new_file_and_nothing_with_the_old(
    department: Department, home: Home
) -> None:
    deliver(department, person_row())
    key_id, gone = new_key(kind="batch", now=NOW), new_key(kind="batch", now=NOW)
    sealed = seal_bytes(key_id, b"abc", b"")
    destroy_key(key_id=gone, by=OFFICER, now=NOW, reason="保存期满")
    old_file, old_wrapped = (
        (home.keys / "master.key").read_bytes(),
        bytes(DataKey.objects.get(pk=key_id).wrapped),
    )

    assert rotate_master(by=OFFICER, now=NOW) == 2

    assert (home.keys / "master.key").read_bytes() != old_file
    assert not (home.keys / "master.key.next").exists()
    assert open_bytes(key_id, sealed, b"") == b"abc"
    assert deliver(department, person_row(fact="新内容"), batch_no=2) == ("amended",)
    assert Person.objects.count() == 1
    with pytest.raises(Refused, match="不匹配"):
        keys.unwrap_key(key_id, old_wrapped, keys.present_master_keys())
    assert AuditEvent.objects.get(act="vault.rotate").detail == {"keys": 2}


@pytest.mark.django_db
def test_a_rotation_killed_before_the_file_changed_hands_loses_nothing(
    master: MasterKey, home: Home, monkeypatch
) -> None:
    key_id = new_key(kind="batch", now=NOW)
    sealed = seal_bytes(key_id, b"abc", b"")

    class Killed(Exception):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", kill)
        with pytest.raises(Killed):
            rotate_master(by=OFFICER, now=NOW)

    assert open_bytes(key_id, sealed, b"") == b"abc"
    new_key(kind="batch", now=NOW)
    settle_master(home=home)
    assert not (home.keys / "master.key.next").exists()
    assert open_bytes(key_id, sealed, b"") == b"abc"


@pytest.mark.django_db
def test_a_rotation_that_did_not_commit_leaves_the_present_key(master: MasterKey, home: Home) -> None:
    key_id = new_key(kind="batch", now=NOW)
    keys.write_next(home, master)
    settle_master(home=home)
    assert MasterKey.load(home) == master
    assert rotate_master(by=OFFICER, now=NOW) == 1
    assert open_bytes(key_id, seal_bytes(key_id, b"abc", b""), b"") == b"abc"


@pytest.mark.django_db
def test_a_destroyed_key_cannot_be_brought_back_or_deleted(master: MasterKey) -> None:
    key_id = new_key(kind="batch", now=NOW)
    wrapped = DataKey.objects.get(pk=key_id).wrapped
    destroy_key(key_id=key_id, by=OFFICER, now=NOW, reason="保存期满")

    with pytest.raises(Error, match="不能恢复"), transaction.atomic():
        DataKey.objects.filter(pk=key_id).update(
            wrapped=wrapped, destroyed_at=None, destroyed_by="", destroyed_reason=""
        )
    with pytest.raises(Error, match="不能删除"), transaction.atomic():
        DataKey.objects.filter(pk=key_id).delete()
    with pytest.raises(Conflict, match="已经销毁"):
        destroy_key(key_id=key_id, by=OFFICER, now=NOW, reason="保存期满")


@pytest.mark.django_db
def test_a_key_is_destroyed_for_a_reason_and_by_somebody(master: MasterKey) -> None:
    key_id = new_key(kind="batch", now=NOW)
    with pytest.raises(Refused, match="理由"):
        destroy_key(key_id=key_id, by=OFFICER, now=NOW, reason="  ")
    destroy_key(key_id=key_id, by=OFFICER, now=NOW, reason="保存期满")
    row = DataKey.objects.get(pk=key_id)
    assert (row.wrapped, row.destroyed_by, row.destroyed_reason) == (None, "林信予", "保存期满")
    assert AuditEvent.objects.get(act="vault.destroy").purpose == "保存期满"

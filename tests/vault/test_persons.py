"""Rows about natural persons: sealed, compared, opened with a purpose, erased."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from vault_world import NOW, OFFICER, OTHER, PERSON, deliver, person_row

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import NotFound, Refused
from xinheng.base.identifiers.citizen_number import complete
from xinheng.base.scope import PUBLIC, Scope
from xinheng.ledger.models import Batch, Channel, DataFile, FileKind
from xinheng.people.models import Department
from xinheng.vault.actions import erase_person, new_key, note_mentions, open_record
from xinheng.vault.keys import blind_persons
from xinheng.vault.models import DataKey, Person, SealedRecord
from xinheng.vault.sealing import open_bytes, open_stream, seal_bytes, seal_file

pytestmark = pytest.mark.django_db
COUNTY = Scope(region="990001")
COUNTS = (
    *("amended", "unchanged", "withdrawn", "rejected", "warnings"),
    *("errors_total", "timely", "late", "linked"),
)


def fact_of(row: SealedRecord) -> str | None:
    return open_record(COUNTY, row.pk, purpose="办理异议", by=OFFICER, now=NOW).content["fact"]


def test_a_new_row_is_accepted_and_its_repeat_is_unchanged(department: Department) -> None:
    assert deliver(department, person_row()) == ("accepted",)
    assert deliver(department, person_row(), batch_no=2) == ("unchanged",)
    assert SealedRecord.objects.count() == 1


def test_other_content_amends_and_the_old_version_stays(department: Department) -> None:
    deliver(department, person_row())
    assert deliver(department, person_row(fact="教师资格证（高中）"), batch_no=2) == ("amended",)

    old, new = SealedRecord.objects.order_by("id")
    assert (old.known_to, new.known_to) == (NOW, None)
    assert open_record(COUNTY, new.pk, purpose="办理异议", by=OFFICER, now=NOW).content["fact"] == "教师资格证（高中）"
    assert open_record(COUNTY, old.pk, purpose="办理异议", by=OFFICER, now=NOW).content["fact"] == "教师资格证"


def test_a_withdrawal_closes_what_was_sent_and_is_refused_without_it(department: Department) -> None:
    deliver(department, person_row(1))
    outcomes = deliver(department, person_row(1, withdrawn=True), person_row(2, withdrawn=True), batch_no=2)
    assert outcomes == ("withdrawn", "rejected:no_such_key")
    assert deliver(department, person_row(1, withdrawn=True), batch_no=3) == ("unchanged",)


def test_another_departments_key_is_another_record(department: Department) -> None:
    deliver(department, person_row())
    department.pk += 1
    assert deliver(department, person_row(withdrawn=True), batch_no=2) == ("rejected:no_such_key",)


def test_each_record_has_one_key_for_all_its_versions(department: Department) -> None:
    deliver(department, person_row(1), person_row(2), person_row(3, person=OTHER))
    deliver(department, person_row(1, fact="改了"), person_row(4), batch_no=2)
    assert DataKey.objects.filter(kind="person").count() == 4
    assert Person.objects.count() == 2


def test_an_old_number_and_the_new_one_are_the_same_person(department: Department) -> None:
    old = "330101900307001"
    numbers = blind_persons([complete(old), old, f" {old} "])
    assert len(numbers) == 3
    assert len(set(numbers.values())) == 1


def test_repeated_business_keys_in_one_call_are_a_mistake_of_the_caller(department: Department) -> None:
    with pytest.raises(ValueError, match="distinct"):
        deliver(department, person_row(), person_row())


def test_nothing_of_a_person_stands_in_the_database_in_clear(department: Department) -> None:
    deliver(department, person_row())
    tables = [*connection.introspection.table_names()]
    with connection.cursor() as cursor:
        for table in (name for name in tables if name.startswith(("vault_", "audit_"))):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            content = "\n".join(row[0] for row in cursor.fetchall())
            for planted in (PERSON, "云甲", "教师资格证", PERSON.encode().hex(), "云甲".encode().hex()):
                assert planted not in content, table


def test_reading_asks_a_purpose_and_leaves_a_trace(department: Department) -> None:
    deliver(department, person_row())
    number = SealedRecord.objects.get().pk

    with pytest.raises(Refused, match="用途"):
        open_record(COUNTY, number, purpose=" ", by=OFFICER, now=NOW)
    open_record(COUNTY, number, purpose="办理异议", by=OFFICER, now=NOW)

    event = AuditEvent.objects.get(act="vault.open")
    assert (event.object_id, event.purpose, event.actor_name) == (str(number), "办理异议", "林信予")


def test_a_sealed_row_does_not_exist_for_others(department: Department) -> None:
    deliver(department, person_row())
    number = SealedRecord.objects.get().pk
    elsewhere = Scope(region="990001", departments=frozenset({department.pk + 1}))
    for scope in (PUBLIC, Scope(region="990002"), elsewhere):
        with pytest.raises(NotFound):
            open_record(scope, number, purpose="办理异议", by=OFFICER, now=NOW)


def test_a_row_moved_to_another_place_does_not_open(department: Department) -> None:
    deliver(department, person_row())
    SealedRecord.objects.update(row_no=99)
    with pytest.raises(Refused, match="已损坏或被改动"):
        open_record(COUNTY, SealedRecord.objects.get().pk, purpose="办理异议", by=OFFICER, now=NOW)


def batch_with_files(department: Department, number: int, clear: Path) -> tuple[int, Path, Path]:
    """A batch with an encrypted original and an encrypted part, as intake leaves them."""
    seal_key, source_key = new_key(kind="batch", now=NOW), new_key(kind="source", now=NOW)
    batch = Batch.objects.create(
        number=number,
        region_id=department.region_id,
        department=department,
        type="licence",
        edition="2018",
        channel=Channel.DESK,
        file_name="许可.csv",
        sha256=f"{number:064d}",
        size=1,
        received_at=NOW,
        known_at=NOW,
        rows=1,
        accepted=1,
        sealed_persons=1,
        seal_key=seal_key,
        **dict.fromkeys(COUNTS, 0),
    )
    home = settings.HOME
    places = home.sources / f"{number}.bin", home.ledger / f"{number}.sealed"
    for path, key, kind in zip(places, (source_key, seal_key), (FileKind.SOURCE, FileKind.SEALED), strict=True):
        seal_file(clear, path, key)
        DataFile.objects.create(
            batch=batch,
            kind=kind,
            path=path.relative_to(home.root).as_posix(),
            rows=1,
            size=path.stat().st_size,
            sha256="0" * 64,
        )
    return seal_key, *places


def test_erasing_a_person_closes_her_rows_and_every_file_that_names_her(
    department: Department, clear_file: Path
) -> None:
    seal_key, source, part = batch_with_files(department, 1, clear_file)
    other_key, other_source, _ = batch_with_files(department, 2, clear_file)
    deliver(department, person_row(), batch_no=1)
    deliver(department, person_row(5, person=OTHER), batch_no=2)
    stored = bytes(SealedRecord.objects.get(batch_no=1).ciphertext)

    erasure = erase_person(number=PERSON, by=OFFICER, now=NOW, reason="本人申请删除")

    assert erasure.batches == (1,)
    assert seal_key in erasure.keys
    with pytest.raises(Refused, match="密钥已销毁"):
        open_record(COUNTY, SealedRecord.objects.get(batch_no=1).pk, purpose="办理异议", by=OFFICER, now=NOW)
    for path, key_id in ((source, erasure.keys[-1]), (part, seal_key)):
        assert path.exists()
        with pytest.raises(Refused, match="密钥已销毁"):
            list(open_stream(path, key_id))
    assert bytes(SealedRecord.objects.get(batch_no=1).ciphertext) == stored
    assert open_bytes(other_key, seal_bytes(other_key, b"x", b""), b"") == b"x"
    assert other_source.exists()
    other = SealedRecord.objects.get(batch_no=2).pk
    assert open_record(COUNTY, other, purpose="办理异议", by=OFFICER, now=NOW).content["name"] == "云甲"


def test_a_person_named_only_in_refused_rows_is_erased_with_those_files(
    department: Department, clear_file: Path
) -> None:
    seal_key, *_ = batch_with_files(department, 1, clear_file)
    note_mentions(blind_indexes=blind_persons([PERSON]).values(), batch_no=1)
    erasure = erase_person(number=PERSON, by=OFFICER, now=NOW, reason="本人申请删除")
    assert seal_key in erasure.keys
    with pytest.raises(NotFound, match="没有可销毁的内容"):
        erase_person(number=PERSON, by=OFFICER, now=NOW, reason="本人申请删除")


def test_what_was_erased_takes_no_new_content(department: Department) -> None:
    deliver(department, person_row(1))
    erase_person(number=PERSON, by=OFFICER, now=NOW, reason="本人申请删除")
    outcomes = deliver(department, person_row(1, fact="改了一个字"), person_row(2), batch_no=2)
    assert outcomes == ("rejected:erased", "accepted")
    fresh = SealedRecord.objects.get(batch_no=2)
    assert open_record(COUNTY, fresh.pk, purpose="办理异议", by=OFFICER, now=NOW).content["fact"] == "教师资格证"

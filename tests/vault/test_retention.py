"""When the basis of a sealed record has ended for long enough, its key is destroyed: only by a verified rule."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_persons import batch_with_files
from vault_world import NOW, OTHER, PERSON, deliver, person_row

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Refused
from xinheng.people.models import Department
from xinheng.rulebook.loader import pack_names
from xinheng.vault.actions import end_retention, note_mentions
from xinheng.vault.keys import blind_persons
from xinheng.vault.models import DataKey, SealedRecord
from xinheng.vault.retention import FILES, WITHDRAWN, retention_mistakes, retentions
from xinheng.vault.sealing import open_stream

pytestmark = pytest.mark.django_db
EXPIRED = date(2020, 1, 1)
"""Valid to this day; the fictional rule keeps a licence for 365 days more, until 2020-12-31."""
LAST_DAY = EXPIRED + timedelta(days=365)


def licence(number: int, valid_to: date | None, **more: object):
    return replace(person_row(number, **more), valid_to=valid_to, decided_on=date(2015, 1, 1))  # type: ignore[arg-type]


def end(today: date, pack: str = "demo"):
    return end_retention(pack=pack, today=today, now=NOW)


def alive() -> set[str]:
    return {
        str(fact) for fact in SealedRecord.objects.filter(key__destroyed_at=None).values_list("row_no", flat=True)
    }  # fmt: skip


def test_the_record_lasts_through_its_last_day(department: Department) -> None:
    deliver(department, licence(1, EXPIRED))
    assert end(LAST_DAY).records == 0
    assert end(LAST_DAY + timedelta(days=1)).records == 1
    key = DataKey.objects.get(kind="person")
    assert (key.wrapped, key.destroyed_by, key.destroyed_reason) == (None, "封存期管理", "封存期届满")
    assert AuditEvent.objects.get(act="vault.retention").detail == {"records": 1, "batches": 0}


def test_one_record_of_a_person_ends_and_the_other_stays(department: Department) -> None:
    deliver(department, licence(1, EXPIRED), licence(2, date(2099, 12, 31)))
    assert end(NOW.date()).records == 1
    assert alive() == {"3"}


def test_a_renewed_licence_counts_from_its_new_end_and_old_versions_stay_with_it(department: Department) -> None:
    deliver(department, licence(1, EXPIRED))
    deliver(department, licence(1, date(2030, 1, 1), fact="延续"), batch_no=2)
    assert end(NOW.date()).records == 0
    assert end(date(2031, 1, 2)).records == 1
    assert SealedRecord.objects.filter(key__destroyed_at=None).count() == 0


def test_what_was_taken_back_is_kept_for_the_short_time_of_withdrawn_rows(department: Department) -> None:
    deliver(department, licence(1, date(2099, 12, 31)))
    deliver(department, licence(1, None, withdrawn=True), batch_no=2)
    assert end(NOW.date() + timedelta(days=30)).records == 0
    assert end(NOW.date() + timedelta(days=31)).records == 1


def test_a_record_without_the_date_the_rule_counts_from_stays(department: Department) -> None:
    deliver(department, licence(1, None))
    assert end(date(2100, 1, 1)).records == 0


def test_a_key_shared_from_before_ends_with_the_last_of_its_records(department: Department) -> None:
    deliver(department, licence(1, EXPIRED), licence(2, date(2022, 1, 1)))
    SealedRecord.objects.update(key=SealedRecord.objects.order_by("pk")[0].key)
    assert end(date(2022, 1, 1)).records == 0
    assert end(date(2023, 1, 2)).records == 1


def test_the_files_that_carried_the_record_go_with_it(department: Department, clear_file: Path) -> None:
    seal_key, source, part = batch_with_files(department, 1, clear_file)
    deliver(department, licence(1, EXPIRED), licence(2, date(2099, 12, 31), person=OTHER))
    assert end(NOW.date()).records == 1
    with pytest.raises(Refused, match="密钥已销毁"):
        list(open_stream(part, seal_key))
    assert source.exists()
    assert alive() == {"3"}


def test_old_files_that_name_a_person_in_refused_rows_only_end_too(department: Department, clear_file: Path) -> None:
    seal_key, *_ = batch_with_files(department, 1, clear_file)
    other_key, *_ = batch_with_files(department, 2, clear_file)
    note_mentions(blind_indexes=blind_persons([PERSON]).values(), batch_no=1)
    assert end(NOW.date() + timedelta(days=1095)).batches == 0
    assert end(NOW.date() + timedelta(days=1096)).batches == 1
    assert DataKey.objects.get(pk=seal_key).wrapped is None
    assert DataKey.objects.get(pk=other_key).wrapped is not None
    assert end(NOW.date() + timedelta(days=1097)).batches == 0


def test_a_rule_nobody_verified_destroys_nothing_and_is_counted(department: Department) -> None:
    deliver(department, licence(1, EXPIRED))
    done = end(NOW.date(), pack="national")
    assert (done.records, done.unverified) == (0, 1)
    assert not AuditEvent.objects.filter(act="vault.retention").exists()


def test_a_second_run_finds_nothing_more(department: Department) -> None:
    deliver(department, licence(1, EXPIRED))
    assert (end(NOW.date()).records, end(NOW.date()).records) == (1, 0)


@pytest.mark.parametrize("pack", pack_names())
def test_every_pack_says_how_long_each_sealed_type_is_kept(pack: str) -> None:
    assert retention_mistakes(pack) == []
    assert {WITHDRAWN, FILES} < retentions(pack, NOW.date()).keys()


def test_the_national_periods_are_the_platforms_own_and_not_shown_as_law() -> None:
    assert not any(one.verified for one in retentions("national", NOW.date()).values())

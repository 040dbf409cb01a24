"""Gathering changes where rows lie and nothing else; replaced files leave the disk when nobody can need them."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from tests.kept import building, lent
from tests.ledger.subjects import LIST, listing, number_of, register_shops, subject_list
from tests.world import NOW, SCHOOLS, SYSTEM, World

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.ledger import clustering
from xinheng.ledger.actions import gathering, held, optimise, remove_retired
from xinheng.ledger.doctor import damaged_files
from xinheng.ledger.models import DataFile, FileKind, HoldKind
from xinheng.ledger.queries import accepted_files, holdings, retired_files, rows_of_subject
from xinheng.ledger.restored import mark_restored, prove_well
from xinheng.ledger.sweeping import orphan_folders

pytestmark = pytest.mark.django_db
SHOPS, BATCHES = 40, 6
LATER = NOW + timedelta(days=30)
TYPES = [LIST]


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world) as world:
        register_shops(world, SHOPS)
        for batch in range(BATCHES):
            rows = [listing(shop, f"{batch}", shop) for shop in range(1 + batch, SHOPS + 1, 1 + batch % 3)]
            subject_list(world, rows, now=NOW + timedelta(days=batch))
        subject_list(world, [listing(3, "末", 3)], department=SCHOOLS.code, now=NOW + timedelta(days=9))
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "LEAF_ROWS", 8)


def gather(world: World, **options: object) -> gathering.Gathered:
    return optimise(home=world.home, by=SYSTEM, clock=lambda: LATER, **{"everything": True} | options)


def paths(world: World) -> list[str]:
    return [str(file.path) for file in accepted_files(world.scope, home=world.home, types=TYPES)]


def all_rows(world: World) -> Counter[tuple[object, ...]]:
    columns = "batch_no, row_no, subject_no, statement, key_hash, content_hash, list_batch, entry_id, uscc"
    found = duckdb.execute(f"SELECT {columns} FROM read_parquet(?, union_by_name = true)", [paths(world)]).fetchall()
    return Counter(tuple(row) for row in found)


def seen(world: World, shop: int, **options) -> list[tuple[int, int]]:
    found = rows_of_subject(
        world.scope, [number_of(shop)], home=world.home, as_at=date(2026, 12, 31), types=TYPES, **options
    )
    return [(row.batch_no, row.row_no) for row in found]


def test_every_row_is_there_once_and_as_it_was(world, small_parts):
    before = all_rows(world)
    done = gather(world)
    assert done.files_before == BATCHES + 1 + 1  # the organisations' own file is gathered as well
    assert all_rows(world) == before
    assert set(before.values()) == {1}
    assert list(damaged_files(world.home)) == []


def test_each_part_is_one_file_sorted_by_subject(world, small_parts):
    gather(world)
    files = DataFile.objects.filter(kind=FileKind.ACCEPTED, visible_until=None, type=LIST)
    assert len(files) == len({file.remainder for file in files}) > 4
    for file in files:
        subjects = [row[0] for row in duckdb.execute(
            "SELECT subject_no FROM read_parquet(?)", [str(world.home.root / file.path)]).fetchall()]  # fmt: skip
        assert subjects == sorted(subjects)
        assert {subject % file.modulus for subject in subjects} == {file.remainder}
        assert (subjects[0], subjects[-1]) == (file.first_subject, file.last_subject)


def test_a_subject_is_found_as_before_at_every_time(world, small_parts):
    times = [None, *(NOW + timedelta(days=batch, minutes=1) for batch in range(BATCHES))]
    before = [[seen(world, shop, known_before=time) for time in times] for shop in (1, 3, 6, SHOPS)]
    gather(world)
    assert [[seen(world, shop, known_before=time) for time in times] for shop in (1, 3, 6, SHOPS)] == before


def test_new_batches_join_the_parts_they_belong_to(world, small_parts):
    gather(world)
    subject_list(world, [listing(shop, "新", shop) for shop in range(1, SHOPS)], now=LATER)
    before = all_rows(world)
    gather(world)
    assert all_rows(world) == before
    assert holdings(world.scope)[0].type == LIST
    assert holdings(world.scope)[0].loose == 0
    files = DataFile.objects.filter(kind=FileKind.ACCEPTED, visible_until=None, type=LIST)
    assert len(files) == len({file.remainder for file in files})


def test_gathering_again_changes_nothing(world, small_parts):
    gather(world)
    assert gather(world).steps == 0


def test_a_few_files_are_left_until_more_have_come(world, monkeypatch):
    assert gather(world, everything=False).steps == 0
    monkeypatch.setattr(gathering, "GATHER_AT", BATCHES)
    assert gather(world, everything=False).files_before == BATCHES + 1


def test_a_few_rows_beside_many_are_gathered_by_themselves(world, small_parts, monkeypatch):
    monkeypatch.setattr(gathering, "GATHER_AT", 3)
    gather(world)
    parts = set(paths(world))
    for entry in range(3):
        subject_list(world, [listing(5, f"后{entry}", 1)], now=LATER)
    done = gather(world, everything=False)
    assert (done.files_before, done.files_after, done.rows) == (3, 1, 3)
    assert parts < set(paths(world))


def test_what_was_done_stands_in_the_log(world):
    gather(world)
    event = AuditEvent.objects.filter(act="ledger.gather", object_id=LIST).latest("pk")
    assert event.detail == {"files": BATCHES + 1, "gathered": 1, "rows": sum(all_rows(world).values())}


def test_a_damaged_file_is_named_and_nothing_changes(world):
    before = paths(world)
    content = bytearray(Path(before[2]).read_bytes())
    content[len(content) // 2] ^= 1
    Path(before[2]).write_bytes(content)
    with pytest.raises(Refused, match=Path(before[2]).parent.name):
        gather(world)
    assert paths(world) == before


def test_replaced_files_leave_the_disk_after_the_retention(world):
    old = [Path(path) for path in paths(world)]
    gather(world)
    kept = retired_files(world.scope)
    assert kept.files == len(old) + 1
    assert remove_retired(home=world.home, now=LATER + timedelta(hours=23)).files == 0
    assert all(path.exists() for path in old)
    freed = remove_retired(home=world.home, now=LATER + timedelta(hours=25))
    assert (freed.files, freed.bytes) == (kept.files, kept.bytes)
    assert not any(path.exists() for path in old)
    assert retired_files(world.scope).files == 0
    assert list(damaged_files(world.home)) == []
    assert orphan_folders(world.home, now=LATER, lease=timedelta(0)) == ()


def test_what_somebody_holds_stays(world):
    now = LATER + timedelta(days=2)
    with held(HoldKind.BACKUP, clock=lambda: LATER - timedelta(minutes=1), longest=timedelta(days=9)):
        gather(world)
        assert remove_retired(home=world.home, now=now).files == 0
    assert remove_retired(home=world.home, now=now).files > 0


def test_a_hold_of_a_killed_process_ends_by_itself(world):
    gather(world)
    hold = held(HoldKind.READING, clock=lambda: LATER - timedelta(minutes=1))
    hold.__enter__()
    assert remove_retired(home=world.home, now=LATER + timedelta(days=2)).files > 0


def test_a_hold_taken_later_does_not_keep_what_was_gone_before(world):
    gather(world)
    now = LATER + timedelta(days=2)
    with held(HoldKind.READING, clock=lambda: now - timedelta(hours=1)):
        assert remove_retired(home=world.home, now=now).files > 0


def test_a_restored_home_sweeps_nothing_until_it_is_proved_well(world):
    gather(world)
    now = LATER + timedelta(days=2)
    mark_restored(world.home)
    assert remove_retired(home=world.home, now=now).files == 0
    prove_well(world.home)
    assert remove_retired(home=world.home, now=now).files > 0

"""All rows of one subject out of the ledger: of every batch, as known then, and only within the caller's reach."""

from datetime import date, datetime, timedelta

import pytest
from tests.ledger.subjects import LIST, listing, number_of, register_shops, subject_list
from tests.world import MARKET, NOW, SCHOOLS, World

from xinheng.base.clock import SHANGHAI
from xinheng.base.scope import PUBLIC, Scope
from xinheng.ledger.models import DataFile, FileKind
from xinheng.ledger.queries import LedgerRow, accepted_row, rows_of_subject

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def county(module_world: World):
    from tests.kept import building

    with building(module_world) as world:
        register_shops(world, 3)
        subject_list(world, [listing(1, "甲", 1), listing(2, "甲", 2)])
        subject_list(world, [listing(1, "乙", 3)], now=NOW + timedelta(days=1))
        subject_list(world, [listing(3, "丙", 1)], department=SCHOOLS.code, now=NOW + timedelta(days=2))
        yield world


def rows(world: World, shop: int, scope: Scope | None = None, **options) -> tuple[LedgerRow, ...]:
    options = {"types": [LIST]} | options
    return rows_of_subject(scope or world.scope, [number_of(shop)], home=world.home, as_at=TODAY, **options)


def test_rows_of_all_batches_are_found(county):
    found = rows(county, 1)
    assert [(row.batch_no, row.values["entry_id"]) for row in found] == [(3, "乙3"), (2, "甲1")]
    assert {row.type for row in found} == {LIST}
    assert found[0].department_name == MARKET.name


def test_what_was_not_known_then_is_left_out(county):
    then = datetime(2026, 11, 21, 23, 59, tzinfo=SHANGHAI)
    assert [row.batch_no for row in rows(county, 1, known_before=then)] == [2]


def test_other_types_may_be_left_out(county):
    assert rows(county, 1, types=["penalty"]) == ()
    assert {row.type for row in rows(county, 1, types=None)} == {LIST, "organisation"}
    assert rows(county, 1, types=[]) == ()


def test_a_department_sees_what_it_sent(county):
    schools = Scope(region=county.region.code, departments=frozenset({county.department(SCHOOLS.code).pk}))
    assert rows(county, 1, schools) == ()
    assert len(rows(county, 3, schools)) == 1


def test_another_county_and_the_public_see_nothing(county):
    assert rows(county, 1, Scope(region="990002")) == ()
    assert rows(county, 1, PUBLIC) == ()


def test_files_that_cannot_hold_the_subject_are_not_opened(county):
    held = DataFile.objects.get(kind=FileKind.ACCEPTED, batch__number=4)
    assert held.first_subject == held.last_subject == number_of(3)
    (county.home.root / held.path).rename(county.home.root / "away")
    try:
        assert len(rows(county, 1)) == 2
    finally:
        (county.home.root / "away").rename(county.home.root / held.path)


def test_one_row_is_found_by_batch_and_number(county):
    row = accepted_row(county.scope, 2, 3, home=county.home)
    assert row is not None
    assert row["entry_id"] == "甲2"
    assert accepted_row(county.scope, 2, 9, home=county.home) is None
    assert accepted_row(Scope(region="990002"), 2, 3, home=county.home) is None

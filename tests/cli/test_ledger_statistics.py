"""`xinheng ledger statistics`: the same totals from every engine."""

from datetime import timedelta

import pytest
from tests.kept import building, lent
from tests.ledger.subjects import LIST, listing, number_of, register_shops, subject_list
from tests.needs_spark import needs_spark
from tests.world import NOW

from xinheng.ledger.models import Hold
from xinheng.register.models import SubjectLink

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _county(module_world):
    with building(module_world) as world:
        register_shops(world, 3)
        subject_list(world, [listing(1, "甲", 1), listing(2, "甲", 2)])
        again = [
            listing(1, "甲", 1, 公布时间="2026年11月", 数据操作="", 撤回原因=""),
            listing(2, "甲", 2, 公布时间="", 数据操作="撤回", 撤回原因="列入有误"),
        ]
        subject_list(world, again, now=NOW + timedelta(days=1))
        subject_list(world, [listing(3, "丙", 1)], now=NOW + timedelta(days=2))


@pytest.fixture
def world(module_world, home):
    return lent(module_world, home)


def totals(answer) -> dict[str, dict[str, object]]:
    assert answer.code == 0, answer.err or answer.out
    return {one["type"]: one for one in answer.json["types"]}


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_the_totals_are_those_of_the_statements_in_force(world, xinheng, engine):
    found = totals(xinheng("ledger", "statistics", "--engine", engine, "--json"))
    assert found["organisation"]["subjects"] == 3
    # One of the four rows amends another, and one takes the third back.
    assert (found[LIST]["subjects"], found[LIST]["rows"]) == (2, 2)
    assert not Hold.objects.exists()


@pytest.mark.slow
@needs_spark
def test_spark_gives_the_same_totals(world, xinheng):
    expected = totals(xinheng("ledger", "statistics", "--json"))
    assert totals(xinheng("ledger", "statistics", "--engine", "spark", "--master", "local[2]", "--json")) == expected


def test_a_subject_that_was_linked_to_another_counts_once(world, xinheng):
    own, other = number_of(1), number_of(3)
    SubjectLink.objects.create(number=other, organisation_id=own, known_from=NOW, reason="同一单位")
    found = totals(xinheng("ledger", "statistics", "--json"))
    assert (found[LIST]["subjects"], found[LIST]["rows"]) == (1, 2)


def test_an_unknown_engine_is_wrong_usage(world, xinheng):
    assert xinheng("ledger", "statistics", "--engine", "flink").code == 2
    assert xinheng("ledger", "statistics", "--master", "local[2]").code == 2


def test_people_read_a_table(world, xinheng):
    answer = xinheng("ledger", "statistics")
    assert "由 duckdb 计算" in answer.out
    assert LIST in answer.out

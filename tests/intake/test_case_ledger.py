"""A department's own count of its acts names no organisation, and is taken in all the same."""

import pytest
from tests.world import MARKET, table

pytestmark = pytest.mark.django_db


def test_a_count_of_acts_is_taken_in_without_a_subject(world):
    rows = [
        {
            "部门名称": MARKET.name,
            "部门统一社会信用代码": MARKET.code,
            "行政行为种类": "行政许可",
            "所属月份": f"2026-{month:02d}-01",
            "件数": str(month),
        }
        for month in (9, 10)
    ]
    batch = world.batch(table(rows), "case_ledger")
    assert (batch.rows, batch.accepted, batch.rejected) == (2, 2, 0)

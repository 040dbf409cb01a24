"""Many rows and few rows are judged by different ways, and come to the same."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from tests.catalogue.checks.check_worlds import CONTEXT, LICENCE, PENALTY, PERSON, contract
from tests.catalogue.checks.test_engines_agree import WITHDRAWAL, rows

from xinheng.engines import dictionary
from xinheng.engines.duck import duck
from xinheng.intake import checking
from xinheng.intake.reading.landed import Landed, schema
from xinheng.intake.statements import state

REGISTRATION = {"name": "云屿县浮光食品有限公司", "uscc": PENALTY["uscc"], "category": "企业", "status": "存续"}
CLEAN = {"penalty": (PENALTY, PERSON, WITHDRAWAL), "licence": (LICENCE,), "organisation": (REGISTRATION,)}
relaxed = settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def outcome(folder, key, dirty, *, few, most_distinct, monkeypatch):
    """Findings and statements of these rows, by the way the two limits lead to."""
    monkeypatch.setattr(checking, "FEW", few)
    monkeypatch.setattr(dictionary, "MOST_DISTINCT", most_distinct)
    monkeypatch.setattr(dictionary, "SAMPLE", 1)
    kind = contract(key)
    columns = [pa.array([row.get(name) for row in dirty], pa.string()) for name in kind.names]
    blank = pa.array([None] * len(dirty), pa.string())
    path = folder / "rows.parquet"
    pq.write_table(pa.Table.from_arrays([*columns, blank, blank], schema=schema(len(kind.names))), path)
    with duck(folder) as engine:
        checking.open_rows(engine, Landed(path, kind.names, 2), kind, dict(enumerate(kind.names)))
        checking.judge(engine, kind, CONTEXT)
        state(engine, kind, "pepper")
        found = engine.rows("SELECT DISTINCT * FROM findings ORDER BY ALL")
        sets = engine.rows("SELECT * FROM statements ORDER BY row_no")
        persons = engine.rows("SELECT * FROM persons ORDER BY row_no")
        count = engine.one("SELECT count(*) FROM findings")[0]
    return found, sets, persons, count


@pytest.mark.parametrize("key", CLEAN)
def test_sets_and_single_rows_agree(key, tmp_path, monkeypatch):
    @relaxed
    @given(dirty=rows(key, *CLEAN[key]))
    def agree(dirty):
        one_by_one = outcome(tmp_path, key, dirty, few=2_000, most_distinct=1.0, monkeypatch=monkeypatch)
        as_sets = outcome(tmp_path, key, dirty, few=0, most_distinct=0.0, monkeypatch=monkeypatch)
        by_value = outcome(tmp_path, key, dirty, few=0, most_distinct=1.0, monkeypatch=monkeypatch)
        assert as_sets == one_by_one, json.dumps(dirty, ensure_ascii=False)
        assert by_value == one_by_one, json.dumps(dirty, ensure_ascii=False)

    agree()

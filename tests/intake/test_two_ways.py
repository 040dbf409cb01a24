"""Many rows and few rows are judged by different ways, and come to the same."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.catalogue.checks.check_worlds import CONTEXT, LICENCE, PENALTY, PERSON, contract

from xinheng.engines import statistics
from xinheng.engines.duck import duck
from xinheng.intake import checking
from xinheng.intake.reading.landed import Landed, schema
from xinheng.intake.statements import state

relaxed = settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


WITHDRAWAL = PENALTY | {"operation": "撤回", "withdrawal_reason": "决定已撤销"}
REGISTRATION = {"name": "云屿县浮光食品有限公司", "uscc": PENALTY["uscc"], "category": "企业", "status": "存续"}
CLEAN = {"penalty": (PENALTY, PERSON, WITHDRAWAL), "licence": (LICENCE,), "organisation": (REGISTRATION,)}
DIRT = [
    None, "", " ", "\u3000", "无", "/", "-", "2026/10/15", "2026-02-30", "20261015", "43372", "长期", "2099/12/31",
    "去年",
    "0.2", "-1", "1,000.50", "2000元", "0.2万元", "１２.５", "99999", PENALTY["uscc"].lower(), f" {PENALTY['uscc']}-",
    "00000000000000000X", "370181228012345", "12345678-X", "99000119900307001X", "身份证99000119900307001X。",
    "13800138000", "卡号6222021234567890123", "含\u0001控制符", "两\n行", "零\u200b宽", "私\ue000用", "字" * 300,
    "罚款;警告", "罚款、没收违法所得", "其他", "其他-补办", "其他-99000119900307001X", "普通", "自然人",
    "个体工商户", "撤回",
    "云市监罚(2026)１号", "示例姓名到场", "企业", "注销", "1",
]  # fmt: skip


def rows(key: str, *clean: dict[str, str | None]) -> st.SearchStrategy[list[dict[str, str | None]]]:
    """Rows that start from a clean one and have a few of their cells replaced, some row more than once."""
    changes = st.dictionaries(st.sampled_from(contract(key).names), st.sampled_from(DIRT), max_size=6)
    row = st.tuples(st.sampled_from(clean), changes).map(lambda pair: {**pair[0], **pair[1]})
    return st.lists(row, min_size=1, max_size=40)


def outcome(
    folder: Path, key: str, dirty: list[dict[str, str | None]], *, few: int, most_distinct: float,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[object, ...]:  # fmt: skip
    """Findings and statements of these rows, by the way the two limits lead to."""
    monkeypatch.setattr(checking, "FEW", few)
    monkeypatch.setattr(statistics, "MOST_DISTINCT", most_distinct)
    monkeypatch.setattr(statistics, "SMALL", 0)
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
def test_sets_and_single_rows_agree(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @relaxed
    @given(dirty=rows(key, *CLEAN[key]))
    def agree(dirty: list[dict[str, str | None]]) -> None:
        one_by_one = outcome(tmp_path, key, dirty, few=2_000, most_distinct=1.0, monkeypatch=monkeypatch)
        as_sets = outcome(tmp_path, key, dirty, few=0, most_distinct=0.0, monkeypatch=monkeypatch)
        by_value = outcome(tmp_path, key, dirty, few=0, most_distinct=1.0, monkeypatch=monkeypatch)
        assert as_sets == one_by_one, json.dumps(dirty, ensure_ascii=False)
        assert by_value == one_by_one, json.dumps(dirty, ensure_ascii=False)

    agree()

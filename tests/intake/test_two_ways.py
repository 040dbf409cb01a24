"""Many rows and few rows are judged by different ways, and come to the same."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import strategies as st
from tests.catalogue.checks.check_worlds import CONTEXT, LICENCE, PENALTY, PERSON, contract
from tests.drawing import drawn

from xinheng.engines import statistics
from xinheng.engines.duck import duck
from xinheng.intake import checking, stating_plainly
from xinheng.intake.reading.landed import Landed, schema
from xinheng.intake.statements import state

Row = dict[str, str | None]
Outcome = dict[str, list[tuple[Any, ...]]]
FIRST = 2
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


def rows(key: str, *clean: Row) -> st.SearchStrategy[Row]:
    """Rows that start from a clean one and have a few of their cells replaced."""
    changes = st.dictionaries(st.sampled_from(contract(key).names), st.sampled_from(DIRT), max_size=6)
    return st.tuples(st.sampled_from(clean), changes).map(lambda pair: {**pair[0], **pair[1]})


def outcome(
    folder: Path, key: str, dirty: list[Row], *, few: int, most_distinct: float,
    monkeypatch: pytest.MonkeyPatch,
) -> Outcome:  # fmt: skip
    """What comes of these rows, by the way the two limits lead to."""
    monkeypatch.setattr(checking, "SMALL_FILE", few)
    monkeypatch.setattr(checking, "FEW_SUSPECTS", few)
    monkeypatch.setattr(stating_plainly, "FEW", few)
    monkeypatch.setattr(statistics, "MOST_DISTINCT", most_distinct)
    monkeypatch.setattr(statistics, "SMALL", 0)
    kind = contract(key)
    columns = [pa.array([row.get(name) for row in dirty], pa.string()) for name in kind.names]
    blank = pa.array([None] * len(dirty), pa.string())
    path = folder / "rows.parquet"
    pq.write_table(pa.Table.from_arrays([*columns, blank, blank], schema=schema(len(kind.names))), path)
    with duck(folder) as engine:
        checking.open_rows(engine, Landed(path, kind.names, FIRST), kind, dict(enumerate(kind.names)))
        checking.judge(engine, kind, CONTEXT)
        state(engine, kind, "pepper")
        return {
            table: engine.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in ("findings", "statements", "persons")
        }


@pytest.mark.parametrize(
    ("key", "examples"),
    [
        ("penalty", 80),
        pytest.param("penalty", 1_000, marks=pytest.mark.slow),
        pytest.param("licence", 1_000, marks=pytest.mark.slow),
        pytest.param("organisation", 1_000, marks=pytest.mark.slow),
    ],
)
def test_sets_and_single_rows_agree(key: str, examples: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = drawn(rows(key, *CLEAN[key]), examples)
    dirty = some + some[::10]  # some row more than once
    one_by_one = outcome(tmp_path, key, dirty, few=len(dirty), most_distinct=1.0, monkeypatch=monkeypatch)
    for most_distinct in (0.0, 1.0):
        as_sets = outcome(tmp_path, key, dirty, few=0, most_distinct=most_distinct, monkeypatch=monkeypatch)
        for table in one_by_one:
            differing = sorted({row[0] for row in set(as_sets[table]) ^ set(one_by_one[table])})
            assert differing == [], (table, json.dumps(dirty[differing[0] - FIRST], ensure_ascii=False))
            assert as_sets[table] == one_by_one[table]

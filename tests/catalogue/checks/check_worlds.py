"""Runs the checks over a few rows in DuckDB, the way intake does over millions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import duckdb
import pyarrow as pa

from xinheng.base.identifiers.credit_code import make
from xinheng.catalogue import checks
from xinheng.catalogue.checks.reference import Finding, findings
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.compiling import duckdb_sql, text_table
from xinheng.engines.sharing import share

MARKET, WATER = make("11", "990001", "00000001"), make("11", "990001", "00000002")
CONTEXT = checks.CheckContext(as_at=date(2026, 11, 21), department_codes=frozenset({MARKET, WATER}))
COMPANY, SHOP = make("91", "990001", "MA000001"), make("92", "990001", "MA000002")

PENALTY = {
    "counterparty_name": "云屿县浮光食品有限公司", "counterparty_category": "法人及非法人组织", "uscc": COMPANY,
    "legal_rep_name": "示例姓名", "decision_no": "云市监罚〔2026〕12号", "violation_type": "经营标签不符合规定的食品",
    "violation_facts": "销售的食品没有标签", "legal_basis": "示例法第一条", "penalty_category": "罚款",
    "penalty_content": "罚款2000元", "fine_amount_wan": "0.2", "decision_date": "2026/10/15",
    "penalty_valid_to": "2099/12/31", "penalty_authority": "云屿县市场监督管理局", "penalty_authority_uscc": MARKET,
    "data_source_unit": "云屿县市场监督管理局", "data_source_unit_uscc": MARKET, "procedure": "普通程序",
}  # fmt: skip
"""A penalty with which nothing is wrong."""

PERSON = PENALTY | {
    "counterparty_name": "示例姓名", "counterparty_category": "自然人", "uscc": None, "legal_rep_name": None,
    "person_id_type": "身份证", "person_id_no": "99000119900307001X",
}  # fmt: skip

LICENCE = {
    "counterparty_name": "云屿县浮光食品有限公司", "counterparty_category": "法人及非法人组织", "uscc": COMPANY,
    "legal_rep_name": "示例姓名", "decision_title": "准予许可决定书", "decision_no": "云市监许〔2026〕3号",
    "license_category": "普通", "license_content": "准予经营食品", "decision_date": "2026/10/15",
    "valid_from": "2026/10/15", "valid_to": "2031/10/14", "license_authority": "云屿县市场监督管理局",
    "license_authority_uscc": MARKET, "current_status": "1", "data_source_unit": "云屿县市场监督管理局",
    "data_source_unit_uscc": MARKET,
}  # fmt: skip

FULFILMENT = {
    "commitment_no": "99000120261120000001", "promisor_name": "云屿县浮光食品有限公司",
    "promisor_category": "法人及非法人组织", "promisor_code": COMPANY, "fulfilment_status": "全部履行",
    "determined_on": "2026/11/20", "determined_by": "云屿县市场监督管理局", "determined_by_uscc": MARKET,
    "publicity_type": "可向社会公开",
}  # fmt: skip
BREACH = FULFILMENT | {
    "fulfilment_status": "部分履行",
    "unperformed_content": "没有在两个月内补交检定证书",
    "liability_enforced": "撤销许可",
}

Row = Mapping[str, str | None]


def contract(key: str) -> Contract:
    return load_contracts("national")[key]


def only(key: str, check: str) -> Contract:
    """The contract with every check but one switched off, which keeps the query small."""
    return replace(contract(key), switched_off=tuple(id_ for id_ in checks.CHECKS if id_ != check))


@cache
def _prepared(key: str, check: str) -> tuple[list[checks.Condition], duckdb.DuckDBPyConnection]:
    """The conditions of one check and a connection that has planned their query."""
    table = text_table("landed", contract(key).names)
    conditions = checks.conditions_for(only(key, check), table, CONTEXT)
    suspect = checks.suspects(only(key, check), table, CONTEXT)
    staged, verdicts = share(table, [suspect, *(condition.failing for condition in conditions)])
    columns = {f"c{number}": verdict for number, verdict in enumerate(verdicts)}
    connection = duckdb.connect(config={"threads": 1})
    cells = ", ".join(f'"{name}" VARCHAR' for name in contract(key).names)
    connection.execute(f"CREATE TABLE landed (row_no BIGINT, {cells})")
    connection.execute(f"PREPARE judge AS {duckdb_sql(staged.select('row_no', **columns))} ORDER BY row_no")
    return conditions, connection


def judge_of(key: str, check: str) -> list[checks.Condition]:
    """The ways in which one check can fail a row."""
    return _prepared(key, check)[0]


def judged(key: str, check: str, rows: Sequence[Row]) -> list[tuple[bool, set[Finding]]]:
    """For each row, by one check in DuckDB: whether the quick test suspects it, and what is found."""
    names = contract(key).names
    given = pa.table(
        {"row_no": pa.array(range(len(rows)), pa.int64())}
        | {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    )
    conditions, connection = _prepared(key, check)
    connection.register("given", given)
    connection.execute("DELETE FROM landed")
    connection.execute("INSERT INTO landed SELECT * FROM given")
    connection.unregister("given")
    answers = connection.execute("EXECUTE judge").fetchall()
    results = []
    for _, suspect, *verdicts in answers:
        assert None not in verdicts, "a condition is never NULL"
        hits = [condition for condition, failing in zip(conditions, verdicts, strict=True) if failing]
        results.append((bool(suspect), {Finding(hit.check, hit.column, hit.variant, hit.level) for hit in hits}))
    return results


def found(key: str, check: str, row: Row) -> set[tuple[str, str]]:
    """Column and variant of what one check finds in one row: the same on DuckDB and in the reference."""
    [(suspect, answer)] = judged(key, check, [row])
    assert answer == findings(only(key, check), row, CONTEXT)
    assert suspect or check == "V14" or not answer, "the quick test missed the row"
    return {(finding.column, finding.variant) for finding in answer}

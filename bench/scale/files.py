"""The files of the large county, written by DuckDB from row numbers: same arguments, same bytes; 1 % of rows dirty.

`python -m bench.scale.files FOLDER ROWS TYPE NUMBER`: writes one file and beside it the bare copy of the same bytes,
and prints how long the bare copy took. In a process of its own, so that its memory is not counted as the product's.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from bench.bare import csv_to_parquet
from bench.generate import DEPARTMENT, add_wrong_codes, create_organisations, engine
from bench.scale.size import LARGE_TYPE, Part, Size
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.demo.texts import read_departments

PACK = "demo"
CLEAN_PER_DIRTY = 100
WRONG_CODE, NO_NAME, NO_SUCH_DAY, NO_SOURCE, REPEATED = range(5)
DIRT_KINDS = 5
FIRST_MONTH = "DATE '2019-01-01'"


def organisations_file(folder: Path, size: Size) -> Path:
    """All organisations as a table (`i`, `name`, `code`, …), made once."""
    path = folder / f"organisations-{size.organisations}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        connection = engine()
        create_organisations(connection, size.organisations)
        partial = path.with_suffix(".partial")
        connection.execute(f"COPY organisations TO '{partial}' (FORMAT parquet)")
        partial.rename(path)
    return path


def csv_of(folder: Path, part: Part) -> Path:
    """Where the file of a part is written."""
    return folder / f"{part.name}.csv"


def bare_of(folder: Path, part: Part) -> Path:
    """Where its bare copy lies: the ledger as nobody sorted it."""
    return folder / "unsorted" / part.type / f"{part.number:03d}.parquet"


def write(folder: Path, size: Size, part: Part) -> float:
    """Write the file and its bare copy; returns the seconds of the copy."""
    known = organisations_file(folder, size)
    contract = load_contracts(PACK)[part.type]
    columns = _columns(contract)
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    path, bare = csv_of(folder, part), bare_of(folder, part)
    connection = engine()
    connection.execute(f"SET temp_directory = '{folder}'")
    add_wrong_codes(connection)
    connection.execute(
        f"""
        COPY (
            WITH numbered AS (
                SELECT n, CASE WHEN n % {CLEAN_PER_DIRTY} = 37 THEN n // {CLEAN_PER_DIRTY} % {DIRT_KINDS} ELSE -1 END
                       AS dirt
                FROM range({part.first}, {part.first + part.rows}) numbers(n)
            ), based AS (
                -- A repeat is made from the number of the row before it.
                SELECT *, CASE WHEN dirt = {REPEATED} THEN n - 1 ELSE n END AS base FROM numbered
            ), drawn AS (
                SELECT *, (base * 7919 + 17) % {size.organisations} AS who, base // {size.organisations} AS round,
                       base * 2654435761 % 4294967296 AS mix
                FROM based
            )
            SELECT {listed} FROM drawn JOIN read_parquet('{known}') o ON o.i = who ORDER BY n
        ) TO '{path}' (FORMAT csv, HEADER)
        """
    )
    connection.close()
    bare.parent.mkdir(parents=True, exist_ok=True)
    return csv_to_parquet(path, bare)


def _columns(contract: Contract) -> Mapping[str, str]:
    """SQL for each filled field of a type."""
    roles = contract.roles
    market = read_departments()[DEPARTMENT]
    filled = {
        roles.subject_name: f"CASE WHEN dirt = {NO_NAME} THEN NULL ELSE o.name END",
        roles.subject_code: f"CASE WHEN dirt = {WRONG_CODE} THEN overlay_last(o.code) ELSE o.code END",
        roles.source_name: f"CASE WHEN dirt = {NO_SOURCE} THEN NULL ELSE '{market.name}' END",
        roles.source_code: f"'{market.code}'",
    }
    if roles.authority_name:
        filled |= {roles.authority_name: f"'{market.name}'", roles.authority_code: f"'{market.code}'"}
    if roles.subject_category:
        filled[roles.subject_category] = "'法人及非法人组织'"
    values = {name: _value(contract, name, sql) for name, sql in _FACTS[contract.key].items()}
    day = values[roles.decided_on]
    values[roles.decided_on] = f"CASE WHEN dirt = {NO_SUCH_DAY} THEN '2025/02/30' ELSE strftime({day}, '%Y/%m/%d') END"
    return {**filled, **values}


def _value(contract: Contract, name: str, sql: str) -> str:
    """An expression; for lists of values `{values}` stands for a list of them."""
    if "{values}" not in sql:
        return sql
    return sql.replace("{values}", str(list(contract.field(name).values)))


_MONTH = f"CAST({FIRST_MONTH} + to_months(CAST({{}} AS INTEGER)) AS DATE)"
_ANY_DAY = "(DATE '2020-01-01' + CAST(mix % 2400 AS INTEGER))"
_MONEY = {
    "due_amount": "mix % 5000000 / 100",
    "paid_amount": "CASE WHEN mix % 50 = 0 THEN 0 ELSE mix % 5000000 / 100 END",
}
_OWED = {"arrears_amount": "CASE WHEN mix % 50 = 0 THEN mix % 5000000 / 100 ELSE 0 END"}
_STATUS = {"payment_status": "{values}[CASE WHEN mix % 50 = 0 THEN 3 ELSE 1 END]"}
_SUPPLY = {
    "account_no": "'YY' || lpad(CAST(base AS VARCHAR), 9, '0')",
    "period": _MONTH.format("base % 72"),
    "period_end": f"strftime(last_day({_MONTH.format('base % 72')}), '%Y/%m/%d')",
    "volume": "mix % 90000 / 10",
    **_MONEY,
    **_OWED,
    "overdue_days": "CASE WHEN mix % 50 = 0 THEN mix % 300 ELSE 0 END",
}
_LEGAL = {"legal_rep_name": "'拟知远'"}
_FACTS: Mapping[str, Mapping[str, str]] = {
    "social_security": {
        "insurance_kind": "{values}[1 + round % 3]",
        "period": _MONTH.format("round // 3"),
        "insured_count": "mix % 300 + 1",
        **_MONEY,
        **_OWED,
        **_STATUS,
    },
    "tax_payment": {
        "tax_kind": "['增值税', '企业所得税', '印花税', '房产税'][1 + round % 4]",
        "period": _MONTH.format("round // 4 * 3"),
        "period_end": f"strftime(last_day({_MONTH.format('round // 4 * 3 + 2')}), '%Y/%m/%d')",
        **_MONEY,
        **_OWED,
    },
    "housing_fund": {
        "period": _MONTH.format("round * 3"),
        "insured_count": "mix % 300 + 1",
        **_MONEY,
        **_OWED,
        **_STATUS,
    },
    "water_use": _SUPPLY,
    "gas_use": _SUPPLY,
    LARGE_TYPE: _SUPPLY,
    "logistics": {
        "document_no": "'WL' || lpad(CAST(base AS VARCHAR), 9, '0')",
        "service_kind": "{values}[1 + mix % 3]",
        "period": _ANY_DAY,
        "weight": "mix % 90000 / 1000",
        **_MONEY,
        "performance": "{values}[1 + mix % 3]",
    },
    "ip_right": {
        "right_kind": "{values}[1 + mix % 3]",
        "right_no": "'ZL' || lpad(CAST(base AS VARCHAR), 9, '0')",
        "right_title": "'一种第' || mix % 10000 || '号示例装置'",
        "period": _ANY_DAY,
        "right_status": "{values}[1 + mix % 3]",
    },
    "licence": {
        **_LEGAL,
        "decision_title": "'准予行政许可决定书'",
        "decision_no": "'云市监许〔2025〕' || base || '号'",
        "license_category": "{values}[1 + mix % 3]",
        "license_content": "'准予从事第' || mix % 40 || '类经营活动'",
        "decision_date": _ANY_DAY,
        "valid_from": f"strftime({_ANY_DAY}, '%Y/%m/%d')",
        "valid_to": f"strftime({_ANY_DAY} + 1825, '%Y/%m/%d')",
        "current_status": "'1'",
    },
    "penalty": {
        **_LEGAL,
        "decision_no": "'云市监罚〔2025〕' || base || '号'",
        "violation_type": "['未按规定明码标价', '占用疏散通道', '未按规定建立台账'][1 + mix % 3]",
        "violation_facts": "'经检查，当事人存在上述行为，涉及' || mix % 90 || '件。'",
        "legal_basis": "'《示例条例》第十二条第一款'",
        "penalty_category": "'罚款'",
        "penalty_content": "'罚款' || (1000 + mix % 49 * 500) || '元。'",
        "fine_amount_wan": "(1000 + mix % 49 * 500) / 10000",
        "decision_date": _ANY_DAY,
        "penalty_valid_to": f"strftime({_ANY_DAY} + 1095, '%Y/%m/%d')",
    },
    "inspection": {
        **_LEGAL,
        "inspection_no": "'云查〔2025〕' || base || '号'",
        "inspected_matter": "'第' || mix % 30 || '项检查'",
        "inspection_kind": "{values}[1 + mix % 3]",
        "inspected_on": _ANY_DAY,
        "inspection_result": "{values}[1 + mix % 3]",
    },
    "abnormal_entry": {
        "abnormal_kind": "{values}[1]",
        "entry_decision_no": "'云异〔2025〕' || base || '号'",
        "entry_reason": "'未按规定公示年度报告'",
        "entry_date": _ANY_DAY,
    },
}  # fmt: skip


def main() -> None:
    folder, rows, type, number = sys.argv[1:]
    size = Size(int(rows))
    known = {one.name: one for one in (*size.parts(), *size.large_parts(), *size.warm_parts())}
    print(write(Path(folder), size, known[f"{type}-{int(number):03d}"]))


if __name__ == "__main__":
    main()

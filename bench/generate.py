"""Large synthetic files for the speed comparison: the same rows for the same arguments, written by DuckDB.

    python -m bench.generate --rows 1000000 --organisations 200000 --out bench/out

Everything follows from the row number by arithmetic (no random function), so two machines compare the same bytes.
Areas, names and numbers are as fictional as the demo county's.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import duckdb

from xinheng.base.identifiers.credit_code import ALPHABET, WEIGHTS
from xinheng.demo.names import FIRST, SECOND, THIRD
from xinheng.demo.texts import read_departments

DEPARTMENT = "县市监局"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
TRADES = ("餐饮管理", "食品", "建筑工程", "物流", "商贸", "机械制造", "网络科技", "农业科技", "医药", "文化传媒")
VIOLATIONS = ("经营超过保质期的食品", "未按规定明码标价", "占用疏散通道", "货运车辆超限行驶", "未按规定建立台账")
CLEAN_PER_DIRTY = 100
"""One row in so many is dirty; the kinds of dirt take turns."""
DIRT_KINDS = 8
REPEAT = 5
"""The kind that repeats the business key of the row before."""

PENALTY_HEADERS = (
    "行政相对人名称",
    "行政相对人类别",
    "行政相对人代码_1(统一社会信用代码)",
    "行政相对人代码_2(工商注册号)",
    "行政相对人代码_3(组织机构代码)",
    "行政相对人代码_4(税务登记号)",
    "行政相对人代码_5(事业单位证书号)",
    "行政相对人代码_6(社会组织登记证号)",
    "法定代表人",
    "法定代表人证件类型",
    "法定代表人证件号码",
    "证件类型",
    "证件号码",
    "行政处罚决定书文号",
    "违法行为类型",
    "违法事实",
    "处罚依据",
    "处罚类别",
    "处罚内容",
    "罚款金额(万元)",
    "没收违法所得、没收非法财物的金额(万元)",
    "暂扣或吊销证照名称及编号",
    "处罚决定日期",
    "处罚有效期",
    "公示截止期",
    "处罚机关",
    "处罚机关统一社会信用代码",
    "数据来源单位",
    "数据来源单位统一社会信用代码",
    "备注",
)
ORGANISATION_HEADERS = ("企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册资金", "所在省份", "地区")


def engine(*, threads: int = 2, memory: str = "2GB") -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB without extensions and without a progress bar."""
    connection = duckdb.connect()
    for setting in (
        f"threads = {threads}",
        f"memory_limit = '{memory}'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_progress_bar = false",
    ):
        connection.execute(f"SET {setting}")
    return connection


def write_organisations(out: Path, *, count: int) -> Path:
    """`organisations-<count>.csv`: one registered organisation a row, all with correct check digits."""
    path = out / f"organisations-{count}.csv"
    out.mkdir(parents=True, exist_ok=True)
    connection = engine()
    create_organisations(connection, count)
    columns = ("name", "code", "established_on", "'N/A'", "capital", "'演示省'", "'幻海市'")
    _copy(connection, f"SELECT {_named(columns, ORGANISATION_HEADERS)} FROM organisations ORDER BY i", path)
    return path


def write_penalties(out: Path, *, rows: int, organisations: int) -> Path:
    """`penalties-<rows>.csv`: decisions against the first so many organisations, 1 % of the rows dirty."""
    path = out / f"penalties-{rows}.csv"
    out.mkdir(parents=True, exist_ok=True)
    connection = engine()
    create_organisations(connection, organisations)
    _copy(connection, _penalties_sql(rows, organisations), path)
    return path


def create_organisations(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """Make the table `organisations` (`i`, `name`, `code`, `established_on`, `capital`) in that connection."""
    mixed = "(i * 48271013 % 887503663)"
    characters = " || ".join(f"substr('{ALPHABET}', 1 + {mixed} // {31**place} % 31, 1)" for place in range(6))
    connection.execute(f"CREATE TABLE bodies AS SELECT i, 'MA' || {characters} AS body FROM range({count}) numbers(i)")
    value = "(strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(body, {place}, 1)) - 1) * {weight}"
    total = " + ".join(value.format(place=place, weight=w) for place, w in enumerate(ORGANISATION_WEIGHTS, start=1))
    connection.execute(
        "CREATE TABLE parts AS SELECT i, '91990001' || body || "
        f"substr('0X987654321', 1 + ({total}) % 11, 1) AS head FROM bodies"
    )
    value = f"(strpos('{ALPHABET}', substr(head, {{place}}, 1)) - 1) * {{weight}}"
    total = " + ".join(value.format(place=place, weight=w) for place, w in enumerate(WEIGHTS, start=1))
    first, second, third = (len(words) for words in (FIRST, SECOND, THIRD))
    connection.execute(f"""
        CREATE TABLE organisations AS SELECT
            i,
            '云屿县' || substr('{FIRST}', 1 + i % {first}, 1) || substr('{SECOND}', 1 + i // {first} % {second}, 1)
                || substr('{THIRD}', 1 + i // {first * second} % {third}, 1)
                || list_extract({list(TRADES)}, 1 + i // {first * second * third} % {len(TRADES)})
                || '有限公司' AS name,
            head || substr('{ALPHABET}', 1 + (31 - ({total}) % 31) % 31, 1) AS code,
            strftime(DATE '1995-01-02' + (i * 7919 % 11000)::INTEGER, '%Y-%m-%d') AS established_on,
            (i * 37 % 500 + 1) || '万人民币' AS capital
        FROM parts
    """)


def _penalties_sql(rows: int, organisations: int) -> str:
    department = read_departments()[DEPARTMENT]
    unit = (f"'{department.name}'", f"'{department.code}'")
    columns = (
        *("name", "'法人及非法人组织'", "code"),
        *("NULL",) * 5,
        "'拟知远'",
        *("NULL",) * 4,
        *("decision_no", "violation", "facts", "'《示例条例》第十二条第一款'", "kind", "content", "fine"),
        *("NULL",) * 2,
        *("decided", "valid_to", "NULL", *unit, *unit),
        "CASE WHEN n % 5 = 0 THEN '已履行' END",
    )
    return f"""
        WITH numbered AS (
            SELECT n,
                CASE WHEN n % {CLEAN_PER_DIRTY} = 37 THEN n // {CLEAN_PER_DIRTY} % {DIRT_KINDS} ELSE -1 END AS dirt
            FROM range({rows}) numbers(n)
        ), based AS (
            -- A repeat is made from the number of the row before it.
            SELECT *, CASE WHEN dirt = {REPEAT} THEN n - 1 ELSE n END AS base FROM numbered
        ), drawn AS (
            SELECT *, base * 2654435761 % 4294967296 AS mix,
                DATE '2022-11-22' + (base * 1450 // {rows})::INTEGER AS day,
                1000 + base * 2654435761 % 4294967296 % 49 * 500 AS yuan
            FROM based
        )
        SELECT {_named(columns, PENALTY_HEADERS)} FROM (
            SELECT
                n,
                CASE WHEN dirt = 1 THEN NULL ELSE o.name END AS name,
                CASE WHEN dirt = 0 THEN overlay_last(o.code) ELSE o.code END AS code,
                '云市监罚〔' || year(day) || '〕' || base || '号' AS decision_no,
                list_extract({list(VIOLATIONS)}, 1 + mix % {len(VIOLATIONS)})
                    || CASE WHEN dirt = 6 THEN chr(7) ELSE '' END AS violation,
                '经检查，当事人存在上述行为，涉及' || (mix % 90 + 3) || '件，持续' || (mix % 40 + 1) || '日。'
                    || CASE WHEN dirt = 7 THEN repeat('情况属实', 1300) ELSE '' END AS facts,
                CASE WHEN dirt = 2 THEN '罚钱' ELSE '罚款' END AS kind,
                '罚款' || yuan || '元。' AS content,
                CASE WHEN dirt = 4 THEN '-' ELSE '' END || yuan // 10000 || '.'
                    || lpad((yuan % 10000)::VARCHAR, 4, '0') AS fine,
                CASE WHEN dirt = 3 THEN '2025/02/30' ELSE strftime(day, '%Y/%m/%d') END AS decided,
                strftime(day + 1095, '%Y/%m/%d') AS valid_to
            FROM drawn JOIN organisations o ON o.i = mix % {organisations}
        ) ORDER BY n
    """


def add_wrong_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macro `overlay_last(code)`: the code with the next check character, which is always wrong."""
    connection.execute(f"""
        CREATE OR REPLACE MACRO overlay_last(code) AS
            code[:17] || substr('{ALPHABET}', 1 + strpos('{ALPHABET}', code[18:]) % 31, 1)
    """)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    add_wrong_codes(connection)
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER)")


def _named(columns: Sequence[str], headers: Sequence[str]) -> str:
    return ", ".join(f'{column} AS "{header}"' for column, header in zip(columns, headers, strict=True))


def main() -> None:
    """Write both files; the organisations first, since the decisions are about them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--organisations", type=int, default=200_000)
    parser.add_argument("--out", type=Path, default=Path("bench/out"))
    given = parser.parse_args()
    print(write_organisations(given.out, count=given.organisations))
    print(write_penalties(given.out, rows=given.rows, organisations=given.organisations))


if __name__ == "__main__":
    main()

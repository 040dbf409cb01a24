"""Facts about organisations, as many as one likes, from the row number alone: same arguments, same rows.

They lie as the gathered ledger does: sorted by subject, type and day, in Parquet files of a few million rows.
"""

from pathlib import Path

import duckdb

from xinheng.engines.duck import Duck, duck

AS_AT = "2026-11-01"
CHUNK = 7_000_000
ROW_GROUP = 10_240
SHARES = {
    "electricity_use": 18, "social_security": 20, "tax_payment": 15, "water_use": 12, "housing_fund": 12, "gas_use": 8,
    "inspection": 4, "licence": 4, "qualification": 2, "promise": 2, "penalty": 2, "judgment": 1,
}  # fmt: skip
"""Of a hundred rows: mostly what mass suppliers report, few decisions."""
ALIASED = 100
"""One of so many organisations once had another number, under which some of its rows still stand."""


def facts(folder: Path, *, rows: int, organisations: int) -> tuple[Path, ...]:
    """The files of that many facts; written unless they are there."""
    place = folder / f"facts-{rows}-{organisations}"
    wanted = tuple(place / f"{number}.parquet" for number in range(-(-rows // CHUNK)))
    with duck(folder) as engine:
        for number, path in enumerate(wanted):
            if not path.exists():
                partial = path.with_suffix(".partial")
                first = number * CHUNK
                _write(engine, partial, first, min(first + CHUNK, rows), organisations / rows, organisations)
                partial.rename(path)
    return wanted


def aliases(folder: Path, *, organisations: int) -> Path:
    """The file of old numbers: organisation n once was organisations + n."""
    path = folder / f"aliases-{organisations}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        former = f"range({ALIASED}, {organisations + 1}, {ALIASED}) t(n)"
        listed = f"SELECT {organisations} + n AS alias, n AS subject_no FROM {former}"
        duckdb.sql(f"COPY ({listed}) TO '{path}' (FORMAT parquet)")
    return path


def _write(engine: Duck, path: Path, first: int, last: int, per_row: float, organisations: int) -> None:
    types = "[" + ", ".join(f"'{name}'" for name, share in SHARES.items() for _ in range(share)) + "]"
    engine.write(
        f"""
        WITH drawn AS (
            SELECT i, CAST(floor(i * {per_row}) AS BIGINT) + 1 AS organisation,
                   CAST(md5_number_lower(i::VARCHAR) >> 1 AS BIGINT) AS x
            FROM range({first}, {last}) t(i)
        )
        SELECT 1 + i // 100000 AS batch_no, i % 100000 + 2 AS row_no, {types}[1 + x % 100] AS type,
               organisation + CASE WHEN organisation % {ALIASED} = 0 AND i % 3 = 0 THEN {organisations} ELSE 0 END
                   AS subject_no,
               'new' AS statement, md5(i::VARCHAR)::UUID AS key_hash,
               DATE '{AS_AT}' - CAST((x // 100) % 2200 - 20 AS INTEGER) AS day,
               CASE (x // 1000000) % 20 WHEN 0 THEN 'overdue' WHEN 1 THEN 'revoked' WHEN 2 THEN NULL ELSE 'ok' END
                   AS status,
               'office ' || (x // 100000000) % 60 AS office,
               CASE WHEN (x // 7) % 50 = 0 THEN NULL ELSE CAST((x // 10000000000) % 5000000 AS BIGINT) END AS amount
        FROM drawn ORDER BY subject_no, type, day DESC
        """,
        path,
        row_group=ROW_GROUP,
    )

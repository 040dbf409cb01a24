"""The set-based questions of intake, asked of the same rows on DuckDB and on Spark: checks, business keys, linking.

What stands around them (reading a CSV, sealing, the one commit) happens on one machine in any case and is not asked
here. `python -m bench.scale.taking_in FOLDER ENGINE MASTER` asks one engine in a process of its own.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bench.answers import differing, place
from bench.generate import engine as bare_engine
from bench.scale.files import PACK
from bench.scale.size import LARGE_TYPE
from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.checks.validation import Validation
from xinheng.catalogue.contracts import load_contracts
from xinheng.demo.texts import read_departments
from xinheng.engines.business_keys import BusinessKeys
from xinheng.engines.linking import Linking
from xinheng.engines.opening import DUCKDB, opened
from xinheng.engines.questions import Files, Question

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = 200_000
DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Asked:
    """Seconds of each question on one engine, first and again; `differing` rows beside DuckDB's answers."""

    engine: str
    rows: int
    seconds: dict[str, float]
    again: dict[str, float]
    differing: int


def write_tables(folder: Path, source: Path, organisations: Path) -> Path:
    """The tables the questions read, out of the bare copy of a file; every second key is known already."""
    tables = folder / "taking-in"
    if (tables / "done").exists():
        return tables
    shutil.rmtree(tables, ignore_errors=True)
    tables.mkdir(parents=True)
    connection = bare_engine()
    key = "uscc || account_no || period || data_source_unit_uscc"
    connection.execute(
        f"CREATE VIEW sent AS SELECT file_row_number + 2 AS row_no, * EXCLUDE (file_row_number) "
        f"FROM read_parquet('{source}', file_row_number = true) LIMIT {ROWS}"
    )
    made = {
        "landed": "SELECT * FROM sent",
        "statements": f"SELECT row_no, md5({key})::UUID AS key_hash, md5({key} || due_amount)::UUID AS content_hash, "
        f"false AS withdrawn FROM sent WHERE uscc IS NOT NULL",
        "open_versions": f"SELECT md5({key})::UUID AS key_hash, md5({key} || CASE WHEN row_no % 4 = 0 THEN due_amount "
        f"ELSE '' END)::UUID AS content_hash, row_no AS id, row_no AS record_no, 1::INTEGER AS version, "
        f"row_no % 100 = 0 AS withdrawn, 7::BIGINT AS department_id, 'open' AS gate, row_no AS subject_no, "
        f"'2026-11-01' AS first_received_at FROM sent WHERE row_no % 2 = 0 QUALIFY row_number() OVER "
        f"(PARTITION BY {key} ORDER BY row_no) = 1",
        "subjects": "SELECT row_no, CASE WHEN row_no % 10 > 0 THEN uscc END AS credit_code, "
        "coalesce(name, '') AS name_key, coalesce(name, '') AS subject_name FROM sent",
        "numbers": "SELECT row_no, 'credit_code' AS kind, uscc AS value FROM sent WHERE uscc IS NOT NULL",
        "known_numbers": f"SELECT 'credit_code' AS kind, code AS value, i + 1 AS subject_no, true AS registered, "
        f"name AS name_keys FROM read_parquet('{organisations}')",
        "known_names": f"SELECT name AS name_key, min(i) + 1 AS subject_no, string_agg(CAST(i + 1 AS VARCHAR), ',' "
        f"ORDER BY i) AS candidates FROM read_parquet('{organisations}') GROUP BY 1",
    }
    for name, select in made.items():
        connection.execute(f"COPY ({select}) TO '{tables / name}.parquet' (FORMAT parquet)")
    (tables / "done").touch()
    return tables


def ask(tables: Path, engine: str, master: str = "") -> Asked:
    """All questions in a process of its own, twice."""
    command = [sys.executable, "-m", "bench.scale.taking_in", str(tables), engine, master]
    ran = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"{engine} {master}: {ran.stderr[-2000:]}")
    told = json.loads(ran.stdout.splitlines()[-1])
    pairs = [(_answers(tables, name, DUCKDB, ""), _answers(tables, name, engine, master)) for name in told["seconds"]]
    ((rows,),) = duckdb.sql(f"SELECT count(*) FROM read_parquet('{tables}/landed.parquet')").fetchall()
    return Asked(f"{engine} {master}".strip(), int(rows), **told, differing=sum(differing(*pair) for pair in pairs))


def _answers(tables: Path, name: str, engine: str, master: str) -> Path:
    return place(tables / "answers", name, engine, master)


def _questions() -> Iterator[tuple[str, Question]]:
    codes = frozenset(one.code for one in read_departments().values())
    yield "validation", Validation(load_contracts(PACK)[LARGE_TYPE], CheckContext(DAY, codes))
    yield "business_keys", BusinessKeys(department_id=7)
    yield "linking", Linking()


def _asked(tables: Path, name: str, master: str) -> dict[str, dict[str, float]]:
    took: dict[str, dict[str, float]] = {"seconds": {}, "again": {}}
    with opened(name, tables, master=master or None) as engine:
        for turn in ("seconds", "again"):
            for key, question in _questions():
                out = _answers(tables, key, name, master)
                shutil.rmtree(out, ignore_errors=True)
                started = time.perf_counter()
                for table, schema in question.tables.items():
                    columns = {column: column if column in _columns(tables, table) else None for column in schema}
                    engine.read(table, schema, [Files((tables / f"{table}.parquet",), columns)])
                engine.save(question, out)
                took[turn][key] = round(time.perf_counter() - started, 2)
    return took


def _columns(tables: Path, table: str) -> Sequence[str]:
    return duckdb.read_parquet(str(tables / f"{table}.parquet")).columns


def main() -> None:
    folder, engine, master = sys.argv[1:]
    print(json.dumps(_asked(Path(folder), engine, master)))


if __name__ == "__main__":
    main()

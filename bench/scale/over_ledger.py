"""What is asked over the whole ledger; imported once Django is set up."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bench.aggregation import indicators
from bench.scale.figuring import INDICATORS, TOTALS
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.aggregation import Aggregation
from xinheng.engines.questions import Engine, Files
from xinheng.ledger.queries import accepted_files
from xinheng.register.queries import archive_totals, subject_aliases
from xinheng.site.setting_up import DEMO

STATUS = {"social_security": "payment_status", "housing_fund": "payment_status", "logistics": "performance",
          "ip_right": "right_status", "licence": "current_status", "inspection": "inspection_result"}  # fmt: skip
AMOUNT = {**dict.fromkeys(("social_security", "housing_fund", "tax_payment", "water_use", "gas_use",
                           "electricity_use", "logistics"), "due_amount"), "penalty": "fine_amount_wan"}  # fmt: skip


def figure_indicators(engine: Engine, home: Home, out: Path) -> int:
    question = Aggregation(indicators(), clock.today())
    contracts = load_contracts(DEMO)
    found: dict[str, list[Path]] = {}
    for file in accepted_files(Scope(region=None), home=home):
        found.setdefault(file.type, []).append(file.path)
    known = {type for one in indicators() for type in one.types}
    files = []
    for type in sorted(known & found.keys()):
        roles = contracts[type].roles
        columns: Mapping[str, str | None] = {
            "day": roles.decided_on,
            "status": STATUS.get(type),
            "amount": AMOUNT.get(type),
            "office": roles.source_name,
        }
        files.append(Files(tuple(found[type]), columns))
    engine.read("facts", question.tables["facts"], files)
    engine.put("aliases", question.tables["aliases"], [*subject_aliases(Scope(region=None))])
    engine.save(question, out)
    ((rows,),) = duckdb.sql(f"SELECT count(*) FROM read_parquet('{out}/*.parquet')").fetchall()
    return int(rows)


def count_archives(engine: Engine, home: Home, out: Path) -> int:
    found = archive_totals(Scope(region=None), engine=engine, home=home)
    out.mkdir(parents=True)
    rows: list[dict[str, Any]] = [
        {"type": one.type, "subjects": one.subjects, "rows": one.rows, "first": one.first_day, "last": one.last_day}
        for one in found
    ]
    pq.write_table(pa.Table.from_pylist(rows), out / "part-0.parquet")
    return sum(one.rows for one in found)


ASKED: Mapping[str, Callable[[Engine, Home, Path], int]] = {TOTALS: count_archives, INDICATORS: figure_indicators}

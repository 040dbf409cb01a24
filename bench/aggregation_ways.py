"""The same indicators by hand: in DuckDB's SQL and in pandas, each as its own users would write it.

They read the same files and the same list of indicators, and write one Parquet file with the same columns. Polars has
a module of its own, since it is no dependency of the product.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from bench.facts import AS_AT
from xinheng.engines.indicators import STEP_DAYS, Indicator

COLUMNS = ["subject_no", "type", "day", "status", "office", "amount"]
DAY = date.fromisoformat(AS_AT)


def by_sql(facts: Sequence[Path], aliases: Path, indicators: Sequence[Indicator], out: Path, *, memory: str) -> None:
    """One GROUP BY with filtered aggregates."""
    listed = ", ".join(f"'{path}'" for path in facts)
    types = sorted({name for one in indicators for name in one.types})
    longest = max(one.window for one in indicators)
    figures = ", ".join(f"CAST({_figure(one)} * {one.weight} AS BIGINT) AS {one.key}" for one in indicators)
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute(f"SET temp_directory = '{out.parent}'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"""
            COPY (
                SELECT coalesce(a.subject_no, f.subject_no) AS subject_no, {figures}
                FROM (SELECT *, DATE '{AS_AT}' - day AS age FROM read_parquet([{listed}])
                      WHERE type IN ({_texts(types)}) AND day > DATE '{DAY - timedelta(days=longest)}'
                        AND day <= DATE '{AS_AT}') f
                LEFT JOIN read_parquet('{aliases}') a ON a.alias = f.subject_no
                GROUP BY 1
            ) TO '{out}' (FORMAT parquet)
            """
        )


def _texts(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _figure(one: Indicator) -> str:
    tests = [f"type IN ({_texts(one.types)})", f"age < {one.window}"]
    tests += [f"{it.column} IN ({_texts(it.values)})" for it in one.conditions]
    counts = f"FILTER (WHERE {' AND '.join(tests)})"
    if one.decay:
        part = f"coalesce({list(one.decay)}[1 + age // {STEP_DAYS}], 0)"
        return f"coalesce(sum({f'{part} * {one.column}' if one.column else part}) {counts}, 0)"
    match one.measure:
        case "sum":
            return f"coalesce(sum({one.column}) {counts}, 0)"
        case "days_since":
            return f"min(age) {counts}"
        case "distinct":
            return f"count(DISTINCT {one.column}) {counts}"
        case _:
            return f"count(*) {counts}"


def by_pandas(facts: Sequence[Path], aliases: Path, indicators: Sequence[Indicator], out: Path) -> None:
    """Masks over whole columns, one grouping for each indicator; texts are categories."""
    texts = ["type", "status", "office"]
    frame = pd.concat(
        [pq.read_table(path, columns=COLUMNS, read_dictionary=texts).to_pandas() for path in facts], ignore_index=True
    )
    for name in texts:
        frame[name] = frame[name].astype("category")
    known = pd.read_parquet(aliases).set_index("alias")["subject_no"]
    frame["subject_no"] = frame["subject_no"].map(known).fillna(frame["subject_no"]).astype("int64")
    frame["age"] = (pd.Timestamp(AS_AT) - pd.to_datetime(frame["day"])).dt.days
    types = {name for one in indicators for name in one.types}
    longest = max(one.window for one in indicators)
    frame = frame[frame["type"].isin(types) & (frame["age"] >= 0) & (frame["age"] < longest)]
    found = {one.key: _grouped(frame, one) for one in indicators}
    table = pd.DataFrame(index=pd.Index(sorted(frame["subject_no"].unique()), name="subject_no"))
    for one in indicators:
        column = found[one.key].reindex(table.index)
        if one.measure != "days_since":
            column = column.fillna(0)
        table[one.key] = column.astype("Int64") * one.weight
    table.reset_index().to_parquet(out)


def _grouped(frame: pd.DataFrame, one: Indicator) -> pd.Series:
    mask = frame["type"].isin(one.types) & (frame["age"] < one.window)
    for it in one.conditions:
        mask &= frame[it.column].isin(it.values)
    rows = frame.loc[mask]
    if one.decay:
        parts = pd.Series(one.decay)
        part = (rows["age"] // STEP_DAYS).map(parts).fillna(0).astype("int64")
        value = part * rows[one.column].fillna(0).astype("int64") if one.column else part
        return value.groupby(rows["subject_no"]).sum()
    match one.measure:
        case "sum":
            return rows[one.column].astype("Int64").groupby(rows["subject_no"]).sum()
        case "days_since":
            return rows.groupby("subject_no")["age"].min()
        case "distinct":
            return rows.groupby("subject_no")[one.column].nunique()
        case _:
            return rows.groupby("subject_no").size()

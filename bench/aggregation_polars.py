"""The indicators of the comparison in Polars, which the bench alone needs."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import polars as pl

from bench.aggregation_ways import COLUMNS, DAY
from xinheng.engines.indicators import STEP_DAYS, Indicator


def by_polars(facts: Sequence[Path], aliases: Path, indicators: Sequence[Indicator], out: Path) -> None:
    """One lazy query with filtered expressions."""
    types = sorted({name for one in indicators for name in one.types})
    longest = max(one.window for one in indicators)
    age = (pl.lit(DAY) - pl.col("day")).dt.total_days()
    rows = (
        pl.scan_parquet([str(path) for path in facts])
        .select(COLUMNS)
        .filter(pl.col("type").is_in(types) & (pl.col("day") > DAY - timedelta(days=longest)) & (pl.col("day") <= DAY))
        .with_columns(age=age)
        .join(
            pl.scan_parquet(str(aliases)).rename({"subject_no": "now"}),
            left_on="subject_no",
            right_on="alias",
            how="left",
        )
        .with_columns(subject_no=pl.coalesce("now", "subject_no"))
    )

    rows.group_by("subject_no").agg([_figure(one) for one in indicators]).sink_parquet(out)


def _figure(one: Indicator) -> pl.Expr:
    counts = pl.col("type").is_in(one.types) & (pl.col("age") < one.window)
    for it in one.conditions:
        counts = counts & pl.col(it.column).is_in(it.values).fill_null(False)
    if one.decay:
        steps = pl.lit(pl.Series(list(one.decay)))
        step = pl.col("age") // STEP_DAYS
        part = pl.when(step < len(one.decay)).then(steps.gather(step.clip(0, len(one.decay) - 1))).otherwise(0)
        value = part * pl.col(one.column) if one.column else part
        found = value.filter(counts).sum()
    elif one.measure == "sum":
        found = pl.col(one.column).filter(counts).sum()
    elif one.measure == "days_since":
        found = pl.col("age").filter(counts).min()
    elif one.measure == "distinct":
        found = pl.col(one.column).filter(counts).drop_nulls().n_unique()
    else:
        found = counts.sum().cast(pl.Int64)
    return (found.cast(pl.Int64) * one.weight).alias(one.key)

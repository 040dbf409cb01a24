"""Many indicators for all subjects, in one pass over the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from xinheng.engines.functions import substring
from xinheng.engines.identities import ALIASES, of_subject, subject_of
from xinheng.engines.indicators import STEP_DAYS, Indicator
from xinheng.engines.questions import Row, Tables, whole

FIXED = {"subject_no": "int64", "type": "string", "day": "date"}
AGE, STEP, ROWS = "age_in_days", "age_in_steps", "rows_looked_at"


@dataclass(frozen=True)
class Aggregation:
    """For each subject with a row that any indicator looks at: one column for each indicator, all as at one day."""

    indicators: tuple[Indicator, ...]
    as_at: date

    def __post_init__(self) -> None:
        keys = [indicator.key for indicator in self.indicators]
        if not keys or len(set(keys)) < len(keys):
            raise ValueError("an aggregation needs indicators, each with a name of its own")
        sums = {one.sums for one in self.indicators}
        if mixed := sums & {name for one in self.indicators for name in one.texts}:
            raise ValueError(f"the columns {sorted(mixed)} cannot be both numbers and texts")

    @property
    def tables(self) -> Mapping[str, ibis.Schema]:
        columns = dict(FIXED)
        columns |= {name: "string" for one in self.indicators for name in one.texts if name not in FIXED}
        columns |= {one.sums: "int64" for one in self.indicators if one.sums}
        return {"facts": ibis.schema(columns), **ALIASES}

    def expression(self) -> ir.Table:
        facts = ibis.table(self.tables["facts"], name="facts")
        looked_at = facts.filter(facts["type"].isin(self._types()) & self._within(facts["day"], self._longest()))
        settled = of_subject(looked_at)
        aged = settled.mutate(**{AGE: ibis.literal(self.as_at).delta(settled["day"], unit="day").cast("int64")})
        # Whole division goes through floats on some engines; days are few enough for it to be exact.
        stepped = aged.mutate(**{STEP: (aged[AGE] // STEP_DAYS).cast("int64")})
        summed = {
            one.key: _measured(one, self._counts(one, stepped), stepped)
            for one in self.indicators
            if one.measure != "distinct"
        }
        figures = stepped.group_by("subject_no").agg(**summed, **{ROWS: stepped.count()})
        for one in self.indicators:
            if one.measure == "distinct":
                figures = self._with_distinct(one, figures, stepped)
        return figures.select("subject_no", *(one.key for one in self.indicators))

    def plain(self, tables: Tables) -> list[Row]:
        who = subject_of(tables["aliases"])
        found: dict[int, list[Row]] = {}
        types = set(self._types())
        for row in tables["facts"]:
            day = row["day"]
            if row["type"] in types and day is not None and 0 <= (self.as_at - day).days < self._longest():
                found.setdefault(who(row["subject_no"]), []).append(row)
        return [
            {"subject_no": subject_no, **{one.key: self._plainly(one, rows) for one in self.indicators}}
            for subject_no, rows in found.items()
        ]

    def _types(self) -> list[str]:
        return sorted({name for one in self.indicators for name in one.types})

    def _longest(self) -> int:
        return max(one.window for one in self.indicators)

    def _within(self, day: ir.DateValue, days: int) -> ir.BooleanValue:
        return (day > self.as_at - timedelta(days=days)) & (day <= self.as_at)

    def _counts(self, one: Indicator, rows: ir.Table) -> ir.BooleanValue:
        tests = [rows["type"].isin(one.types)]
        if one.window < self._longest():
            tests.append(rows[AGE] < one.window)
        # An empty cell fulfils no condition; a test must never be NULL, since engines sum those differently.
        tests.extend(rows[it.column].isin(it.values).fill_null(False) for it in one.conditions)
        return reduce(and_, tests)

    def _with_distinct(self, one: Indicator, figures: ir.Table, rows: ir.Table) -> ir.Table:
        # Engines count distinct values of a million groups slowly; the pairs themselves are few and soon counted.
        told_apart = rows.filter(self._counts(one, rows) & rows[one.column].notnull())
        # Named after the indicator, so that two that count the same are told apart as well.
        who, different = f"who_{one.key}", f"different_{one.key}"
        pairs = told_apart.select(**{who: "subject_no"}, what=one.column).distinct()
        counted = pairs.group_by(who).agg(**{different: pairs.count()})
        joined = figures.left_join(counted, figures["subject_no"] == counted[who])
        figure = (joined[different].fill_null(0) * ibis.literal(one.weight, "int64")).cast("int64")
        return joined.select(*figures.columns, **{one.key: figure})

    def _plainly(self, one: Indicator, rows: list[Row]) -> int | None:
        ages = [((self.as_at - row["day"]).days, row) for row in rows]
        counting = [(age, row) for age, row in ages if age < one.window and _fulfils(one, row)]
        match one.measure:
            case "count":
                measured = sum(_thousandths(one, age) for age, _ in counting)
            case "sum":
                measured = sum(whole((row[one.column] or 0) * _thousandths(one, age)) for age, row in counting)
            case "distinct":
                measured = len({row[one.column] for _, row in counting} - {None})
            case "days_since":
                if not counting:
                    return None
                measured = min(age for age, _ in counting)
        return whole(whole(measured) * one.weight)


def _measured(one: Indicator, counts: ir.BooleanValue, rows: ir.Table) -> ir.IntegerScalar:
    """The figure of one subject. A condition inside the aggregate is quicker than a filter on it."""
    if one.decay:
        part = _part(one, rows[STEP])
        value = part * rows[one.column].fill_null(0) if one.column else part
        measured = ibis.ifelse(counts, value, 0).sum()
    elif one.measure == "sum":
        measured = ibis.ifelse(counts, rows[one.column], ibis.null("int64")).sum().fill_null(0)
    elif one.measure == "days_since":
        measured = ibis.ifelse(counts, rows[AGE], ibis.null("int64")).min()
    else:
        measured = ibis.ifelse(counts, 1, ibis.null("int64")).count()
    return (measured * ibis.literal(one.weight, "int64")).cast("int64")


def _part(one: Indicator, step: ir.IntegerValue) -> ir.IntegerValue:
    """The thousandths of a row of this step. The table stands in a text, each part at its place in it."""
    width = max(len(str(part)) for part in one.decay)
    table = "".join(str(part).zfill(width) for part in one.decay)
    digits = substring(ibis.literal(table), step * width + 1, width)
    # Behind the end of the text there is nothing, and nothing is no number.
    return ibis.ifelse(step < len(one.decay), digits, "0").cast("int64")


def _fulfils(one: Indicator, row: Row) -> bool:
    return row["type"] in one.types and all(row[it.column] in it.values for it in one.conditions)


def _thousandths(one: Indicator, age: int) -> int:
    if not one.decay:
        return 1
    step = age // STEP_DAYS
    return one.decay[step] if step < len(one.decay) else 0

"""What the archive of each subject holds: how many statements of each type, from which day to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from xinheng.engines.identities import ALIASES, of_subject, subject_of
from xinheng.engines.questions import Row, Tables

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ArchiveStatistics:
    """For each subject and type: the number of statements in force, their first and their last day.

    Of several statements with one business key the one of the latest batch counts, and none where that one is a
    withdrawal. Statements without a day count as well; a subject with none that has a day has no first and last.
    """

    @property
    def tables(self) -> Mapping[str, ibis.Schema]:
        return {
            "statements": ibis.schema(
                {
                    "batch_no": "int64",
                    "type": "string",
                    "subject_no": "int64",
                    "key": "uuid",
                    "statement": "string",
                    "day": "date",
                }
            ),
            **ALIASES,
        }

    def expression(self) -> ir.Table:
        statements = ibis.table(self.tables["statements"], name="statements")
        keys = statements.group_by(["type", "key"]).agg(latest=statements.batch_no.max(), size=statements.count())
        # Most keys stand once. Only the others need a second look, and they are few.
        several = keys.filter(keys["size"] > 1).select(type_="type", key_="key", latest="latest")
        joined = statements.left_join(
            several, [statements["type"] == several["type_"], statements["key"] == several["key_"]]
        )
        current = joined.filter(
            (joined["latest"].isnull() | (joined["latest"] == joined["batch_no"])) & (joined["statement"] != WITHDRAWN)
        )
        settled = of_subject(current.select("type", "subject_no", "day"))
        return settled.group_by(["subject_no", "type"]).agg(
            rows=settled.count(), first_day=settled["day"].min(), last_day=settled["day"].max()
        )

    def plain(self, tables: Tables) -> list[Row]:
        latest: dict[tuple[str, str], Row] = {}
        for row in tables["statements"]:
            known = latest.get((row["type"], row["key"]))
            if known is None or row["batch_no"] > known["batch_no"]:
                latest[row["type"], row["key"]] = row
        who = subject_of(tables["aliases"])
        days: dict[tuple[int, str], list[date | None]] = {}
        for row in latest.values():
            if row["statement"] != WITHDRAWN:
                days.setdefault((who(row["subject_no"]), row["type"]), []).append(row["day"])
        return [_counted(subject_no, type_, found) for (subject_no, type_), found in days.items()]


@dataclass(frozen=True)
class ArchiveTotals:
    """The same by type alone: how many subjects, how many statements in force, their first and their last day."""

    @property
    def tables(self) -> Mapping[str, ibis.Schema]:
        return ArchiveStatistics().tables

    def expression(self) -> ir.Table:
        archives = ArchiveStatistics().expression()
        return archives.group_by("type").agg(
            subjects=archives.count(),
            rows=archives["rows"].sum(),
            first_day=archives["first_day"].min(),
            last_day=archives["last_day"].max(),
        )

    def plain(self, tables: Tables) -> list[Row]:
        found: dict[str, list[Row]] = {}
        for row in ArchiveStatistics().plain(tables):
            found.setdefault(row["type"], []).append(row)
        return [
            {
                "type": type_,
                "subjects": len(rows),
                "rows": sum(row["rows"] for row in rows),
                "first_day": min((row["first_day"] for row in rows if row["first_day"]), default=None),
                "last_day": max((row["last_day"] for row in rows if row["last_day"]), default=None),
            }
            for type_, rows in found.items()
        ]


def _counted(subject_no: int, type_: str, days: list[date | None]) -> Row:
    known = [day for day in days if day is not None]
    return {
        "subject_no": subject_no,
        "type": type_,
        "rows": len(days),
        "first_day": min(known, default=None),
        "last_day": max(known, default=None),
    }

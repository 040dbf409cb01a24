"""All checks of a contract asked of a table of rows, as one question to an engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir

from xinheng.catalogue.checks import conditions_for
from xinheng.catalogue.checks.check import CheckContext, Condition, Level
from xinheng.catalogue.checks.reference import findings
from xinheng.catalogue.contract import Contract
from xinheng.engines.compiling import ROW_NO, text_table
from xinheng.engines.questions import Row, Tables
from xinheng.engines.sharing import share

BETWEEN = " "
TABLE = "landed"
"""The table of rows that is asked about."""


@dataclass(frozen=True)
class Validation:
    """Every way in which rows of text fail the checks of a contract: `row_no`, `finding`.

    A finding is check, column, variant and level in one text; `told` takes it apart.
    """

    contract: Contract
    context: CheckContext

    @property
    def tables(self) -> Mapping[str, ibis.Schema]:
        return {TABLE: text_table(TABLE, self.contract.names).schema()}

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        table = text_table(TABLE, self.contract.names)
        return tuple(conditions_for(self.contract, table, self.context))

    @property
    def findings(self) -> tuple[str, ...]:
        """All findings there may be."""
        return tuple(written(one.check, one.column, one.variant, one.level) for one in self.conditions)

    def expression(self) -> ir.Table:
        table = text_table(TABLE, self.contract.names)
        staged, failing = share(table, [condition.failing for condition in self.conditions])
        nothing = ibis.null("string")
        named = zip(failing, self.findings, strict=True)
        hits = ibis.array([ibis.ifelse(test, finding, nothing) for test, finding in named])
        found = staged.select(ROW_NO, finding=hits.unnest())
        return found.filter(found["finding"].notnull())

    def plain(self, tables: Tables) -> list[Row]:
        return [
            {ROW_NO: row[ROW_NO], "finding": written(found.check, found.column, found.variant, found.level)}
            for row in tables[TABLE]
            for found in findings(self.contract, row, self.context)
        ]


def written(check: str, column: str, variant: str, level: Level) -> str:
    """A finding as one text; none of its parts contains a blank."""
    return BETWEEN.join((check, column, variant, level))


def told(finding: str) -> tuple[str, str, str, str]:
    """Check, column, variant and level of a finding."""
    check, column, variant, level = finding.split(BETWEEN)
    return check, column, variant, level

"""Repeats, and what is known already: by its business key each statement is new, amended, unchanged, withdrawn or
returned; or it is refused, because its key stands twice in the file, belongs to another department, or is to be
withdrawn and was never there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from xinheng.engines.compiling import ROW_NO
from xinheng.engines.questions import Row, Tables

NEW, AMENDED, UNCHANGED, WITHDRAWN_NOW, RETURNED = "new", "amended", "unchanged", "withdrawn", "returned"
REPEATED, OTHER_DEPARTMENT, NOTHING_TO_WITHDRAW = "repeated", "other_department", "nothing_to_withdraw"
BARRED = "returned"
"""The gate of a record that was withdrawn and sent again: whatever is sent now, a person has to look."""
SETTLED_GATES = ("open", "held")
STATEMENTS = ibis.schema({ROW_NO: "int64", "key_hash": "uuid", "content_hash": "uuid", "withdrawn": "boolean"})
KNOWN = ibis.schema(
    {
        "key_hash": "uuid",
        "content_hash": "uuid",
        "id": "int64",
        "record_no": "int64",
        "version": "int32",
        "withdrawn": "boolean",
        "department_id": "int64",
        "gate": "string",
        "subject_no": "int64",
        "first_received_at": "string",
    }
)
"""The open versions of the keys in question: the one version of each record that holds now."""


def repeats(keys: ir.Table) -> ir.Table:
    """Row number of every repeated row and of the row it repeats (`row_no`, `first_row_no`).

    `keys` has `row_no` and the columns of the business key, all texts. A NULL and '' are the same; a key with no
    filled column repeats nothing.
    """
    columns = [name for name in keys.columns if name != ROW_NO]
    filled = keys.mutate(**{name: keys[name].fill_null("") for name in columns})
    some = ibis.literal(False)
    for name in columns:
        some = some | (filled[name] != "")
    filled = filled.filter(some)
    groups = filled.group_by(columns).agg(first_row_no=filled[ROW_NO].min(), size=filled.count())
    groups = groups.filter(groups["size"] > 1)
    joined = filled.inner_join(groups, columns)
    later = joined.filter(joined[ROW_NO] > joined["first_row_no"])
    return later.select(ROW_NO, "first_row_no")


def refusals(statements: ir.Table, known: ir.Table, department_id: int) -> ir.Table:
    """The statements this department may not make (`row_no`, `outcome`)."""
    joined = statements.left_join(known, "key_hash")
    found = joined.select(
        ROW_NO,
        outcome=ibis.cases(
            (joined["department_id"] != department_id, OTHER_DEPARTMENT),
            (joined["withdrawn"] & joined["id"].isnull(), NOTHING_TO_WITHDRAW),
            else_=ibis.null("string"),
        ),
    )
    return found.filter(found["outcome"].notnull())


def outcomes(statements: ir.Table, known: ir.Table, *, returns: bool) -> ir.Table:
    """What each statement is to what is known: `row_no`, `outcome`, the record it continues and that record's facts.

    With `returns`, what was withdrawn and is stated again is `returned`, for a person to look at; without, it is an
    amendment, since nothing of it ever was public. `old_subject_no` is the subject of the open version where that is
    settled.
    """
    joined = statements.left_join(known, "key_hash", rname="known_{name}")
    outcome = ibis.cases(
        (joined["id"].isnull(), NEW),
        (joined["withdrawn"] & joined["known_withdrawn"], UNCHANGED),
        (joined["withdrawn"], WITHDRAWN_NOW),
        (joined["known_withdrawn"], RETURNED if returns else AMENDED),
        (joined["known_content_hash"] == joined["content_hash"], UNCHANGED),
        (joined["gate"] == BARRED, RETURNED),
        else_=AMENDED,
    )
    return joined.select(
        ROW_NO,
        outcome=outcome,
        record_no="record_no",
        version=(joined["version"].fill_null(0) + 1).cast("int32"),
        old_id=joined["id"],
        old_subject_no=ibis.ifelse(joined["gate"].isin(SETTLED_GATES), joined["subject_no"], ibis.null("int64")),
        first_received_at="first_received_at",
    )


@dataclass(frozen=True)
class BusinessKeys:
    """What becomes of every statement of one file that a department sends."""

    department_id: int
    returns: bool = True

    @property
    def tables(self) -> Mapping[str, ibis.Schema]:
        return {"statements": STATEMENTS, "open_versions": KNOWN}

    def expression(self) -> ir.Table:
        statements, known = (ibis.table(schema, name=name) for name, schema in self.tables.items())
        later = repeats(statements.select(ROW_NO, key=statements["key_hash"].cast("string")))
        first = statements.anti_join(later, ROW_NO)
        refused = refusals(first, known, self.department_id)
        taken = outcomes(first.anti_join(refused, ROW_NO), known, returns=self.returns)
        taken = taken.select(ROW_NO, "outcome", "record_no", "version")
        nothing = {"record_no": ibis.null("int64"), "version": ibis.null("int32")}
        repeated = later.select(ROW_NO, outcome=ibis.literal(REPEATED), **nothing)
        return taken.union(refused.select(ROW_NO, "outcome", **nothing)).union(repeated)

    def plain(self, tables: Tables) -> list[Row]:
        known = {row["key_hash"]: row for row in tables["open_versions"]}
        seen: set[str] = set()
        answers = []
        for row in sorted(tables["statements"], key=lambda one: one[ROW_NO]):
            old = known.get(row["key_hash"])
            outcome = REPEATED if row["key_hash"] in seen else self._outcome(row, old)
            seen.add(row["key_hash"])
            taken = outcome not in (REPEATED, OTHER_DEPARTMENT, NOTHING_TO_WITHDRAW)
            record_no, version = (old["record_no"], old["version"]) if old else (None, 0)
            answers.append(
                {
                    ROW_NO: row[ROW_NO],
                    "outcome": outcome,
                    "record_no": record_no if taken else None,
                    "version": version + 1 if taken else None,
                }
            )
        return answers

    def _outcome(self, row: Row, old: Row | None) -> str:
        if old is None:
            return NOTHING_TO_WITHDRAW if row["withdrawn"] else NEW
        if old["department_id"] != self.department_id:
            return OTHER_DEPARTMENT
        if row["withdrawn"]:
            return UNCHANGED if old["withdrawn"] else WITHDRAWN_NOW
        if old["withdrawn"]:
            return RETURNED if self.returns else AMENDED
        if old["content_hash"] == row["content_hash"]:
            return UNCHANGED
        return RETURNED if old["gate"] == BARRED else AMENDED

"""Who a row speaks of: by its credit code, else by an older number, else by the exact name, else nobody.

A name is asked only where no number leads to anyone, and answers only where one subject alone bears it. Older
numbers answer only where all that are known lead to the same subject.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from xinheng.engines.compiling import ROW_NO
from xinheng.engines.questions import Row, Tables

CREDIT_CODE = "credit_code"
BY_CODE, BY_OLD_CODE, BY_NAME, BY_NOTHING = "code", "old_code", "name", "none"
BETWEEN_NAMES, BETWEEN_CANDIDATES = "\x1f", ","
SUBJECTS = ibis.schema({ROW_NO: "int64", "credit_code": "string", "name_key": "string", "subject_name": "string"})
NUMBERS = ibis.schema({ROW_NO: "int64", "kind": "string", "value": "string"})
KNOWN_NUMBERS = ibis.schema(
    {"kind": "string", "value": "string", "subject_no": "int64", "registered": "boolean", "name_keys": "string"}
)
"""Who bears a number, with all the names it is known by, joined by U+001F."""
KNOWN_NAMES = ibis.schema({"name_key": "string", "subject_no": "int64", "candidates": "string"})
"""Who bears a name: one of them, and all of them joined by commas."""


def by_older_numbers(subjects: ir.Table, numbers: ir.Table, known: ir.Table) -> ir.Table:
    """The subject of each row without a credit code whose other numbers all lead to the same one."""
    coded = subjects.filter(subjects["credit_code"].notnull())
    older = numbers.filter(numbers["kind"] != CREDIT_CODE).anti_join(coded, ROW_NO)
    met = older.inner_join(known, ["kind", "value"])
    # What else is said of a subject is the same wherever it is said, so that any row of it will do.
    found = met.group_by(ROW_NO).agg(
        subject_no=met["subject_no"].min(),
        other_no=met["subject_no"].max(),
        registered=met["registered"].max(),
        name_keys=met["name_keys"].max(),
    )
    return found.filter(found["subject_no"] == found["other_no"]).drop("other_no")


def links(subjects: ir.Table, known: ir.Table, older: ir.Table, names: ir.Table) -> ir.Table:
    """Each row with its subject, how it was found, and whether it names the subject as the register does.

    `candidates` are the bearers of the name where the name was asked; `differs` is only true of registered subjects.
    """
    coded = known.filter(known["kind"] == CREDIT_CODE).select(
        code="value", coded_no="subject_no", coded_registered="registered", coded_names="name_keys"
    )
    numbered = older.select(
        numbered_row=ROW_NO, numbered_no="subject_no", numbered_registered="registered", numbered_names="name_keys"
    )
    by_number = subjects.left_join(coded, subjects["credit_code"] == coded["code"])
    by_number = by_number.left_join(numbered, by_number[ROW_NO] == numbered["numbered_row"])
    asked = by_number.mutate(
        asked_name=ibis.ifelse(
            by_number["credit_code"].isnull() & by_number["numbered_no"].isnull(),
            by_number["name_key"],
            ibis.null("string"),
        )
    )
    named = names.select(name="name_key", named_no="subject_no", candidates="candidates")
    found = asked.left_join(named, asked["asked_name"] == named["name"])
    return _told(found)


def _told(found: ir.Table) -> ir.Table:
    alone = found["named_no"].notnull() & ~found["candidates"].contains(BETWEEN_CANDIDATES)
    alone = alone.fill_null(False)
    registered = ibis.coalesce(found["coded_registered"], found["numbered_registered"], False)
    names = BETWEEN_NAMES + ibis.coalesce(found["coded_names"], found["numbered_names"], "") + BETWEEN_NAMES
    same_name = names.contains(BETWEEN_NAMES + found["name_key"] + BETWEEN_NAMES)
    by_name = ibis.ifelse(alone, found["named_no"], ibis.null("int64"))
    return found.select(
        ROW_NO,
        subject_no=ibis.coalesce(found["coded_no"], found["numbered_no"], by_name),
        method=ibis.cases(
            (found["coded_no"].notnull(), BY_CODE),
            (found["numbered_no"].notnull(), BY_OLD_CODE),
            (alone, BY_NAME),
            else_=BY_NOTHING,
        ),
        candidates=found["candidates"].fill_null(""),
        differs=ibis.ifelse(registered, ~same_name, False),
        credit_code="credit_code",
        name_key="name_key",
        subject_name="subject_name",
    )


@dataclass(frozen=True)
class Linking:
    """The subject of every row, out of what the register answered about the numbers and names of the whole file."""

    @property
    def tables(self) -> Mapping[str, ibis.Schema]:
        return {
            "subjects": SUBJECTS, "numbers": NUMBERS, "known_numbers": KNOWN_NUMBERS, "known_names": KNOWN_NAMES,
        }  # fmt: skip

    def expression(self) -> ir.Table:
        subjects, numbers, known, names = (ibis.table(schema, name=name) for name, schema in self.tables.items())
        return links(subjects, known, by_older_numbers(subjects, numbers, known), names)

    def plain(self, tables: Tables) -> list[Row]:
        bearers = {(row["kind"], row["value"]): row for row in tables["known_numbers"]}
        named = {row["name_key"]: row for row in tables["known_names"]}
        numbers: dict[int, list[Row]] = {}
        for row in tables["numbers"]:
            bearer = bearers.get((row["kind"], row["value"]))
            if bearer and row["kind"] != CREDIT_CODE:
                numbers.setdefault(row[ROW_NO], []).append(bearer)
        return [self._linked(row, bearers, numbers.get(row[ROW_NO], []), named) for row in tables["subjects"]]

    def _linked(
        self, row: Row, bearers: Mapping[tuple[str, str], Row], others: Sequence[Row], named: Mapping[str, Row]
    ) -> Row:
        bearer, method, candidates = None, BY_NOTHING, ""
        subject_no = None
        if row["credit_code"] is not None:
            bearer, method = bearers.get((CREDIT_CODE, row["credit_code"])), BY_CODE
        elif len({other["subject_no"] for other in others}) == 1:
            bearer, method = others[0], BY_OLD_CODE
        elif row["name_key"] in named:
            candidates = named[row["name_key"]]["candidates"]
            if BETWEEN_CANDIDATES not in candidates:
                subject_no, method = named[row["name_key"]]["subject_no"], BY_NAME
        differs = False
        if bearer:
            subject_no = bearer["subject_no"]
            differs = bearer["registered"] and row["name_key"] not in (bearer["name_keys"] or "").split(BETWEEN_NAMES)
        told = {"subject_no": subject_no, "method": method if subject_no is not None else BY_NOTHING}
        carried = {name: row[name] for name in ("credit_code", "name_key", "subject_name")}
        return {ROW_NO: row[ROW_NO], **told, "candidates": candidates, "differs": differs, **carried}

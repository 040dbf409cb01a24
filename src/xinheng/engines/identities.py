"""Who a subject number stands for today.

Files keep the number their rows were linked to; a small table says what became of it.
"""

from collections.abc import Callable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from xinheng.engines.questions import Row

ALIASES: Mapping[str, ibis.Schema] = {"aliases": ibis.schema({"alias": "int64", "subject_no": "int64"})}
"""Subject numbers that are another's today. A number stands once; the one it leads to is not itself an alias."""


def of_subject(table: ir.Table) -> ir.Table:
    """The table with every `subject_no` that is an alias replaced by the number of today."""
    aliases = ibis.table(ALIASES["aliases"], name="aliases").rename(now="subject_no")
    joined = table.left_join(aliases, table["subject_no"] == aliases["alias"])
    others = [name for name in table.columns if name != "subject_no"]
    return joined.select(*others, subject_no=ibis.coalesce(joined["now"], joined["subject_no"]))


def subject_of(aliases: Sequence[Row]) -> Callable[[int], int]:
    """The number of today for a number of any time, in plain Python."""
    known = {row["alias"]: row["subject_no"] for row in aliases}
    return lambda number: known.get(number, number)

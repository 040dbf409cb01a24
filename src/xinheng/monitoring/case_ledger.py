"""The departments' own counts of their acts, read from the ledger's Parquet files."""

from dataclasses import dataclass
from datetime import date

from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.engines.duck import duck
from xinheng.ledger.models import DataFile, FileKind

TYPE = "case_ledger"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Counted:
    """How many acts of one kind a department made in a month, by its own ledger."""

    department_id: int
    month: date
    act: str
    count: int


def acts_by_department(scope: Scope, *, home: Home) -> tuple[Counted, ...]:
    """What the departments in reach listed; the newest statement of a line counts.

    A department lists either every act (with its document number) or one total a month; where it did both, the
    total counts.
    """
    found = list(_files(scope))
    if not found:
        return ()
    with duck(home.tmp) as engine:
        engine.raw.execute("CREATE TEMP TABLE senders (batch_no BIGINT, department_id BIGINT)")
        senders = sorted({(number, department) for number, department, _ in found})
        engine.add("senders", [list(one) for one in senders])
        rows = engine.rows(_COUNT, [[str(home.root / path) for _, _, path in found]])
    return tuple(Counted(int(department), month, act, int(count)) for department, month, act, count in rows)


_COUNT = f"""
WITH latest AS (
    SELECT s.department_id, l.* FROM read_parquet(?, union_by_name = true) l JOIN senders s USING (batch_no)
    QUALIFY row_number() OVER (PARTITION BY s.department_id, l.key_hash ORDER BY l.batch_no DESC, l.row_no DESC) = 1
), listed AS (
    SELECT department_id, CAST(date_trunc('month', "month") AS DATE) AS listed_month, act_kind,
           sum(act_count) FILTER (coalesce(decision_no, '') = '') AS total,
           sum(act_count) FILTER (coalesce(decision_no, '') <> '') AS single
    FROM latest WHERE statement <> '{WITHDRAWN}' GROUP BY 1, 2, 3
)
SELECT department_id, listed_month, act_kind, coalesce(total, single, 0) FROM listed ORDER BY 1, 2, 3
"""


def _files(scope: Scope) -> list[tuple[int, int, str]]:
    found = DataFile.objects.filter(batch__type=TYPE, kind=FileKind.ACCEPTED, visible_until=None)
    if scope.region is not None:
        found = found.filter(batch__region__code=scope.region)
    if scope.departments:
        found = found.filter(batch__department_id__in=scope.departments)
    return list(found.order_by("pk").values_list("batch__number", "batch__department_id", "path"))

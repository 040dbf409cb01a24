"""The departments' own counts of their acts, read from the ledger's Parquet files."""

from dataclasses import dataclass
from datetime import date

from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.engines.duck import duck
from xinheng.ledger.queries import accepted_files, batches_in_reach

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
    files = accepted_files(scope, home=home, types=[TYPE])
    if not files:
        return ()
    with duck(home.tmp) as engine:
        engine.raw.execute("CREATE TEMP TABLE senders (batch_no BIGINT, department_id BIGINT)")
        engine.add("senders", [list(one) for one in batches_in_reach(scope, types=[TYPE]).items()])
        rows = engine.rows(_COUNT, [[str(file.path) for file in files]])
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

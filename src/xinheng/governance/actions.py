"""What may change a finding: a look at all codes opens and ends findings; officers assign them and close them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import mask_text
from xinheng.base.postgres.bulk import copy_in, temporary_table
from xinheng.base.scope import Scope
from xinheng.engines.duck import Duck, duck
from xinheng.governance.looking import SHOWN, look
from xinheng.governance.models import CodeCheck, Figure, Finding, FindingStep, Kind, Outcome, Step
from xinheng.people.actions import send_message
from xinheng.people.identity import scope_of
from xinheng.people.models import Department, Region, User

LOCK = 0x78682F
"""Advisory lock: one look at a region's codes writes at a time."""
_GROUPS = "kind varchar, key varchar, department_id bigint, digest varchar"
_ROWS = (
    "kind varchar, key varchar, department_id bigint, batch_no bigint, row_no bigint, record_no bigint, "
    "code varchar, name varchar"
)
_SAME = "f.region_id = %(region)s AND f.department_id = g.department_id AND f.kind = g.kind AND f.key = g.key"


@dataclass(frozen=True)
class Checked:
    """What came of a look at all codes."""

    run: CodeCheck
    found: int
    opened: int
    corrected: int


def check_codes(*, region: Region, by: Actor, now: datetime) -> Checked:
    """Look at all codes of the region: new faults become findings, and findings that are gone end by themselves."""
    with (
        settings.HOME.workplace("codes") as folder,
        duck(folder) as engine,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK & 0xFFFF, region.pk % 2**31])
        seen = look(engine, cursor, region_id=region.pk, as_at=None, folder=folder)
        groups, rows = _write_out(engine, folder)
        counts = _settle(cursor, groups, rows, region=region, by=by, now=now)
        run = CodeCheck.objects.create(region=region, at=now, last_batch=seen.last_batch, **counts)
        _note_figures(engine, run)
        _tell(run, region, by, now)
        record(
            act="identifiers.check", by=by, now=now, region_id=region.pk, object_type="code_check",
            object_id=str(run.pk), detail={"last_batch": seen.last_batch, **counts},
        )  # fmt: skip
    return Checked(run, **counts)


@transaction.atomic
def assign(*, finding: int, officer: int, by: User, now: datetime) -> Finding:
    """Give a finding to an officer of the department whose rows are at fault."""
    found = _open(finding, by)
    clerk = User.objects.filter(pk=officer, department=found.department_id, is_active=True).first()
    if clerk is None:
        raise Refused("请选择这个部门的工作人员。")
    found.assigned_to = clerk
    found.save(update_fields=["assigned_to"])
    _step(found, Step.ASSIGNED, Actor.of(by), now, clerk.display_name)
    record(
        act="identifiers.assign", by=Actor.of(by), now=now, region_id=found.region_id, object_type="finding",
        object_id=str(found.pk), detail={"to": clerk.username},
    )  # fmt: skip
    send_message(
        to=clerk, title="有一项代码问题交给您办理", text=f"{found.get_kind_display()}：{found.key}",
        link=f"/desk/identifiers/{found.pk}", by=Actor.of(by), now=now,
    )  # fmt: skip
    return found


@transaction.atomic
def close(*, finding: int, outcome: Outcome, note: str, by: User, now: datetime) -> Finding:
    """End a finding with a reason; what was corrected ends by itself, once the correction came in."""
    if outcome is Outcome.CORRECTED:
        raise Refused("已改正的不用手工办结。", "改正后的数据报送进来，系统核对无误会自动办结。")
    if not note.strip():
        raise Refused("请写明核实的情况。", "例如：与营业执照原件核对，代码无误。")
    found = _open(finding, by)
    found.closed_at, found.closed_by, found.outcome, found.note = now, by, outcome, mask_text(note.strip())[:300]
    found.save(update_fields=["closed_at", "closed_by", "outcome", "note"])
    _step(found, Step.CLOSED, Actor.of(by), now, f"{outcome.label}：{found.note}"[:300])
    record(
        act="identifiers.close", by=Actor.of(by), now=now, region_id=found.region_id, object_type="finding",
        object_id=str(found.pk), detail={"outcome": outcome.value},
    )  # fmt: skip
    return found


def _write_out(engine: Duck, folder: Path) -> tuple[Path, Path]:
    """The faults by finding, and the rows that show each, as files for PostgreSQL."""
    groups, rows = folder / "groups.csv", folder / "rows.csv"
    for select, path in (
        (
            "SELECT kind, left(key, 300), department_id, "
            "md5(string_agg(batch_no || ':' || row_no, ',' ORDER BY batch_no, row_no)) FROM faults GROUP BY ALL",
            groups,
        ),
        (
            "SELECT DISTINCT kind, left(key, 300), department_id, batch_no, row_no, record_no, left(code, 60), "
            "left(name, 300) FROM faults QUALIFY row_number() OVER "
            f"(PARTITION BY kind, key, department_id ORDER BY batch_no, row_no) <= {SHOWN}",
            rows,
        ),
    ):
        engine.raw.execute(f"COPY ({select}) TO '{path}' (FORMAT csv, HEADER false, NULLSTR '\\N')")
    return groups, rows


def _settle(cursor: Any, groups: Path, rows: Path, *, region: Region, by: Actor, now: datetime) -> dict[str, int]:
    """Bring the findings to what was found; counts of what was found, opened and found gone."""
    facts = {"region": region.pk, "now": now, "kind": by.kind, "id": by.id, "name": by.name}
    with temporary_table(cursor, _GROUPS) as found, temporary_table(cursor, _ROWS) as shown:
        copy_in(cursor, found, [part.split()[0] for part in _GROUPS.split(", ")], groups)
        copy_in(cursor, shown, [part.split()[0] for part in _ROWS.split(", ")], rows)
        cursor.execute(f"ANALYZE {found}")
        cursor.execute(f"ANALYZE {shown}")
        corrected = _run(cursor, _CORRECT, found, facts)
        again = _run(cursor, _REOPEN, found, facts)
        opened = _run(cursor, _OPEN, found, facts)
        _run(cursor, _SEE, found, facts)
        _run(cursor, _FORGET_ROWS, found, facts)
        _run(cursor, _ADD_ROWS, shown, facts)
        cursor.execute(f"SELECT count(*) FROM {found}")
        return {"found": int(cursor.fetchone()[0]), "opened": opened + again, "corrected": corrected}


def _run(cursor: Any, statement: str, table: str, facts: dict[str, Any]) -> int:
    cursor.execute(statement.format(table=table, same=_SAME), facts)
    return int(cursor.rowcount)


_STEPPED = """
INSERT INTO governance_findingstep (finding_id, step, at, actor_kind, actor_id, actor_name, note)
SELECT id, '{step}', %(now)s, %(kind)s, %(id)s, %(name)s, '' FROM changed
"""
_CORRECT = """
WITH changed AS (
    UPDATE governance_finding f SET closed_at = %(now)s, outcome = 'corrected'
    WHERE f.region_id = %(region)s AND f.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM {table} g WHERE {same})
    RETURNING f.id)
""" + _STEPPED.format(step=Step.CORRECTED.value)
_REOPEN = """
WITH changed AS (
    UPDATE governance_finding f SET closed_at = NULL, closed_by_id = NULL, outcome = '', note = '',
        assigned_to_id = NULL
    FROM {table} g WHERE {same} AND f.closed_at IS NOT NULL AND (f.outcome = 'corrected' OR f.digest <> g.digest)
    RETURNING f.id)
""" + _STEPPED.format(step=Step.AGAIN.value)
_OPEN = """
WITH changed AS (
    INSERT INTO governance_finding (region_id, department_id, kind, key, digest, found_at, seen_at, outcome, note)
    SELECT %(region)s, g.department_id, g.kind, g.key, g.digest, %(now)s, %(now)s, '', '' FROM {table} g
    ON CONFLICT DO NOTHING RETURNING id)
""" + _STEPPED.format(step=Step.FOUND.value)
_SEE = "UPDATE governance_finding f SET digest = g.digest, seen_at = %(now)s FROM {table} g WHERE {same}"
_FORGET_ROWS = """
DELETE FROM governance_evidence e USING governance_finding f, {table} g WHERE e.finding_id = f.id AND {same}
"""
_ADD_ROWS = """
INSERT INTO governance_evidence (finding_id, batch_no, row_no, record_no, code, name)
SELECT f.id, g.batch_no, g.row_no, g.record_no, coalesce(g.code, ''), coalesce(g.name, '')
FROM {table} g JOIN governance_finding f ON {same} ON CONFLICT DO NOTHING
"""


def _note_figures(engine: Duck, run: CodeCheck) -> None:
    counted = engine.rows(
        "SELECT s.department_id, k.kind, s.subjects, count(DISTINCT f.key) FROM subjects_of s "
        f"CROSS JOIN (SELECT unnest({[kind.value for kind in Kind]}) AS kind) k "
        "LEFT JOIN faults f ON f.department_id = s.department_id AND f.kind = k.kind GROUP BY 1, 2, 3"
    )
    Figure.objects.bulk_create(
        Figure(check_run=run, department_id=department, kind=kind, subjects=subjects, faults=faults)
        for department, kind, subjects, faults in counted
    )


def _tell(run: CodeCheck, region: Region, by: Actor, now: datetime) -> None:
    """One message for each department with findings that were opened by this look."""
    counts: dict[int, int] = {}
    for department in Finding.objects.filter(region=region, found_at=now).values_list("department_id", flat=True):
        counts[department] = counts.get(department, 0) + 1
    for one in Department.objects.filter(pk__in=counts).order_by("pk"):
        send_message(
            to=one, title=f"发现 {counts[one.pk]} 项代码问题",
            text="请核对后在来源改正，并按原来的方式报送改正后的数据；核对无误后自动办结。",
            link="/desk/identifiers", by=by, now=now,
        )  # fmt: skip


def _open(finding: int, by: User) -> Finding:
    scope: Scope = scope_of(by)
    wanted = Finding.objects.select_for_update(of=("self",)).filter(pk=finding, region=by.region_id)
    if scope.departments:
        wanted = wanted.filter(department_id__in=scope.departments)
    found = wanted.first()
    if found is None:
        raise NotFound("没有这项代码问题，或者它不属于您的部门。", "请从列表重新进入。")
    if found.closed_at:
        raise Conflict("这项代码问题已经办结。", "请刷新页面。")
    return found


def _step(found: Finding, step: Step, by: Actor, now: datetime, note: str) -> None:
    FindingStep.objects.create(
        finding=found, step=step, at=now, actor_kind=by.kind, actor_id=by.id, actor_name=by.name, note=note
    )

"""The engine's tasks: handed to every department that carries a measure out, closed with the measure, and told of."""

from collections import Counter
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from xinheng.audit.actions import record
from xinheng.measures.engine_plan import Plan
from xinheng.measures.models import MeasureTask, TaskState
from xinheng.people.actions import send_message
from xinheng.people.models import Department, OrganisationMembership
from xinheng.people.recipients import OrganisationBox

_LINK = "/desk/measure-tasks"
_ENDED = "引起措施的名单信息已经终止，各执行单位已收到停止执行的通知。仍被限制的，请向信用办投诉。"
_WRONG = (
    "措施已认定自始不当，各执行单位已收到停止执行的通知；执行过的，须恢复原状并登记。给贵单位造成的影响，我们深表歉意。"
    "仍被限制的，请向信用办投诉；造成损失的，可以依法要求赔偿。"
)


def hand_out_tasks(plan: Plan, record_nos: list[int] | None) -> int:
    """One task for each measure and each department named for it that has none yet; how many."""
    executors = [
        (edition.key, one.key, plan.departments[code].pk)
        for edition in plan.ground.editions.values()
        for one in edition.measures
        for code in one.executors
        if code in plan.departments
    ]
    if not executors:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO measures_measuretask (region_id, department_id, effect_id, record_no, subject_no, subject_name,
                credit_code, terms_id, state, made_at, due_on, reminders)
            SELECT e.region_id, x.department, e.id, r.record_no, e.subject_no, coalesce(o.name, r.subject_name),
                coalesce(o.credit_code, ''), e.terms_id, 'waiting', %(now)s, %(due)s, 0
            FROM effects_effect e
            JOIN effects_measureterms t ON t.id = e.terms_id
            JOIN unnest(%(editions)s::text[], %(keys)s::text[], %(departments)s::bigint[])
                AS x (edition, key, department) ON x.edition = t.edition AND x.key = t.measure_key
            JOIN register_record r ON r.id = e.record_id
            LEFT JOIN register_subjectlink l ON l.number = r.subject_no AND l.known_to IS NULL
            LEFT JOIN register_organisation o ON o.id = coalesce(l.organisation_id, r.subject_no)
            WHERE e.kind IN ('restraint', 'graduated', 'incentive') AND e.ended_at IS NULL AND e.region_id = %(region)s
              AND (e.ends IS NULL OR e.ends > %(day)s)
              AND (%(records)s::bigint[] IS NULL OR r.record_no = ANY(%(records)s))
              AND NOT EXISTS (
                  SELECT 1 FROM measures_measuretask m WHERE m.effect_id = e.id AND m.department_id = x.department)
            ORDER BY e.id ON CONFLICT DO NOTHING
            RETURNING department_id
            """,
            {
                "now": plan.now,
                "due": plan.answer_by(),
                "editions": [edition for edition, _, _ in executors],
                "keys": [key for _, key, _ in executors],
                "departments": [department for _, _, department in executors],
                "region": plan.region.pk,
                "day": plan.day,
                "records": record_nos,
            },
        )
        counts = Counter(int(department) for (department,) in cursor.fetchall())
    _tell_departments(
        plan, counts, title="有 {count} 项新的措施任务", text="请签收，并在执行后反馈；不能执行的请说明原因。"
    )
    if counts:
        record(act="measures.hand_out", by=plan.by, now=plan.now, region_id=plan.region.pk, object_type="task",
               object_id=plan.day.isoformat(), detail={"tasks": counts.total()})  # fmt: skip
    return counts.total()


def close_tasks(plan: Plan, record_nos: list[int] | None) -> int:
    """Close the tasks of measures that ended or ran out; how many. Whoever did not know the day is told."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH over AS (
                SELECT m.id, e.ended_at IS NOT NULL AS fell,
                    e.end_reason IN ('unfounded', 'objection_upheld') AS wrong FROM measures_measuretask m
                JOIN effects_effect e ON e.id = m.effect_id
                WHERE m.region_id = %(region)s AND m.state <> 'closed'
                  AND (%(records)s::bigint[] IS NULL OR m.record_no = ANY(%(records)s))
                  AND (e.ended_at IS NOT NULL OR e.ends <= %(day)s)
            ), closed AS (
                UPDATE measures_measuretask m SET state = 'closed', closed_at = %(now)s FROM over
                WHERE m.id = over.id AND m.state <> 'closed'
                RETURNING m.id, m.department_id, m.credit_code, over.fell, over.wrong
            ), said AS (
                INSERT INTO measures_taskstep (task_id, step, at, actor_kind, actor_id, actor_name, note)
                SELECT id, 'close', %(now)s, %(kind)s, '', %(name)s,
                    CASE WHEN wrong THEN '措施自始不当，停止执行' WHEN fell THEN '名单信息已终止，停止执行'
                         ELSE '措施期满' END
                FROM closed
            )
            SELECT department_id, credit_code, fell, wrong FROM closed
            """,
            {
                "region": plan.region.pk,
                "records": record_nos,
                "day": plan.day,
                "now": plan.now,
                "kind": plan.by.kind,
                "name": plan.by.name,
            },
        )
        rows = cursor.fetchall()
    counts = Counter(int(department) for department, _, fell, _ in rows if fell)
    _tell_departments(plan, counts, title="有 {count} 项措施已终止", text="请立即停止执行，并恢复被限制的事项。")
    _tell_subjects(plan, {code for _, code, fell, wrong in rows if fell and not wrong and code}, _ENDED)
    _tell_subjects(plan, {code for _, code, _, wrong in rows if wrong and code}, _WRONG)
    if rows:
        record(act="measures.close", by=plan.by, now=plan.now, region_id=plan.region.pk, object_type="task",
               object_id=plan.day.isoformat(), detail={"closed": len(rows)})  # fmt: skip
    return len(rows)


def ask_corrections(plan: Plan, record_nos: list[int] | None) -> int:
    """Ask each department that carried out a measure which never should have been to put it right; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO measures_correction (task_id, asked_at, due_on, what)
            SELECT m.id, %(now)s, %(due)s, '' FROM (SELECT DISTINCT task_id FROM measures_feedback) f
            JOIN measures_measuretask m ON m.id = f.task_id
            JOIN effects_effect e ON e.id = m.effect_id
            WHERE m.region_id = %(region)s AND (%(records)s::bigint[] IS NULL OR m.record_no = ANY(%(records)s))
              AND (e.end_reason IN ('unfounded', 'objection_upheld') OR EXISTS (
                  SELECT 1 FROM effects_effectchange c WHERE c.effect_id = e.id AND c.change = 'annulled'))
              AND NOT EXISTS (SELECT 1 FROM measures_correction k WHERE k.task_id = m.id)
            ORDER BY m.id ON CONFLICT DO NOTHING
            RETURNING (SELECT t.department_id FROM measures_measuretask t WHERE t.id = task_id)
            """,
            {"now": plan.now, "due": plan.answer_by(), "region": plan.region.pk, "records": record_nos},
        )
        counts = Counter(int(department) for (department,) in cursor.fetchall())
    _tell_departments(
        plan, counts, title="有 {count} 项措施自始不当，须纠正",
        text="请恢复原状，消除影响，并登记怎样纠正。没有纠正的计入统计。", link=f"{_LINK}?show=wrong",
    )  # fmt: skip
    if counts:
        record(act="measures.ask_correction", by=plan.by, now=plan.now, region_id=plan.region.pk, object_type="task",
               object_id=plan.day.isoformat(), detail={"tasks": counts.total()})  # fmt: skip
    return counts.total()


def late_tasks(region_id: int, day: date) -> QuerySet[MeasureTask]:
    """Tasks nobody answered although their day has passed."""
    return MeasureTask.objects.filter(region_id=region_id, state=TaskState.WAITING, due_on__lt=day)


def _tell_departments(plan: Plan, counts: Counter[int], *, title: str, text: str, link: str = _LINK) -> None:
    for department in Department.objects.filter(pk__in=counts).order_by("pk"):
        send_message(
            to=department, title=title.format(count=counts[department.pk]), text=text, link=link, by=plan.by,
            now=plan.now,
        )  # fmt: skip


def _tell_subjects(plan: Plan, codes: set[str], text: str) -> None:
    """Those of the organisations that have somebody in the centre."""
    present = OrganisationMembership.objects.filter(region=plan.region, revoked_at=None, credit_code__in=codes)
    for code in sorted(set(present.values_list("credit_code", flat=True))):
        send_message(
            to=OrganisationBox(code, plan.region.pk), title="对贵单位的措施已终止", link="/centre/measures",
            text=text, by=plan.by, now=plan.now,
        )  # fmt: skip

"""What was done at a counter under a measure that never should have been is put right by whoever did it."""

from collections import Counter
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.base.masking import mask_text
from xinheng.base.scope import Scope
from xinheng.checks.models import CheckCorrection
from xinheng.measures.engine_plan import answer_by
from xinheng.people.actions import send_message
from xinheng.people.models import Department, Region, User
from xinheng.people.queries import regions

CORRECTOR = Actor.system("信用核查")
PAGE = "/desk/checks/corrections"
LONGEST = 500
_ASK = """
WITH wrong AS MATERIALIZED (
    SELECT e.id, e.subject_no, e.created_at, e.ended_at, t.measure_key
    FROM effects_effect e JOIN effects_measureterms t ON t.id = e.terms_id
    WHERE e.region_id = %(region)s AND e.kind IN ('restraint', 'incentive', 'graduated')
      AND (e.end_reason IN ('unfounded', 'objection_upheld') OR EXISTS (
          SELECT 1 FROM effects_effectchange c WHERE c.effect_id = e.id AND c.change = 'annulled'))
), asked AS (
    -- The last feedback counts; the answer it is about was given while the measure seemed to be in force.
    SELECT DISTINCT ON (f.request_number, f.measure) f.id, f.outcome, q.department_id, q.asked_at, q.on_day,
           w.subject_no, w.measure_key
    FROM wrong w
    LEFT JOIN register_subjectlink l ON l.number = w.subject_no AND l.known_to IS NULL
    JOIN register_identifier i ON i.organisation_id = coalesce(l.organisation_id, w.subject_no)
    JOIN checks_checkrequest q ON q.code = i.value AND q.code <> '' AND q.region_id = %(region)s
        AND q.asked_at >= w.created_at AND (w.ended_at IS NULL OR q.asked_at < w.ended_at)
    JOIN checks_checkfeedback f ON f.request_number = q.number AND f.measure = w.measure_key
    ORDER BY f.request_number, f.measure, f.id DESC
)
INSERT INTO checks_checkcorrection (feedback_id, region_id, department_id, asked_at, due_on, done_by, what)
SELECT a.id, %(region)s, a.department_id, %(now)s, %(due)s, '', '' FROM asked a
WHERE a.outcome = 'applied'
  AND NOT EXISTS (SELECT 1 FROM checks_checkcorrection k WHERE k.feedback_id = a.id)
  AND NOT EXISTS (  -- another entry asked for the same measure, and rightly
      SELECT 1 FROM effects_effect o JOIN effects_measureterms t ON t.id = o.terms_id
      WHERE o.subject_no = a.subject_no AND o.region_id = %(region)s AND t.measure_key = a.measure_key
        AND o.kind IN ('restraint', 'incentive', 'graduated')
        AND o.starts <= a.on_day AND (o.ends IS NULL OR o.ends > a.on_day)
        AND o.created_at <= a.asked_at AND (o.ended_at IS NULL OR o.ended_at > a.asked_at)
        AND o.id NOT IN (SELECT id FROM wrong))
ORDER BY a.id ON CONFLICT DO NOTHING
RETURNING department_id
"""


@transaction.atomic
def ask_corrections(*, now: datetime) -> int:
    """Ask every department that applied a wrong measure after a check to put it right; how many. Again: none."""
    return sum(_ask_in(Region.objects.get(code=one.code), now) for one in regions(Scope()))


def _ask_in(region: Region, now: datetime) -> int:
    day = today(now)
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"region": region.pk, "now": now, "due": answer_by(settings.PACK, day)})
        counts = Counter(int(department) for (department,) in cursor.fetchall())
    for department in Department.objects.filter(pk__in=counts).order_by("pk"):
        send_message(
            to=department, title=f"核查后采取的 {counts[department.pk]} 项措施自始不当，须纠正",
            text="请恢复原状，消除影响，并登记怎样纠正。", link=PAGE, by=CORRECTOR, now=now,
        )  # fmt: skip
    if counts:
        record(
            act="check.ask_correction", by=CORRECTOR, now=now, region_id=region.pk, object_type="check",
            object_id=day.isoformat(), detail={"corrections": counts.total()},
        )  # fmt: skip
    return counts.total()


@transaction.atomic
def put_check_right(*, correction: int, what: str, by: User, now: datetime) -> CheckCorrection:
    """The department says how it put right what it did; once."""
    if not what.strip():
        raise WrongUsage("请写明怎样纠正的。")
    asked = CheckCorrection.objects.select_for_update().filter(pk=correction, department_id=by.department_id).first()
    if asked is None:
        raise NotFound("没有要求贵部门纠正这项措施。", "请从“核查纠正”页选择。")
    if asked.done_at is not None:
        raise Conflict("这项纠正已经登记。", "请刷新页面查看。")
    asked.done_at, asked.done_by, asked.what = now, by.display_name, mask_text(what.strip())[:LONGEST]
    asked.save(update_fields=["done_at", "done_by", "what"])
    record(
        act="check.put_right", by=Actor.of(by), now=now, region_id=asked.region_id, object_type="check",
        object_id=str(asked.pk),
    )  # fmt: skip
    return asked

"""Looking after promises: a task for each commitment when its rule says so, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound
from xinheng.commitments.actions.writing import log
from xinheng.commitments.models import FollowUp, FollowUpOutcome
from xinheng.commitments.rules import COMMITMENT, follow_up_of
from xinheng.people.actions import send_message
from xinheng.people.models import User
from xinheng.register.models import Record

SWEEPER = Actor.system("承诺检查")
LINK = "/desk/commitments?show=due"
_MANY = 5000


@dataclass(frozen=True)
class Swept:
    """What a daily look did."""

    opened: int
    needless: int
    told: int


@transaction.atomic
def open_follow_ups(*, now: datetime) -> Swept:
    """The daily look: tasks for commitments that came as files, none for what ended, and a word to who is due today.

    Repeating it changes nothing but the word, which goes out on the day itself.
    """
    known = FollowUp.objects.values("record_no")
    missing = Record.objects.select_related("department").filter(type=COMMITMENT, known_to=None, withdrawn=False)
    opened = sum(open_one(one, now=now) is not None for one in missing.exclude(record_no__in=known)[:_MANY])
    gone = Record.objects.filter(type=COMMITMENT, known_to=None, withdrawn=True).values("record_no")
    ended = FollowUp.objects.filter(done_at=None, record_no__in=gone).update(
        done_at=now, outcome=FollowUpOutcome.NEEDLESS, found="承诺已经撤回。"
    )
    return Swept(opened, ended, _tell(now))


def open_one(version: Record, *, now: datetime) -> FollowUp | None:
    """The task of one commitment; None where the place states no rule, or its day is not known."""
    rule = follow_up_of(settings.PACK, version.procedure)
    if rule is None or version.decided_on is None:
        return None
    due = version.valid_to if rule.days is None else version.decided_on + timedelta(days=rule.days)
    if due is None:
        return None
    made, fresh = FollowUp.objects.get_or_create(
        record_no=version.record_no,
        rule=rule.key,
        defaults={
            "region_id": version.region_id,
            "department_id": version.department_id,
            "commitment_no": version.decision_no,
            "subject_name": version.subject_name,
            "credit_code": version.subject_code,
            "title": version.title,
            "what": rule.what,
            "basis": rule.citation,
            "due_on": due,
            "opened_at": now,
        },
    )
    return made if fresh else None


def close_needless(*, record_no: int, why: str, now: datetime) -> int:
    """Nothing is left to be looked after; how many tasks ended so."""
    return FollowUp.objects.filter(record_no=record_no, done_at=None).update(
        done_at=now, outcome=FollowUpOutcome.NEEDLESS, found=why
    )


@transaction.atomic
def hand_to_breach(*, record_no: int, found: str, case_number: str, by: User, now: datetime) -> None:
    """The look showed a doubt, and a case was opened about it; open tasks of the commitment end with that."""
    done = FollowUp.objects.filter(record_no=record_no, done_at=None).update(
        done_at=now, done_by=by, outcome=FollowUpOutcome.DOUBTED, found=f"{case_number}：{found}"[:4000]
    )
    log("commitment.doubt", case_number, by.region_id, by=Actor.of(by), now=now, detail={"tasks": done})


def locked_task(follow_up: int) -> FollowUp:
    """A task that waits, held until the end of the transaction."""
    held = FollowUp.objects.select_for_update(of=("self",)).filter(pk=follow_up).first()
    if held is None:
        raise NotFound("没有这项检查。", "请从“信用承诺”页重新进入。")
    if held.done_at is not None:
        raise Conflict("这项检查已由他人办理。", "请刷新页面查看。")
    return held


def _tell(now: datetime) -> int:
    """One message a department on the day on which tasks fall due."""
    due = FollowUp.objects.select_related("department__region").filter(done_at=None, due_on=today(now))
    counts: dict[int, int] = {}
    departments = {}
    for one in due:
        counts[one.department_id] = counts.get(one.department_id, 0) + 1
        departments[one.department_id] = one.department
    for number, count in counts.items():
        send_message(
            to=departments[number], title="信用承诺到了检查的日期", text=f"今天有 {count} 份承诺应当检查。", link=LINK,
            by=SWEEPER, now=now,
        )  # fmt: skip
    return len(counts)

"""What followed from the demo county's lists over three weeks: notices, measures, tasks in every state, checks.

Everything is done by the officers the county has; departments without one have not answered, as happens.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.home import Home
from xinheng.checks.actions import Answered, Asked, answer_checks, give_feedback
from xinheng.checks.actions.feedback import Done as Outcome
from xinheng.checks.asking import Asker, errand, question
from xinheng.effects.models import ServiceMethod
from xinheng.ledger.models import Batch
from xinheng.measures import actions as measures
from xinheng.measures.actions import Done
from xinheng.measures.engine import work_through
from xinheng.measures.models import MeasureTask, Notice
from xinheng.people.models import User
from xinheng.proceedings.actions import Application, move, open_case
from xinheng.proceedings.models import CaseChannel
from xinheng.register.models import LifeCycle, Organisation, Record
from xinheng.site.setting_up import DEMO

CLERK, SECOND, MARKET = "lin.xinyu", "zhou.ming", "he.shuo"
EARLY_DAYS, SERVED_DAYS, ANSWERED_DAYS, CHASED_DAYS, CHECKED_DAYS = 24, 22, 16, 4, 2
EARLY_PER_LIST = 4
LISTS = ("L01", "L02", "L03", "L04", "L05")
SERVICES: tuple[tuple[ServiceMethod, str], ...] = (
    (ServiceMethod.DIRECT, "送达回证（虚构）第{number}号，由单位前台签收"),
    (ServiceMethod.MAIL, "邮政专递（虚构）EY99000{number}CN，已签收"),
    (ServiceMethod.LEFT, "留置送达记录（虚构）第{number}号，社区工作人员在场"),
)
MATTERS = (
    ("专项资金项目申报审核", "不予安排，已书面告知", 200_000_00),
    ("年度抽查计划", "列入重点抽查，抽查比例按计划提高", None),
    ("评先评优资格核查", "不列入候选名单", None),
)
TREATMENTS = (
    (LifeCycle.OPERATING, "已约谈，承诺三个月内履行义务，按月跟踪", "约谈记录（虚构）第1号"),
    (LifeCycle.OPERATING, "指导申请信用修复，已提交材料", "修复申请（虚构）"),
    (LifeCycle.LOST, "登记住所无人，转登记机关列入经营异常名录", "现场核查记录（虚构）第3号"),
    (LifeCycle.BANKRUPT, "已受理破产清算，等待终结后移出", "受理裁定（虚构）"),
)


def live_through(home: Home, *, now: datetime) -> None:
    """Let some entries run their course since three weeks ago, and announce what follows from all others today."""
    _announce(now)
    _serve(now)
    _answer(now)
    measures.chase_tasks(now=now - timedelta(days=CHASED_DAYS))
    _govern(now)
    _check(home, now)
    work_through(record_nos=None, now=now)


def _announce(now: datetime) -> None:
    """The notices of a few entries of each list that had been received by then."""
    then = now - timedelta(days=EARLY_DAYS)
    sent = Batch.objects.filter(type="serious_list", received_at__lt=then).values("number")
    known = Record.objects.filter(
        type="serious_list", known_to=None, withdrawn=False, gate="open", batch_no__in=sent, valid_to__gt=today(now)
    )
    numbers: list[int] = []
    for key in LISTS:
        listed = known.filter(list_key=key).order_by("record_no").values_list("record_no", flat=True)
        numbers += listed[:EARLY_PER_LIST]
    work_through(record_nos=numbers, now=then)


def _serve(now: datetime) -> None:
    """Three of four are served, each in its way; one nobody has reached yet."""
    then, clerk = now - timedelta(days=SERVED_DAYS), _officer(CLERK)
    waiting = list(Notice.objects.filter(closed_at=None, service_id=None).order_by("pk").values_list("pk", flat=True))
    for place, notice in enumerate(waiting):
        if place % 4 < len(SERVICES):
            method, evidence = SERVICES[place % 4]
            measures.serve_notices(
                notices=[notice], method=method, served_on=today(then), evidence=evidence.format(number=101 + place),
                by=clerk, now=then,
            )  # fmt: skip


def _answer(now: datetime) -> None:
    """Signed for, carried out, refused with the reason, or not a word: in turn, by those who have a login."""
    then = now - timedelta(days=ANSWERED_DAYS)
    for username in (CLERK, MARKET):
        officer = _officer(username)
        own = MeasureTask.objects.filter(department=officer.department).order_by("pk")
        for place, task in enumerate(own.values_list("pk", flat=True)):
            _say(task, place, by=officer, now=then)
    objected = MeasureTask.objects.filter(feedback__isnull=False).order_by("-pk").first()
    if objected is not None:
        _object(objected.record_no, now)


def _say(task: int, place: int, *, by: User, now: datetime) -> None:
    if place % 4 == 0:
        return
    if place % 4 == 1:
        measures.accept_task(task=task, by=by, now=now)
    elif place % 8 == 2:
        reason = "该单位已迁往外县，本部门没有可以执行的事项。"
        measures.cannot_execute(task=task, reason=reason, by=by, now=now)
    else:
        item, note, amount = MATTERS[place % len(MATTERS)]
        number = f"云示函〔{now.year}〕{30 + place}号（虚构）"
        done = Done(today(now), item, amount, number, note)
        measures.accept_task(task=task, by=by, now=now)
        measures.feed_back(task=task, done=done, by=by, now=now)


def _object(record_no: int, now: datetime) -> None:
    """One of them objects at the counter: what departments here carry out rests while it is examined."""
    then, clerk = now - timedelta(days=3), _officer(CLERK)
    application = Application(
        procedure="objection", record_no=record_no, channel=CaseChannel.COUNTER,
        stated={"ground": "revoked", "statement": "列入所依据的决定已经变更（虚构），请核实。"},
        identified="核对了营业执照和授权委托书（虚构）", entry=uuid.uuid4(),
    )  # fmt: skip
    case = open_case(application=application, by=clerk, now=then).case
    move(case=case.pk, event="accept", stated={}, by=clerk, now=then)


def _govern(now: datetime) -> None:
    """What the office found about the first of the listed."""
    then, clerk = now - timedelta(days=CHECKED_DAYS), _officer(CLERK)
    subjects = list(
        dict.fromkeys(Notice.objects.filter(closed_at=None).order_by("pk").values_list("subject_no", flat=True))
    )
    for subject, (situation, treatment, evidence) in zip(subjects, TREATMENTS, strict=False):
        measures.note_treatment(
            subject_no=subject, situation=situation, treatment=treatment, evidence=evidence, by=clerk, now=then
        )


def _check(home: Home, now: datetime) -> None:
    """The counter of two departments over two days: restrained ones and others, and what was done about it."""
    restrained = list(
        MeasureTask.objects.filter(closed_at=None).order_by("pk").values_list("credit_code", flat=True).distinct()
    )
    others = Organisation.objects.exclude(credit_code__in=restrained).exclude(credit_code=None).order_by("pk")
    codes = [*restrained[:4], *others.values_list("credit_code", flat=True)[:6]]
    for place, code in enumerate(codes):
        then = now - timedelta(hours=44 - 4 * place)
        username, item = ((MARKET, "SP-XK-01"), (CLERK, "CZ-ZJ-01"))[place % 2]
        _ask(home, str(code), item, place, by=_officer(username), now=then)


def _ask(home: Home, code: str, item: str, place: int, *, by: User, now: datetime) -> None:
    at = by.department
    asker = Asker(Actor.of(by), at.region_id, by.region.code, at.pk, at.code, at.name)
    about = errand(asker=asker, item=item, case_no=f"办件{now:%Y%m%d}-{place + 1:03d}", purpose="service", pack=DEMO)
    answers = answer_checks(asked=[Asked(question(about, code))], pack=DEMO, home=home, now=now)
    for answered in answers:
        if isinstance(answered, Answered) and answered.facts["measures"]:
            done = _outcomes([str(one["key"]) for one in answered.facts["measures"]], place)
            give_feedback(
                number=str(answered.facts["number"]),
                region_id=at.region_id,
                department_id=at.pk,
                done=done,
                by=Actor.of(by),
                now=now,
            )


def _outcomes(keys: Sequence[str], place: int) -> list[Outcome]:
    if place % 4 == 3:
        return [Outcome(key, "not_applied", "申请人当场撤回了申请") for key in keys]
    return [Outcome(key, "applied", "按一般程序办理", f"云示办〔2026〕{place + 1}号（虚构）") for key in keys]


def _officer(username: str) -> User:
    return User.objects.select_related("region", "department").get(username=username)

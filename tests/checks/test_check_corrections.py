"""A measure applied at a counter that never should have been: whoever applied it is asked to put it right, once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from tests.checks.counter import LISTED, LISTED_NAME, TODAY, Counter
from tests.world import NOW, SYSTEM

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.checks.actions import ask_corrections, give_feedback, put_check_right
from xinheng.checks.actions.feedback import Done
from xinheng.checks.models import CheckCorrection, CheckFeedback
from xinheng.effects.actions import end_effects, undo_measures
from xinheng.effects.models import Effect, EndReason, Kind
from xinheng.measures.actions import annul_measure
from xinheng.people.models import Message

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def listed(counter: Counter) -> Counter:
    """The company is on the list, and one measure follows."""
    counter.publish_measures()
    counter.restrain()
    return counter


def applied(counter: Counter, outcome: str = "applied", *, now: datetime = NOW) -> str:
    """The number of a check after which the market authority told what it did."""
    number: str = counter.ask(LISTED, now=now)["number"]
    tell(counter, number, outcome, now=now)
    return number


def tell(counter: Counter, number: str, outcome: str, *, now: datetime = NOW) -> None:
    asker = counter.asker
    give_feedback(
        number=number, region_id=asker.region_id, department_id=asker.department_id,
        done=[Done("D-3", outcome, "当事人撤回申请" if outcome == "not_applied" else "")], by=asker.actor, now=now,
    )  # fmt: skip


def restraint() -> int:
    return Effect.objects.get(kind=Kind.RESTRAINT).pk


def found_wrong(counter: Counter, *, now: datetime = LATER) -> None:
    annul_measure(
        effect=restraint(), reason="异议〔2026〕3号：不在条款之列", by=counter.world.officer("lin.xinyu"), now=now
    )


def test_who_applied_a_wrong_measure_is_asked_once_to_put_it_right(listed: Counter):
    number = applied(listed)
    assert ask_corrections(now=NOW) == 0

    found_wrong(listed)

    assert (ask_corrections(now=LATER), ask_corrections(now=LATER)) == (1, 0)
    asked = CheckCorrection.objects.get()
    assert (asked.feedback.request_number, asked.department_id) == (number, listed.asker.department_id)
    assert asked.due_on > TODAY
    told = Message.objects.get(department_id=listed.asker.department_id, link="/desk/checks/corrections")
    assert "1 项措施自始不当" in told.title
    assert AuditEvent.objects.filter(act="check.ask_correction", detail={"corrections": 1}).count() == 1


def test_a_measure_found_wrong_after_it_ended_is_put_right_too(listed: Counter):
    applied(listed)
    end_effects(effect_ids=[restraint()], reason=EndReason.REPAIRED, why="修复", by=SYSTEM, now=LATER, today=TODAY)
    assert ask_corrections(now=LATER) == 0

    undo_measures(effect_ids=[restraint()], why="处罚被确认违法", by=SYSTEM, now=LATER)

    assert ask_corrections(now=LATER) == 1


def test_nobody_is_asked_who_did_nothing(listed: Counter):
    applied(listed, "not_applied")
    found_wrong(listed)
    assert ask_corrections(now=LATER) == 0


def test_the_last_feedback_counts(listed: Counter):
    number = applied(listed)
    tell(listed, number, "not_applied", now=NOW + timedelta(minutes=5))
    found_wrong(listed)
    assert ask_corrections(now=LATER) == 0


def test_what_a_measure_that_rightly_ended_brought_about_stays(listed: Counter):
    applied(listed)
    end_effects(effect_ids=[restraint()], reason=EndReason.WITHDRAWN, why="移出", by=SYSTEM, now=LATER, today=TODAY)
    assert ask_corrections(now=LATER) == 0


def test_the_same_feedback_again_is_noted_once(listed: Counter):
    number = applied(listed)
    tell(listed, number, "applied")
    assert CheckFeedback.objects.count() == 1
    tell(listed, number, "not_applied")
    tell(listed, number, "applied")
    assert list(CheckFeedback.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "applied", "not_applied", "applied",
    ]  # fmt: skip


@pytest.fixture
def asked(listed: Counter) -> Counter:
    applied(listed)
    found_wrong(listed)
    ask_corrections(now=LATER)
    return listed


def test_the_department_says_how_and_only_once(asked: Counter):
    line = CheckCorrection.objects.get()
    clerk = asked.world.officer("he.shuo")
    with pytest.raises(WrongUsage, match="怎样纠正"):
        put_check_right(correction=line.pk, what=" ", by=clerk, now=LATER)
    put_check_right(correction=line.pk, what="已恢复告知承诺，通知企业重新申请", by=clerk, now=LATER)
    line.refresh_from_db()
    assert (line.done_by, line.what) == (clerk.display_name, "已恢复告知承诺，通知企业重新申请")
    with pytest.raises(Conflict, match="已经登记"):
        put_check_right(correction=line.pk, what="再次", by=clerk, now=LATER)


def test_another_department_has_nothing_to_put_right(asked: Counter):
    with pytest.raises(NotFound, match="没有要求贵部门"):
        put_check_right(
            correction=CheckCorrection.objects.get().pk, what="已恢复", by=asked.world.officer("lin.xinyu"), now=LATER
        )


def test_the_database_keeps_no_correction_without_who_and_how(asked: Counter):
    with pytest.raises(IntegrityError, match="check_correction_says_who_did_what"), transaction.atomic():
        CheckCorrection.objects.update(done_at=LATER)


def test_the_page_lists_what_is_open_and_takes_the_answer(asked: Counter, client: Client):
    with time_machine.travel(LATER, tick=False):
        client.force_login(asked.world.officer("he.shuo"), backend="django.contrib.auth.backends.ModelBackend")
        line = CheckCorrection.objects.get()
        page = client.get("/desk/checks/corrections").content.decode()
        assert "待纠正" in page
        assert LISTED in page
        assert LISTED_NAME in page
        assert "（D-3）" in page
        client.post(f"/desk/checks/corrections/{line.pk}", {f"{line.pk}-what": "已恢复"})
        page = client.get("/desk/checks/corrections").content.decode()
        assert "已纠正" in page
        assert "已恢复" in page


def test_the_other_departments_page_is_empty(asked: Counter, client: Client):
    with time_machine.travel(LATER, tick=False):
        client.force_login(asked.world.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
        assert "没有需要纠正的措施" in client.get("/desk/checks/corrections").content.decode()

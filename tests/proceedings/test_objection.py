"""An objection from the first word to the end, and what the public sees meanwhile."""

import pytest
from tests.proceedings.cases import CaseWorld

from xinheng.base.errors import Conflict, Refused
from xinheng.effects.models import Effect
from xinheng.proceedings.actions import confirm, move, propose
from xinheng.proceedings.models import Case, CaseDocument, CaseEvent, Deadline
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db


def forwarded(county: CaseWorld) -> Case:
    case = county.objection().case
    county.step(case, "accept")
    county.step(case, "forward")
    return case


def answered(county: CaseWorld, finding: str = "right") -> Case:
    case = forwarded(county)
    county.step(case, "answer", by=county.source, finding=finding, answer="核对了案卷")
    return case


def heard(county: CaseWorld) -> Case:
    case = answered(county)
    county.step(case, "notify_rejection", reason="案卷与公示一致")
    county.step(case, "state", statement="我们仍然认为写错了")
    return case


def test_the_record_is_marked_from_acceptance_on_and_not_before(county: CaseWorld) -> None:
    case = county.objection().case
    assert county.shown().mark == ""
    county.step(case, "accept")
    assert county.shown().mark == "异议处理中"


def test_an_upheld_objection_takes_the_record_away_at_once_and_the_ledger_follows(county: CaseWorld) -> None:
    case = answered(county, finding="wrong")
    county.step(case, "uphold", remedy="withdraw", reason="数额录入有误")
    assert county.shown() is None
    assert set(Effect.objects.values_list("end_reason", flat=True)) == {"objection_upheld"}
    county.step(case, "correct")
    case.refresh_from_db()
    assert case.state == "corrected"
    assert case.closed_at is not None
    assert Record.objects.get(record_no=county.record_no, known_to=None).withdrawn


def test_a_rejection_needs_notice_statement_and_two_persons(county: CaseWorld) -> None:
    case = heard(county)
    with pytest.raises(Refused, match="须由两人办理"):
        county.step(case, "reject", reason="案卷与公示一致")
    made = propose(case=case.pk, event="reject", stated={"reason": "案卷与公示一致"}, by=county.clerk, now=county.now)
    with pytest.raises(Refused, match="不同的人"):
        confirm(proposal=made.pk, by=county.clerk, now=county.now)
    confirm(proposal=made.pk, by=county.second, now=county.now)
    case.refresh_from_db()
    assert case.state == "rejected"
    assert county.shown().mark == ""
    last = CaseEvent.objects.filter(case=case).latest("pk")
    assert (last.proposed_by, last.actor_name) == ("林信予", "周明")
    decision = CaseDocument.objects.filter(case=case).latest("pk")
    assert "行政复议" in decision.paragraphs[-1]


def test_a_rejection_cannot_come_before_the_hearing(county: CaseWorld) -> None:
    case = answered(county)
    with pytest.raises(Conflict):
        propose(case=case.pk, event="reject", stated={"reason": "不成立"}, by=county.clerk, now=county.now)


def test_deadlines_run_by_working_days_and_extend_once(county: CaseWorld) -> None:
    case = forwarded(county)
    due = Deadline.objects.get(case=case, closed_at=None)
    assert (due.key, str(due.due_on)) == ("verification", "2026-11-27")
    county.step(case, "extend", by=county.source, reason="要调阅旧档案")
    due.refresh_from_db()
    assert str(due.due_on) == "2026-12-04"
    with pytest.raises(Refused, match="只能办理一次"):
        county.step(case, "extend", by=county.source, reason="再要几天")


def test_the_same_ground_is_open_only_once(county: CaseWorld) -> None:
    county.objection()
    with pytest.raises(Conflict, match="正在办理"):
        county.objection()
    assert county.objection(ground="not_mine").case.number == "信异〔2026〕0002号"


def test_a_department_does_not_decide_an_objection_to_its_own_statement(county: CaseWorld) -> None:
    case = answered(county)
    with pytest.raises(Refused, match="不由您办理"):
        move(case=case.pk, event="uphold", stated={}, by=county.source, now=county.now)

"""An objection from the first word to the end, and what the public sees meanwhile."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.intake.intake_rows import penalty
from tests.proceedings.cases import CaseWorld
from tests.world import table

from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.effects.actions import measure_terms, note_service
from xinheng.effects.models import Effect, ServiceMethod, Suspension
from xinheng.people.models import Message
from xinheng.proceedings.actions import confirm, cover_leave, hand_over, move, propose
from xinheng.proceedings.actions.daily import Looked, daily_look
from xinheng.proceedings.models import Case, CaseDocument, CaseEvent, Deadline
from xinheng.proceedings.queries import case_list, objection_figures
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


def test_an_amendment_sent_meanwhile_carries_the_mark(county: CaseWorld) -> None:
    forwarded(county)
    county.world.batch(table([penalty(1, 处罚内容="罚款人民币壹万元", **{"罚款金额(万元)": "1"})]), "penalty")
    assert county.shown().mark == "异议处理中"
    assert dict(county.shown().fields)["罚款金额(万元)"] == "1"


def test_an_upheld_objection_that_is_amended_is_hidden_until_the_right_content_is_there(county: CaseWorld) -> None:
    case = answered(county, finding="wrong")
    county.step(case, "uphold", remedy="amend", reason="数额录入有误")
    assert county.shown() is None
    with pytest.raises(Refused, match="还没有报送更正后的内容"):
        county.step(case, "correct")
    county.world.now = county.now + timedelta(hours=1)
    amended = penalty(1, 处罚内容="罚款人民币壹万元", **{"罚款金额(万元)": "1"})
    county.world.batch(table([amended]), "penalty")
    county.step(case, "correct")
    assert dict(county.shown().fields)["罚款金额(万元)"] == "1"
    assert county.shown().mark == ""


def test_the_same_ground_once_examined_marks_no_more(county: CaseWorld) -> None:
    case = forwarded(county)
    county.step(case, "withdraw", reason="先撤回")
    assert county.shown().mark == ""
    again = county.objection().case
    county.step(again, "accept")
    assert county.shown().mark == ""
    other = county.objection(ground="not_public").case
    county.step(other, "accept")
    assert county.shown().mark == "异议处理中"


def test_a_measure_of_this_region_rests_meanwhile(county: CaseWorld) -> None:
    restraint = restrain(county)
    case = county.objection().case
    county.step(case, "accept")
    assert Suspension.objects.get(effect_id=restraint).hides
    county.step(case, "withdraw", reason="先撤回")
    assert Suspension.objects.get(effect_id=restraint).resumed_at is not None


def test_a_measure_that_goes_on_meanwhile_is_only_marked(county: CaseWorld) -> None:
    restraint = restrain(county, rests=False)
    case = county.objection().case
    county.step(case, "accept")
    assert not Suspension.objects.get(effect_id=restraint).hides


def test_the_daily_look_moves_reminds_and_escalates_once(county: CaseWorld) -> None:
    case = answered(county)
    county.step(case, "notify_rejection", reason="与案卷一致")
    assert daily_look(now=county.now) == Looked(0, 0, 0, 0)
    county.later(4)
    assert daily_look(now=county.now).warned == 1
    assert daily_look(now=county.now).warned == 0
    county.later(2)
    assert daily_look(now=county.now).moved == 1
    case.refresh_from_db()
    assert case.state == "heard"
    county.later(12)
    looked = daily_look(now=county.now)
    assert (looked.overdue, looked.escalated) == (1, 1)
    assert Message.objects.filter(officer__username="su.jin", title__contains="逾期").count() == 1
    assert daily_look(now=county.now) == Looked(0, 0, 0, 0)


def test_what_happened_cannot_be_changed_not_even_by_a_statement(county: CaseWorld) -> None:
    case = forwarded(county)
    for statement in (
        "UPDATE proceedings_caseevent SET actor_name = '别人'",
        "DELETE FROM proceedings_caseevent",
        "UPDATE proceedings_casedocument SET title = '别的'",
        "DELETE FROM proceedings_attachment",
        "DELETE FROM proceedings_case",
        f"UPDATE proceedings_case SET record_no = 1 WHERE id = {case.pk}",
    ):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_leave_is_covered_and_a_case_is_handed_over(county: CaseWorld) -> None:
    case = county.objection().case
    hand_over(case=case.pk, to=county.clerk, by=county.clerk, now=county.now)
    first, last = county.now.date(), county.now.date() + timedelta(days=5)
    cover_leave(officer=county.clerk, substitute=county.second, first_day=first, last_day=last, by=county.second,
                now=county.now)  # fmt: skip
    county.step(case, "accept")
    county.step(case, "forward")
    county.step(case, "answer", by=county.source, finding="right", answer="核对过")
    told = Message.objects.filter(officer=county.second, title__contains="答复核实结果")
    assert told.count() == 1
    mine = case_list(county.world.scope, parties=frozenset({"office"}), user_id=county.second.pk,
                     today=county.now.date(), show="mine")  # fmt: skip
    assert [one.number for one in mine] == [case.number]


def test_figures_count_what_was_upheld_and_how_long_it_took(county: CaseWorld) -> None:
    case = answered(county, finding="wrong")
    county.step(case, "uphold", remedy="withdraw", reason="录入有误")
    county.later(3)
    county.step(case, "correct")
    found = objection_figures(county.world.scope, first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert (found.received, found.closed, found.upheld, found.published) == (1, 1, 1, 1)
    assert found.mean_days == "2.00"
    assert found.days_met
    assert not found.ratio_met


def restrain(county: CaseWorld, *, rests: bool = True) -> int:
    """A measure of this region that hangs on the record, as later packages will write them."""
    publication = Effect.objects.get(kind="publication")
    record = Record.objects.get(pk=publication.record_id)
    note_service(
        region_id=record.region_id, records=[(record.record_no, record.subject_no)], method=ServiceMethod.DIRECT,
        served_on=publication.starts - timedelta(days=1), evidence="送达回证1号", by=Actor.of(county.clerk),
        now=county.now, today=county.now.date(),
    )  # fmt: skip
    terms = measure_terms(
        measure_key="no-award", edition="2026", list_key="L04", title="限制参加评先评优", executing_body="各部门",
        applies_to="严重失信主体", rests=rests,
    )  # fmt: skip
    made = Effect.objects.create(
        region_id=publication.region_id, subject_no=publication.subject_no, kind="restraint",
        record_id=publication.record_id, basis_set_id=publication.basis_set_id, starts=publication.starts,
        ends=publication.ends, created_at=county.now, terms_id=terms,
    )  # fmt: skip
    return made.pk

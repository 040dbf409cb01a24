"""Repair: told before anybody applies, decided above, carried out here, and gone for good."""

from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from tests.intake.intake_rows import penalty
from tests.proceedings.cases import CaseWorld, build
from tests.world import OFFICE, World, table

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Refused
from xinheng.base.scope import PUBLIC
from xinheng.effects.models import Effect
from xinheng.proceedings.actions import confirm, import_results, propose
from xinheng.proceedings.actions.daily import daily_look
from xinheng.proceedings.models import Case, Deadline, RepairCommitment
from xinheng.proceedings.queries import repair_eligibility, repair_figures
from xinheng.proceedings.repair_rules import load_repair_rules
from xinheng.proceedings.stating import StatedWrong
from xinheng.register.models import Gate, Record

pytestmark = pytest.mark.django_db


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=SHANGHAI)


@pytest.fixture
def early(world: World) -> CaseWorld:
    """A fine of 3 June 2026; a general one, public for a year, repairable after three months."""
    world.now = on("2026-08-20")
    return build(world, decided=date(2026, 6, 3))


def approved(county: CaseWorld) -> Case:
    case = county.repair().case
    county.step(case, "forward", upper_no="XYZG2026001")
    county.step(case, "record_acceptance", act_on="2026-09-03")
    county.step(case, "record_approval", act_no="云修〔2026〕5号", act_on="2026-09-03")
    return case


def test_the_day_from_which_a_repair_may_be_applied_for_is_told_beforehand(early: CaseWorld) -> None:
    told = repair_eligibility(PUBLIC, early.record_no, as_at=date(2026, 8, 20))
    assert told.sentence == "自2026年9月3日起可以申请。"
    assert not told.may_apply
    assert "最短公示 3 个月" in told.reasons[0]
    assert [kind for kind, _ in told.materials] == ["proof", "commitment"]
    with pytest.raises(Refused, match="自2026年9月3日起可以申请"):
        early.repair()


def test_on_the_day_it_may_be_applied_for_with_two_materials(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = early.repair().case
    assert case.number == "信修〔2026〕0001号"
    assert RepairCommitment.objects.get(case=case).signed_by == case.subject_name
    with pytest.raises(Refused, match="履行法定义务的证明"):
        early.open("repair", {"signed_by": case.subject_name})


def test_the_commitment_is_signed_in_the_organisations_own_name(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    with pytest.raises(StatedWrong, match="应与登记的名称一致"):
        early.open("repair", {"signed_by": "别的公司"}, uploads=[early.upload()])
    assert not Case.objects.exists()


def test_the_result_from_above_is_carried_out_within_three_working_days(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = approved(early)
    due = Deadline.objects.get(case=case, closed_at=None)
    assert (due.key, due.due_on) == ("execution", date(2026, 9, 8))
    early.world.now = on("2026-09-07")
    early.step(case, "execute")
    assert early.shown() is None
    assert Effect.objects.get(kind="publication").end_reason == "repaired"
    assert Record.objects.get(record_no=early.record_no, known_to=None).withdrawn is False
    figures = repair_figures(early.world.scope, first=date(2026, 9, 1), last=date(2026, 9, 30))
    assert (figures.repaired, figures.local_mean_days_in_hundredths, figures.late) == (1, 200, 0)


def test_what_was_repaired_does_not_come_back_with_one_changed_character(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = approved(early)
    early.step(case, "execute")
    for changed in (
        penalty(1, 处罚决定日期="2026/06/03", 违法事实="现场检查时没有进货查验记录。"),
        penalty("1 ", 处罚决定日期="2026/06/03"),
        penalty("2", 处罚决定日期="2026/06/03"),
        penalty("I", 处罚决定日期="2026/06/04", 违法行为类型="未执行进货查验制度"),
    ):
        early.world.batch(table([changed]), "penalty")
        assert not Effect.objects.filter(kind="publication", ended_at=None).exists(), changed
    assert set(Record.objects.filter(known_to=None, batch_no__gt=2).values_list("gate", flat=True)) == {Gate.RETURNED}


def test_what_ran_out_meanwhile_needs_no_repair(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = early.repair().case
    daily_look(now=on("2027-06-03"))
    case.refresh_from_db()
    assert case.state == "lapsed"


def test_the_county_does_not_decide_what_it_is_not_the_body_for(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    with pytest.raises(Refused, match="经全国统一入口"):
        early.step(early.repair().case, "take_locally")


def test_results_of_the_national_entrance_are_imported_row_by_row(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = early.repair().case
    early.step(case, "forward", upper_no="XYZG2026001")
    headings = ("案号", "受理编号", "结果", "文书号", "日期", "理由")
    cells = [
        ("", "XYZG2026001", "准予修复", "云修〔2026〕5号", "2026/9/3", ""),
        ("信修〔2026〕0099号", "", "准予修复", "", "", ""),
        (case.number, "", "照准", "", "2026/9/3", ""),
    ]
    lines = [dict(zip(headings, one, strict=True)) for one in cells]
    path = early.upload(table(lines).encode("gb18030")).path
    told = import_results(path=path, by=early.clerk, now=early.now)
    assert [one.taken for one in told] == [True, False, False]
    assert "没有找到" in told[1].why
    assert "不是认得的结果" in told[2].why
    case.refresh_from_db()
    assert case.state == "approved"
    assert not any(one.taken for one in import_results(path=path, by=early.clerk, now=early.now))


def test_a_workbook_of_results_is_read_too(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = early.repair().case
    early.step(case, "forward", upper_no="XYZG2026001")
    book = openpyxl.Workbook()
    book.active.append(["案号", "结果", "文书号", "作出日期", "理由"])
    book.active.append([case.number, "不予修复", "云修不〔2026〕1号", date(2026, 9, 3), "义务没有履行完毕"])
    path = early.upload().path
    book.save(path)
    assert [one.taken for one in import_results(path=path, by=early.clerk, now=early.now)] == [True]
    case.refresh_from_db()
    assert case.state == "refused"
    assert early.shown() is not None


def test_a_repair_found_to_rest_on_a_false_statement_is_revoked_after_a_hearing(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = approved(early)
    early.step(case, "execute")
    early.step(case, "doubt", reason="缴款凭证与财政记录不符")
    case.refresh_from_db()
    assert case.closed_at is None
    early.step(case, "explain", statement="凭证是会计误交的")
    ends = Effect.objects.get(kind="publication").ends
    stated = {"reason": "凭证不真实", "act_no": "云修撤〔2026〕1号", "act_on": "2026-09-03"}
    made = propose(case=case.pk, event="revoke", stated=stated, by=early.clerk, now=early.now)
    assert early.shown() is None
    confirm(proposal=made.pk, by=early.second, now=early.now)
    case.refresh_from_db()
    assert case.state == "revoked"
    shown = early.shown()
    assert shown is not None
    assert (shown.starts, shown.ends) == (early.now.date(), ends)
    told = repair_eligibility(PUBLIC, early.record_no, as_at=early.now.date())
    assert "公示至最长期限" in told.sentence
    with pytest.raises(Refused, match="修复已被撤销"):
        early.repair()


def test_a_revocation_by_the_deciding_body_is_recorded_by_two_persons_and_carried_out(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = approved(early)
    early.step(case, "execute")
    early.world.now = on("2026-10-09")
    stated = {"reason": "违背承诺", "act_no": "云修撤〔2026〕2号", "act_on": "2026-10-08"}
    made = propose(case=case.pk, event="record_revocation", stated=stated, by=early.clerk, now=early.now)
    confirm(proposal=made.pk, by=early.second, now=early.now)
    assert early.shown() is not None
    assert Effect.objects.get(ended_at=None).restores_id is not None


def test_nothing_returns_when_the_lawful_period_is_over_by_then(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = approved(early)
    early.step(case, "execute")
    early.world.now = on("2027-06-10")
    stated = {"reason": "违背承诺", "act_no": "云修撤〔2027〕1号", "act_on": "2027-06-09"}
    made = propose(case=case.pk, event="record_revocation", stated=stated, by=early.clerk, now=early.now)
    confirm(proposal=made.pk, by=early.second, now=early.now)
    case.refresh_from_db()
    assert (case.state, early.shown()) == ("revoked", None)


def test_what_returned_is_public_as_sent_again_meanwhile(early: CaseWorld) -> None:
    early.world.now = on("2026-09-03")
    case = approved(early)
    early.step(case, "execute")
    newer = penalty(1, 处罚决定日期="2026/06/03", 违法事实="现场检查时没有进货查验记录。")
    early.world.batch(table([newer]), "penalty")
    assert early.shown() is None
    stated = {"reason": "违背承诺", "act_no": "云修撤〔2026〕2号", "act_on": "2026-09-03"}
    made = propose(case=case.pk, event="record_revocation", stated=stated, by=early.clerk, now=early.now)
    confirm(proposal=made.pk, by=early.second, now=early.now)
    shown = early.shown()
    assert shown is not None
    assert ("违法事实", "现场检查时没有进货查验记录。") in shown.fields


@pytest.fixture
def own(world: World) -> CaseWorld:
    """A fine of the department that the pack names as the body for its own repairs, repairable from 3 September on."""
    world.now = on("2026-09-03")
    county = build(world, decided=date(2026, 6, 3))
    by_office = {
        "处罚机关": OFFICE.name, "处罚机关统一社会信用代码": OFFICE.code, "数据来源单位": OFFICE.name,
        "数据来源单位统一社会信用代码": OFFICE.code, "处罚决定日期": "2026/06/03",
    }  # fmt: skip
    world.batch(table([penalty(9, **by_office)]), "penalty", department=OFFICE.code)
    record = Record.objects.get(department__code=OFFICE.code, type="penalty")
    return replace(county, record_no=record.record_no)


def test_where_the_pack_names_a_local_body_it_is_told_beforehand(own: CaseWorld) -> None:
    told = repair_eligibility(PUBLIC, own.record_no, as_at=own.now.date())
    assert told.may_apply
    assert (told.local_body, told.decided_by) == (OFFICE.name, OFFICE.name)


def test_the_local_body_decides_from_application_to_execution(own: CaseWorld) -> None:
    case = own.repair().case
    own.step(case, "take_locally")
    assert Deadline.objects.get(case=case, closed_at=None).key == "local_decision"
    made = propose(case=case.pk, event="approve_locally", stated={"reason": "已缴清罚款"}, by=own.clerk, now=own.now)
    confirm(proposal=made.pk, by=own.second, now=own.now)
    own.world.now = on("2026-09-07")
    own.step(case, "execute")
    assert own.shown() is None
    figures = repair_figures(own.world.scope, first=date(2026, 9, 1), last=date(2026, 9, 30))
    assert (figures.repaired, figures.local_mean_days, figures.late, figures.local_limit) == (1, "2.00", 0, 3)


def test_the_local_body_refuses_only_after_hearing(own: CaseWorld) -> None:
    case = own.repair().case
    own.step(case, "take_locally")
    own.step(case, "notify_refusal", reason="整改没有完成")
    own.step(case, "state", statement="已补交验收材料")
    made = propose(case=case.pk, event="refuse_locally", stated={"reason": "验收不合格"}, by=own.clerk, now=own.now)
    confirm(proposal=made.pk, by=own.second, now=own.now)
    case.refresh_from_db()
    assert case.state == "refused"
    assert own.shown() is not None


def test_before_the_rule_is_in_force_there_is_no_local_body() -> None:
    (rule,) = [one for one in load_repair_rules("demo") if one.key == "order-36"]
    assert rule.local_body("penalty", OFFICE.code, date(2026, 3, 31)) == ""
    assert rule.local_body("penalty", OFFICE.code, date(2026, 4, 1)) == OFFICE.code
    assert rule.local_body("licence", OFFICE.code, date(2026, 4, 1)) == ""


def test_no_shipped_national_rule_names_a_local_body_or_executes_what_is_not_verified() -> None:
    for rule in load_repair_rules("national"):
        assert rule.local == ()
        assert rule.after_revocation is None or not rule.after_revocation.verified

"""Complaints, reconsideration, litigation: what another body orders rests, what it annuls is made good everywhere."""

import uuid
from datetime import date

import pytest
from tests.intake.intake_rows import SHOP, penalty
from tests.people.test_organisation_users import MILL, join, word_for
from tests.proceedings.cases import CaseWorld
from tests.world import SYSTEM, table

from xinheng.base.errors import NotFound, Refused
from xinheng.effects.actions import hand_over, named_recipient
from xinheng.effects.models import Effect, EndReason, Kind, RecipientKind, Retraction
from xinheng.people.models import Message
from xinheng.proceedings.actions import Application, confirm, open_case, propose
from xinheng.proceedings.models import Case, CaseChannel, CaseDocument, Deadline
from xinheng.proceedings.stating import StatedWrong
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
LAWSUIT = {
    "kind": "litigation",
    "body": "云屿县人民法院",
    "body_no": "（2026）演01行初3号",
    "accepted_on": "2026-11-20",
}
RULING = {"act_no": "（2026）演01行初3号之一", "act_on": "2026-11-20"}
JUDGMENT = {"act_no": "（2026）演01行初3号", "act_on": "2026-11-21", "reason": "处罚主体错误"}


def given_to(county: CaseWorld, name: str = "上级平台") -> None:
    """The record as it is public goes to somebody outside."""
    effect = Effect.objects.get(kind=Kind.PUBLICATION, ended_at=None)
    to = named_recipient(region=county.world.region, kind=RecipientKind.UPPER_PLATFORM, name=name, now=county.now)
    hand_over(recipient=to, title="上报文件", record_ids=[effect.record_id or 0], by=SYSTEM, now=county.now)


def lawsuit(county: CaseWorld) -> Case:
    """A lawsuit against the fine, registered with its papers."""
    uploads = [county.upload(kind=kind, name=f"{kind}.pdf", content=b"%PDF-1.7 " + kind.encode()) for kind in
               ("notice", "ruling")]  # fmt: skip
    case = county.open("remedy", LAWSUIT, uploads=uploads).case
    county.step(case, "register")
    return case


def both(county: CaseWorld, case: Case, event: str, **stated: str) -> Case:
    """A step of two persons."""
    made = propose(case=case.pk, event=event, stated=stated, by=county.clerk, now=county.now)
    confirm(proposal=made.pk, by=county.second, now=county.now)
    case.refresh_from_db()
    return case


def told() -> list[tuple[str, str]]:
    return [(one.recipient.name, one.kind.value) for one in Retraction.objects.order_by("pk")]


def test_a_lawsuit_alone_changes_nothing_and_a_stopped_execution_rests_in_every_version(county: CaseWorld) -> None:
    case = lawsuit(county)
    assert county.shown() is not None

    both(county, case, "stop_execution", **RULING)
    assert county.shown() is None
    county.world.batch(table([penalty(1, 违法事实="现场检查时没有进货查验记录，已改正")]), "penalty")
    assert county.shown() is None
    both(county, case, "resume_execution", **RULING)

    assert county.shown() is not None


def test_what_is_maintained_goes_on_and_the_decision_names_remedies(county: CaseWorld) -> None:
    case = both(county, lawsuit(county), "stop_execution", **RULING)

    county.step(case, "record_maintained", **JUDGMENT)

    assert county.shown() is not None
    assert "救济途径" in CaseDocument.objects.get(case=case, template="remedy_maintained").paragraphs[-1]


def test_what_is_annulled_never_should_have_been(county: CaseWorld) -> None:
    given_to(county)
    case = both(county, lawsuit(county), "record_annulled", **JUDGMENT)

    assert case.state == "annulled"
    assert county.shown() is None
    assert Effect.objects.get(kind="publication").end_reason == EndReason.UNFOUNDED
    assert Record.objects.get(record_no=county.record_no, known_to=None).withdrawn
    assert told() == [("上级平台", "put_right")]
    said = Message.objects.filter(credit_code=SHOP).latest("pk").text
    assert "自始不应公示" in said
    assert "深表歉意" in said
    assert "赔偿" in said


def test_who_confirmed_a_removal_before_is_still_told_that_it_was_wrong(county: CaseWorld) -> None:
    given_to(county)
    case = both(county, lawsuit(county), "stop_execution", **RULING)

    both(county, case, "record_annulled", **JUDGMENT)

    assert told() == [("上级平台", "remove"), ("上级平台", "put_right")]


def test_what_was_annulled_does_not_come_back_by_a_resend(county: CaseWorld) -> None:
    both(county, lawsuit(county), "record_annulled", **JUDGMENT)

    for changed in (penalty(1, 违法事实="改了一个字"), penalty("2"), penalty("I")):
        county.world.batch(table([changed]), "penalty")
        assert not Effect.objects.filter(kind="publication", ended_at=None).exists(), changed


def test_a_changed_decision_is_out_of_sight_until_the_department_sends_what_is_right(county: CaseWorld) -> None:
    case = lawsuit(county)
    county.step(case, "record_changed", **JUDGMENT)
    assert county.shown() is None
    with pytest.raises(Refused, match="没有报送更正后的内容"):
        county.step(case, "correct", by=county.source)

    county.later(1)
    county.world.batch(table([penalty(1, **{"罚款金额(万元)": "1", "处罚内容": "罚款人民币壹万元"})]), "penalty")
    county.step(case, "correct", by=county.source)

    shown = county.shown()
    assert shown is not None
    assert ("罚款金额(万元)", "1") in shown.fields


def test_an_overturned_objection_lets_the_record_return_for_what_is_left(county: CaseWorld) -> None:
    given_to(county)
    ends = Effect.objects.get(kind="publication").ends
    case = county.objection().case
    for event, stated in (("accept", {}), ("forward", {}), ("answer", {"finding": "wrong", "answer": "写错了"})):
        county.step(case, event, **stated)
    county.step(case, "uphold", remedy="withdraw", reason="有误")
    assert county.shown() is None

    both(county, lawsuit(county), "record_reinstated", **JUDGMENT)

    shown = county.shown()
    assert shown is not None
    assert shown.ends == ends
    assert told() == [("上级平台", "remove"), ("上级平台", "public_again")]


def test_the_deadlines_are_those_of_the_pack(county: CaseWorld) -> None:
    case = county.open("remedy", LAWSUIT, uploads=[county.upload(kind="notice")]).case
    assert Deadline.objects.get(case=case).due_on == date(2026, 11, 24)


def test_the_papers_of_the_body_that_examines_are_needed(county: CaseWorld) -> None:
    with pytest.raises(Refused, match="受理通知或者立案材料"):
        county.open("remedy", LAWSUIT)
    case = county.open("remedy", LAWSUIT, uploads=[county.upload(kind="notice")]).case
    county.step(case, "register")
    with pytest.raises(Refused, match="裁定书、决定书或者判决书"):
        propose(case=case.pk, event="record_annulled", stated=JUDGMENT, by=county.clerk, now=county.now)


def complaint(county: CaseWorld, **facts: object) -> Case:
    stated = {"about": "publication", "statement": "公示的是别家的处罚"}
    return county.open("complaint", stated, **facts).case


def test_an_upheld_complaint_puts_right_at_once_by_two_persons(county: CaseWorld) -> None:
    given_to(county)
    case = complaint(county)
    county.step(case, "ask_source")
    county.step(case, "reply", by=county.source, answer="确实弄错了")
    both(county, case, "uphold", remedy="undo", reason="弄错了单位")
    assert county.shown() is None
    assert told() == [("上级平台", "put_right")]

    county.step(case, "settle", done="部门已重新核对全部同类记录")

    assert Case.objects.get(pk=case.pk).state == "settled"
    assert "深表歉意" in "".join(CaseDocument.objects.get(case=case, template="complaint_upheld").paragraphs)


def test_a_complaint_that_a_record_was_taken_away_wrongly_puts_it_back(county: CaseWorld) -> None:
    case = county.objection().case
    for event, stated in (("accept", {}), ("forward", {}), ("answer", {"finding": "wrong", "answer": "写错了"})):
        county.step(case, event, **stated)
    county.step(case, "uphold", remedy="withdraw", reason="有误")
    of_rival = complaint(county)
    county.step(of_rival, "examine", answer="原记录正确")

    both(county, of_rival, "uphold", remedy="put_back", reason="异议处理有误")

    assert county.shown() is not None


def test_a_complaint_about_the_platform_needs_no_record_but_says_what_it_is_about(county: CaseWorld) -> None:
    with pytest.raises(Refused, match="写明所指的是什么"):
        complaint(county, record_no=None)
    case = complaint(county, record_no=None, target="11月20日窗口拒绝打印报告", credit_code=SHOP)
    assert (case.record_title, case.credit_code) == ("11月20日窗口拒绝打印报告", SHOP)
    county.step(case, "examine", answer="窗口当天停电")
    county.step(case, "notify_rejection", reason="停电所致")
    county.step(case, "state", statement="没有告示")
    both(county, case, "reject", reason="停电所致，已张贴告示")
    assert case.state == "rejected"


def test_numbers_of_persons_are_refused_in_what_it_is_about(county: CaseWorld) -> None:
    with pytest.raises(Refused, match="像证件号码"):
        complaint(county, record_no=None, target="身份证11010519491231002X的记录")


@pytest.mark.parametrize("ground", ["link", "period", "repair_result", "measure", "use", "evaluation"])
def test_objections_of_every_kind_are_taken_also_where_no_record_is_named(county: CaseWorld, ground: str) -> None:
    stated = {"ground": ground, "statement": "请核对"}
    case = county.open("objection", stated, record_no=None, target="2026年评价结果", credit_code=SHOP).case
    for event, more in (("accept", {}), ("forward", {}), ("answer", {"finding": "wrong", "answer": "有误"})):
        county.step(case, event, **more)
    county.step(case, "uphold", remedy="amend", reason="有误")
    county.step(case, "correct")
    assert Case.objects.get(pk=case.pk).state == "corrected"


def test_an_unknown_kind_is_refused(county: CaseWorld) -> None:
    with pytest.raises(StatedWrong, match="请从列表中选择"):
        county.open("objection", {"ground": "anything", "statement": "请核对"})


def test_nobody_opens_a_case_for_an_organisation_she_is_not_bound_to(county: CaseWorld) -> None:
    stranger = join(county.world, "mill.a", word_for(county.world, MILL), MILL).user
    application = Application(
        procedure="complaint", record_no=None, stated={"about": "service", "statement": "等了很久"},
        channel=CaseChannel.CENTRE, entry=uuid.uuid4(), target="窗口", credit_code=SHOP,
    )  # fmt: skip
    with pytest.raises(NotFound):
        open_case(application=application, by=stranger, now=county.now)

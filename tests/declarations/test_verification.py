"""What an organisation says of itself counts when it was verified, as long as it is valid, and never otherwise."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.declarations.declaring import SHOP, Declaring

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.declarations.declaring import DeclaredWrong, last_day
from xinheng.declarations.models import Declaration
from xinheng.declarations.queries import found_untrue, own_declarations, versions_of
from xinheng.declarations.rules import load_kinds, pledge_on
from xinheng.effects.models import Effect, EndReason
from xinheng.effects.queries import why
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.ledger.models import Channel
from xinheng.people.models import Message
from xinheng.proceedings.actions import confirm, move, propose
from xinheng.proceedings.models import Attachment, Case
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db


def test_only_what_was_verified_is_public_and_it_says_that_it_was_declared(county: Declaring):
    case = county.declare()
    assert county.public() == ()
    county.verify(case)
    (shown,) = county.public()
    assert shown.act == "自主申报（已核验）"
    assert shown.title == "食品安全管理体系认证"
    assert shown.last_day == date(2028, 3, 11)
    assert dict(shown.fields)["核验方式"] == "与发证单位公布的证书名录核对一致"
    assert next(one.text_title for one in shown.basis).startswith("云屿县")


def test_it_ends_by_itself_at_the_end_of_its_validity(county: Declaring):
    county.verify(county.declare(valid_to="2026-12-20"))
    assert county.public()
    county.later(30)
    assert county.public() == ()
    (own,) = own_declarations(county.world.scope, credit_code=SHOP, as_at=county.now.date())
    assert own.state == "有效期届满"


def test_the_pledge_is_kept_in_the_words_that_were_shown(county: Declaring):
    case = county.declare()
    kept = Declaration.objects.get(case_number=case.number)
    pledge = pledge_on("demo", county.now.date())
    assert (kept.pledge_text, kept.pledge_sha256) == (pledge.text, pledge.sha256)
    signed = AuditEvent.objects.get(act="declaration.sign")
    assert signed.detail["pledge"] == pledge.sha256


def test_a_pledge_in_another_name_keeps_nothing(county: Declaring):
    with pytest.raises(DeclaredWrong) as wrong:
        county.declare(signed_by="云屿县别家食品有限公司")
    assert "signed_by" in wrong.value.problems
    assert not Case.objects.filter(procedure="declaration").exists()


def test_no_pack_without_an_adopted_pledge_takes_declarations():
    with pytest.raises(Refused, match="承诺书"):
        pledge_on("national", date(2026, 11, 21))


def test_a_change_takes_away_what_stood_until_it_is_verified_again(county: Declaring):
    case = county.declare()
    county.verify(case)
    county.change(case, valid_to="2028-06-30")
    assert county.public() == ()
    assert [one.state for one in versions_of(county.world.scope, case.number, as_at=county.now.date())] == [
        "未核验", "已变更",
    ]  # fmt: skip
    county.verify(case)
    (shown,) = county.public()
    assert shown.last_day == date(2028, 6, 30)
    assert shown.decision_no == f"{case.number}-2"


def test_whoever_declared_takes_it_back_and_it_is_gone(county: Declaring):
    case = county.declare()
    county.verify(case)
    move(case=case.pk, event="withdraw", stated={"reason": "不再持有"}, by=county.membership.user, now=county.now)
    assert county.public() == ()
    assert Record.objects.get(type="declaration", known_to=None).withdrawn
    assert Effect.objects.get(record_id__isnull=False, ended_at__isnull=False).end_reason == EndReason.WITHDRAWN


def test_a_refusal_says_why_and_leaves_nothing_public(county: Declaring):
    case = county.declare()
    move(case=case.pk, event="refuse", stated={"reason": "证书名录中没有这个编号"}, by=county.officer(), now=county.now)
    assert county.public() == ()
    assert Message.objects.filter(credit_code=SHOP, text__contains="核验未通过").exists()
    assert case.documents.get().paragraphs[2] == "理由：证书名录中没有这个编号"
    assert not Record.objects.filter(type="declaration").exists()


def untrue(county: Declaring, case: Case) -> None:
    county.step(case, "doubt", reason="发证单位称没有发过这张证书")
    move(
        case=case.pk, event="explain", stated={"statement": "由代办机构办理"}, by=county.membership.user, now=county.now
    )
    made = propose(
        case=case.pk, event="find_untrue", stated={"reason": "发证单位书面证明"}, by=county.officer("lin.xinyu"),
        now=county.now,
    )  # fmt: skip
    confirm(proposal=made.pk, by=county.officer("zhou.ming"), now=county.now)


def test_what_is_found_untrue_ends_by_two_persons_after_the_organisation_was_heard(county: Declaring):
    case = county.declare()
    county.verify(case)
    with pytest.raises(Conflict):
        county.step(case, "find_untrue", reason="举报")
    untrue(county, case)
    assert county.public() == ()
    assert found_untrue(county.world.scope, credit_code=SHOP) == (f"食品安全管理体系认证（{case.number}）",)
    assert Message.objects.filter(credit_code=SHOP, text__contains="认定不实").exists()
    with pytest.raises(Conflict):
        county.verify(case)


def test_what_was_untrue_does_not_count_again_by_being_declared_again(county: Declaring):
    case = county.declare()
    county.verify(case)
    untrue(county, case)
    again = county.declare()
    assert again.pk != case.pk
    assert county.public() == ()


def test_why_leads_from_the_page_to_the_case_and_the_pledge(county: Declaring):
    case = county.declare()
    county.verify(case)
    (shown,) = county.public()
    told = repr(why(county.world.scope, shown.record_no, as_at=county.now.date()))
    assert case.number in told
    assert "第三十条" in told


def test_the_same_form_sent_again_is_the_same_declaration(county: Declaring):
    entry = uuid.uuid4()
    assert county.declare(entry=entry) == county.declare(entry=entry)
    assert Declaration.objects.count() == 1


def test_the_same_item_is_not_declared_twice(county: Declaring):
    county.declare()
    with pytest.raises(Conflict, match="已经申报"):
        county.declare()


def test_of_two_who_verify_the_later_is_told(county: Declaring):
    case = county.declare()
    county.verify(case)
    with pytest.raises(Conflict):
        county.verify(case, by="lin.xinyu")
    assert len(county.public()) == 1


def test_an_officer_of_another_department_finds_no_case(county: Declaring):
    case = county.declare(kind="public_service")
    assert case.department.code == county.world.officer("lin.xinyu").department.code
    with pytest.raises(NotFound):
        county.verify(case, by="he.shuo")


@pytest.mark.parametrize(
    "facts",
    [
        {"title": ""},
        {"statement": "联系人身份证 11010519491231002X"},
        {"valid_to": "2026-11-20"},
        {"valid_to": "2099-12-31"},
        {"valid_to": "明年"},
        {"obtained_on": "2027-01-01"},
        {"title": "长" * 201},
    ],
)
def test_what_cannot_be_right_is_told_by_field_and_not_kept(county: Declaring, facts: dict[str, str]):
    with pytest.raises(DeclaredWrong) as wrong:
        county.declare(**facts)
    assert set(wrong.value.problems) == set(facts)
    assert not Declaration.objects.exists()


def test_without_evidence_nothing_is_taken(county: Declaring):
    with pytest.raises(Refused, match="证明材料"):
        county.declare(uploads=[])


def test_a_disguised_file_is_refused(county: Declaring):
    with pytest.raises(Refused, match="不是可以接收的格式"):
        county.declare(uploads=[county.upload(b"MZ\x90\x00program", "证书.pdf")])
    assert not Attachment.objects.exists()


def test_a_declaration_that_ran_out_meanwhile_is_not_verified(county: Declaring):
    case = county.declare(valid_to="2026-11-23")
    county.later(5)
    with pytest.raises(Refused, match="有效期已于"):
        county.verify(case)
    assert not Record.objects.filter(type="declaration").exists()


def test_nobody_delivers_declarations_as_a_file(county: Declaring):
    path = county.world.home.tmp / "declared.csv"
    path.write_text("申报单位名称,统一社会信用代码,申报编号\n云屿县浮光食品有限公司,91990001MA0000TE6B,信报1号\n")
    sender = Sender(county.officer().department, Channel.DESK, Actor.of(county.officer()))
    with pytest.raises(Refused, match="不能报送"):
        receive(path=path, file_name="申报.csv", type="declaration", sender=sender, now=county.now)


@given(months=st.integers(1, 130), day=st.dates(date(2026, 1, 1), date(2031, 12, 31)))
@settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_the_last_day_lies_within_the_longest_time_and_is_a_real_day(months: int, day: date):
    kind = replace(load_kinds("demo")["contract"], longest_months=months)
    found = last_day(kind, day)
    assert day < found <= day + timedelta(days=31 * months)

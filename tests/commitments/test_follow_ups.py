"""Promises are looked after on their day; a breach needs notice, hearing, evidence and two persons."""

import uuid
from datetime import date, timedelta

import pytest
from tests.commitments.promising import SHOP, Promising, paper
from tests.intake.intake_rows import SHOP_NAME
from tests.world import MARKET, table

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.commitments.actions import find_kept, open_follow_ups
from xinheng.commitments.models import Commitment, FollowUp
from xinheng.commitments.queries import Ratio, commitment_page, due_count, findings_of, follow_ups, ratio
from xinheng.effects.models import Effect
from xinheng.people.models import Message
from xinheng.proceedings.actions import confirm, move, propose
from xinheng.proceedings.models import Case, CaseDocument
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db


def test_each_type_is_looked_after_when_its_rule_says(county: Promising):
    licensing, material = county.sign(), county.sign("meter-filing")
    assert county.task(licensing).due_on == licensing.committed_on + timedelta(days=60)
    assert county.task(material).due_on == date(2026, 12, 20)
    assert "第五十三条" in county.task(material).basis


def test_paper_ones_get_their_task_by_the_daily_look_and_only_once(county: Promising):
    county.world.batch(table([paper()]), "commitment")
    assert open_follow_ups(now=county.now).opened == 1
    assert open_follow_ups(now=county.now).opened == 0
    assert FollowUp.objects.get().due_on == date(2027, 1, 9)


def test_on_the_day_the_department_is_told(county: Promising):
    county.sign("meter-filing")
    assert open_follow_ups(now=county.now).told == 0
    county.later(29)
    assert open_follow_ups(now=county.now).told == 1
    assert Message.objects.get(department=county.officer().department).text == "今天有 1 份承诺应当检查。"
    assert due_count(county.world.scope, until=county.now.date()) == 1
    assert len(follow_ups(county.world.scope, until=county.now.date())) == 1


def test_nothing_is_looked_after_that_was_withdrawn(county: Promising):
    county.world.batch(table([paper()]), "commitment")
    open_follow_ups(now=county.now)
    county.world.batch(table([paper(数据操作="撤回", 撤回原因="登记有误")]), "commitment")
    assert open_follow_ups(now=county.now).needless == 1
    assert FollowUp.objects.get().outcome == "needless"


def test_a_kept_promise_is_recorded_and_public_with_it(county: Promising):
    made = county.sign()
    find_kept(follow_up=county.task(made).pk, found="现场核查，与承诺一致", by=county.officer(), now=county.now)
    (found,) = findings_of(county.world.scope, made.number)
    assert (found.status, found.unperformed, found.by) == ("全部履行", "", "云屿县市场监督管理局")
    (shown,) = county.public("fulfilment")
    assert shown.last_day == date(2027, 11, 20)
    with pytest.raises(Conflict):
        find_kept(follow_up=county.task(made).pk, found="再来一次", by=county.officer(), now=county.now)


def test_the_finding_on_a_promise_that_is_not_public_is_not_public(county: Promising):
    made = county.sign("meter-filing")
    find_kept(follow_up=county.task(made).pk, found="已补齐", by=county.officer(), now=county.now)
    assert findings_of(county.world.scope, made.number)[0].status == "全部履行"
    assert county.public("fulfilment") == ()


def test_a_breach_is_found_after_notice_and_hearing_by_two_persons(county: Promising):
    made = county.sign()
    case = county.open_breach(made.record_no)
    assert case.state == "noticed"
    assert county.task(made).outcome == "doubted"
    assert Message.objects.filter(credit_code=SHOP, text__contains="请按告知书说明").exists()
    stated = {"status": "broken", "unperformed": "没有冷藏设备", "liability": "记入信用记录", "reason": "两次检查"}
    with pytest.raises(Conflict):
        propose(case=case.pk, event="determine", stated=stated, by=county.officer("lin.xinyu"), now=county.now)
    county.answer(case)
    with pytest.raises(Refused, match="两人"):
        move(case=case.pk, event="determine", stated=stated, by=county.officer("lin.xinyu"), now=county.now)
    made_proposal = propose(
        case=case.pk, event="determine", stated=stated, by=county.officer("lin.xinyu"), now=county.now
    )
    with pytest.raises(Refused, match="不同的人"):
        confirm(proposal=made_proposal.pk, by=county.officer("lin.xinyu"), now=county.now)
    assert findings_of(county.world.scope, made.number) == ()
    confirm(proposal=made_proposal.pk, by=county.officer("zhou.ming"), now=county.now)
    (found,) = findings_of(county.world.scope, made.number)
    assert (found.status, found.unperformed, found.document_no) == ("全部未履行", "没有冷藏设备", case.number)


def test_notice_and_finding_tell_what_was_found(county: Promising):
    case = county.open_breach(county.sign().record_no)
    county.answer(case)
    county.determine(case, "partly")
    notice, finding = ("".join(one.paragraphs) for one in CaseDocument.objects.filter(case=case).order_by("pk"))
    assert "12月3日现场检查，没有冷藏设备" in notice
    assert "与承诺的条件不符" in notice
    assert "12月3日现场检查，没有冷藏设备" in finding
    assert "部分履行" in finding


def test_what_follows_is_what_the_letter_says_and_no_more(county: Promising):
    made = county.sign()
    case = county.open_breach(made.record_no)
    county.answer(case)
    county.determine(case)
    assert [dict(one.fields)["认定文书号"] for one in county.public("fulfilment")] == [case.number]
    assert Commitment.objects.get().end_reason == "breached"
    assert county.public() == ()
    assert {one.kind for one in Effect.objects.all()} == {"publication"}


def test_a_letter_that_says_nothing_of_publication_is_not_published_when_broken(county: Promising):
    made = county.sign("honest-price")
    case = county.open_breach(made.record_no)
    county.answer(case)
    county.determine(case)
    assert findings_of(county.world.scope, made.number)[0].status == "全部未履行"
    assert county.public("fulfilment") == ()
    assert Commitment.objects.get().ended_at is None
    assert len(county.public()) == 1


def test_a_paper_one_has_no_letter_here_and_its_breach_is_only_recorded(county: Promising):
    county.world.batch(table([paper()]), "commitment")
    open_follow_ups(now=county.now)
    case = county.open_breach(Record.objects.get(type="commitment").record_no)
    county.answer(case)
    county.determine(case, "partly")
    assert findings_of(county.world.scope, "99000120261110000077")[0].status == "部分履行"
    assert county.public("fulfilment") == ()


def test_silence_does_not_stop_the_course(county: Promising):
    case = county.open_breach(county.sign().record_no)
    move(case=case.pk, event="answer_over", stated={}, by=None, now=county.now)
    county.determine(case, "partly")
    assert Case.objects.get(pk=case.pk).state == "determined"
    assert Commitment.objects.get().ended_at is None, "a part was kept"


def test_a_doubt_that_was_cleared_leaves_no_finding(county: Promising):
    made = county.sign()
    case = county.open_breach(made.record_no)
    county.answer(case)
    move(case=case.pk, event="clear", stated={"reason": "设备已装好"}, by=county.officer(), now=county.now)
    assert findings_of(county.world.scope, made.number) == ()


def test_the_same_form_opens_one_case_and_one_case_runs_at_a_time(county: Promising):
    made, entry = county.sign(), uuid.uuid4()
    assert county.open_breach(made.record_no, entry) == county.open_breach(made.record_no, entry)
    with pytest.raises(Conflict):
        county.open_breach(made.record_no)


def test_findings_are_a_history(county: Promising):
    made = county.sign("honest-price")
    find_kept(follow_up=county.task(made).pk, found="抽查十种商品，都标价", by=county.officer(), now=county.now)
    county.later(30)
    case = county.open_breach(made.record_no)
    county.answer(case)
    county.determine(case, "partly")
    assert [one.status for one in findings_of(county.world.scope, made.number)] == ["部分履行", "全部履行"]
    page = commitment_page(county.world.scope, made.pk, as_at=county.now.date())
    assert page.line.fulfilment == "部分履行"
    found = ratio(county.world.scope)
    assert (found.commitments, found.findings, found.organisations, found.percent) == (1, 2, 1, "300.0%")
    assert ratio(Scope(region="990002")) == Ratio(0, 0, 0)


def test_who_has_no_part_in_it_finds_no_commitment_to_doubt(county: Promising):
    made = county.sign("honest-price")
    with pytest.raises(NotFound):
        county.open_breach(made.record_no, by="gu.anlan")


def test_a_breach_concerns_a_commitment_and_nothing_else(county: Promising):
    made = county.sign()
    find_kept(follow_up=county.task(made).pk, found="一致", by=county.officer(), now=county.now)
    with pytest.raises(Refused, match="不是信用承诺"):
        county.open_breach(Record.objects.get(type="fulfilment").record_no)


def test_every_step_is_in_the_log_by_number_and_never_in_words(county: Promising):
    made = county.sign()
    find_kept(follow_up=county.task(made).pk, found="现场核查，与承诺一致", by=county.officer(), now=county.now)
    told = AuditEvent.objects.filter(object_type="commitment")
    assert {one.act for one in told} == {"commitment.sign", "commitment.kept"}
    assert "现场核查" not in repr([one.detail for one in told])


@pytest.mark.parametrize(
    ("status", "found_by", "public"),
    [
        ("全部履行", "检查", True),
        ("全部履行", "", True),
        ("部分履行", "", False),
        ("全部未履行", "检查", False),
        ("全部未履行", "告知后认定不公示", False),
        ("全部未履行", "告知后认定并公示", True),
    ],
)
def test_a_breach_that_comes_as_a_file_is_public_only_if_it_says_it_was_found_after_notice(
    county: Promising, status: str, found_by: str, public: bool
):
    broken = "" if status == "全部履行" else "没有冷藏设备"
    row = {
        "承诺编码": "99000120261110000077", "承诺人名称": SHOP_NAME, "承诺人类别": "法人及非法人组织",
        "承诺人代码": SHOP, "承诺履行状态": status, "未履行的承诺内容": broken, "违诺责任追究内容": broken,
        "认定程序": found_by, "认定文书号": broken and "云市监认〔2026〕1号", "承诺履行状态认定日期": "2026/11/20",
        "承诺履行状态认定单位": MARKET.name, "承诺履行状态认定单位代码": MARKET.code, "公开类型": "可向社会公开",
        "备注": "",
    }  # fmt: skip
    batch = county.world.batch(table([row]), "fulfilment")
    assert batch.accepted == 1
    assert bool(county.public("fulfilment")) is public
